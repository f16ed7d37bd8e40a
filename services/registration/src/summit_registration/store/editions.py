"""Editions as rows: the last revision of each."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.editions import Edition
from summit_registration.domain.ports import Published
from summit_registration.store.tables import editions


class SqlEditions:
    """The editions that were published."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, edition_id: str) -> Published | None:
        """The edition in its last revision, or none."""
        return await self._one(select(editions).where(editions.c.edition_id == edition_id))

    async def hold(self, edition_id: str) -> Published | None:
        """The same, for a change; the name of an edition that is not there yet is held, too."""
        query = select(editions).where(editions.c.edition_id == edition_id).with_for_update()
        found = await self._one(query)
        if (
            found is None
        ):  # there is no row to lock, and two who publish it at once must not both be the first
            name = func.hashtextextended(f"edition/{edition_id}", 0)
            await self._connection.execute(select(func.pg_advisory_xact_lock(name)))
            found = await self._one(query)
        return found

    async def _one(self, query: Select[tuple[object, ...]]) -> Published | None:
        row = (await self._connection.execute(query)).one_or_none()
        return Published(Edition.model_validate(row.edition), row.revision) if row else None

    async def save(self, published: Published) -> None:
        """This revision is the last one."""
        values = {
            "edition_id": published.edition.edition_id,
            "revision": published.revision,
            "edition": published.edition.model_dump(mode="json"),
        }
        await self._connection.execute(
            insert(editions).values(values).on_conflict_do_update(index_elements=["edition_id"], set_=values)
        )

    async def ids(self) -> Sequence[str]:
        """The names of all editions, in order."""
        return (
            (await self._connection.execute(select(editions.c.edition_id).order_by(editions.c.edition_id)))
            .scalars()
            .all()
        )
