"""Editions as rows: the last revision of each."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis.editions import published
from summit_registration.domain.ports import Published
from summit_registration.store.tables import editions


class SqlEditions:
    """The editions that were published."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._rows: dict[str, str] = {}

    def note(self, edition_id: str, row: str) -> None:
        """The row of the edition was seen in this transaction; whoever gets the edition gets the one that stood there."""
        self._rows[edition_id] = row

    async def get(self, edition_id: str) -> Published | None:
        """The edition in its last revision, or none."""
        found = await published(self._connection, edition_id, row=self._rows.get(edition_id))
        return Published(found.edition, found.revision) if found else None

    async def hold(self, edition_id: str) -> Published | None:
        """The same, for a change; the name of an edition that is not there yet is held, too."""
        lock = select(editions.c.edition_id).where(editions.c.edition_id == edition_id).with_for_update()
        held = (await self._connection.execute(lock)).one_or_none()
        if held is None:  # there is no row to lock, and two who publish it at once must not both be the first
            name = func.hashtextextended(f"edition/{edition_id}", 0)
            await self._connection.execute(select(func.pg_advisory_xact_lock(name)))
            await self._connection.execute(lock)
        self._rows.pop(edition_id, None)
        return await self.get(edition_id)

    async def save(self, edition: Published) -> None:
        """This revision is the last one."""
        self._rows.pop(edition.edition.edition_id, None)
        values = {
            "edition_id": edition.edition.edition_id,
            "revision": edition.revision,
            "edition": edition.edition.model_dump(mode="json"),
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
