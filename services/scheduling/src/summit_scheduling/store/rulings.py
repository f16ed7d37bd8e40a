"""Rulings as rows."""

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.store.tables import rulings

_RULINGS = TypeAdapter(Rulings)


class SqlRulings:
    """What the secretariat rules: one set per edition."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, edition_id: str) -> Rulings:
        """What is in force; an empty set before the first word."""
        query = select(rulings.c.rulings).where(rulings.c.edition_id == edition_id)
        found = (await self._connection.execute(query)).scalar_one_or_none()
        return _RULINGS.validate_python(found) if found else Rulings(edition_id=edition_id)

    async def hold(self, edition_id: str) -> Rulings:
        """The same, for a change; before the first word there is no row to lock, and its name is held."""
        name = func.hashtextextended(f"rulings/{edition_id}", 0)
        await self._connection.execute(select(func.pg_advisory_xact_lock(name)))
        return await self.get(edition_id)

    async def save(self, ruled: Rulings) -> None:
        """It is as given."""
        values = {"edition_id": ruled.edition_id, "rulings": _RULINGS.dump_python(ruled, mode="json")}
        statement = insert(rulings).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["edition_id"], set_=values)
        )
