"""Editions as a service has heard of them from registration: what every service needs and only registration owns."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.editions import Edition


def table(metadata: MetaData) -> Table:
    """Adds the editions to a service's own tables, so that its migrations hold them."""
    return Table(
        "editions",
        metadata,
        Column("edition_id", Text, primary_key=True),
        Column("revision", Integer, nullable=False),
        Column("edition", JSONB, nullable=False),
    )


class HeardEditions:
    """The editions a service has heard of; each is read once per transaction."""

    def __init__(self, connection: AsyncConnection, editions: Table) -> None:
        self._connection = connection
        self._editions = editions
        self._read: dict[str, Edition] = {}

    async def get(self, edition_id: str) -> Edition | None:
        """The edition, or none."""
        if edition_id not in self._read:
            query = select(self._editions.c.edition).where(self._editions.c.edition_id == edition_id)
            found = (await self._connection.execute(query)).scalar_one_or_none()
            if found is None:
                return None
            self._read[edition_id] = Edition.model_validate(found)
        return self._read[edition_id]

    async def hold(self, edition_id: str) -> Edition | None:
        """The same; until the transaction ends, nobody else holds it."""
        query = select(self._editions.c.edition_id).where(self._editions.c.edition_id == edition_id)
        held = (await self._connection.execute(query.with_for_update())).scalar_one_or_none()
        return await self.get(edition_id) if held else None

    async def save(self, edition: Edition, revision: int) -> None:
        """It is as given, unless a higher revision is known already."""
        values = {
            "edition_id": edition.edition_id,
            "revision": revision,
            "edition": edition.model_dump(mode="json"),
        }
        statement = insert(self._editions).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["edition_id"], set_=values, where=self._editions.c.revision < revision
            )
        )
        self._read.pop(edition.edition_id, None)
