"""Editions as registration published them last; each is read once per transaction."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.editions import Edition
from summit_pledges.store.tables import editions


class SqlEditions:
    """The editions pledges has heard of."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._read: dict[str, Edition] = {}

    async def get(self, edition_id: str) -> Edition | None:
        """The edition, or none."""
        if edition_id not in self._read:
            query = select(editions.c.edition).where(editions.c.edition_id == edition_id)
            found = (await self._connection.execute(query)).scalar_one_or_none()
            if found is None:
                return None
            self._read[edition_id] = Edition.model_validate(found)
        return self._read[edition_id]

    async def save(self, edition: Edition, revision: int) -> None:
        """It is as given, unless a higher revision is known already."""
        values = {
            "edition_id": edition.edition_id,
            "revision": revision,
            "edition": edition.model_dump(mode="json"),
        }
        await self._connection.execute(
            insert(editions)
            .values(values)
            .on_conflict_do_update(
                index_elements=["edition_id"], set_=values, where=editions.c.revision < revision
            )
        )
        self._read.pop(edition.edition_id, None)
