"""One transaction's places."""

from sqlalchemy import BigInteger, ScalarSelect, Table, bindparam, cast, func, select

from summit_chassis.database import Transaction
from summit_chassis.editions import HeardEditions
from summit_contracts.fact import Fact
from summit_scheduling.domain.ports import Census
from summit_scheduling.domain.progress import Status
from summit_scheduling.store.availabilities import SqlAvailabilities
from summit_scheduling.store.bilaterals import SqlBilaterals
from summit_scheduling.store.marks import WRITTEN_BY
from summit_scheduling.store.rulings import SqlRulings
from summit_scheduling.store.tables import availabilities, bilaterals, editions, rulings, timetables
from summit_scheduling.store.timetables import SqlSolves, SqlTimetables

_MADE_OF = (editions, bilaterals, availabilities, rulings, timetables)


def _written(table: Table) -> ScalarSelect[str]:
    """How many rows an edition has, and the sum of the transactions that wrote them: none is ever deleted, so they only rise."""
    transactions = func.sum(cast(WRITTEN_BY, BigInteger))
    asked = select(func.concat(func.count(), ":", transactions)).select_from(table)
    return asked.where(table.c.edition_id == bindparam("edition_id")).scalar_subquery()


_MARK = select(func.concat_ws("/", *map(_written, _MADE_OF)))


class SqlUnit:
    """Scheduling's repositories within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.editions = HeardEditions(transaction.connection, editions)
        self.bilaterals = SqlBilaterals(transaction.connection)
        self.availabilities = SqlAvailabilities(transaction.connection)
        self.timetables = SqlTimetables(transaction.connection)
        self.solves = SqlSolves(transaction.connection)
        self.rulings = SqlRulings(transaction.connection)

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        self._transaction.stage(*facts)

    async def mark(self, edition_id: str) -> str:
        """Another one than before, whenever anything changed that the edition's timetables are made of."""
        found = await self._transaction.connection.execute(_MARK, {"edition_id": edition_id})
        return str(found.scalar_one())

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        connection = self._transaction.connection
        statuses = (
            select(bilaterals.c.status, func.count())
            .where(bilaterals.c.edition_id == edition_id)
            .group_by(bilaterals.c.status)
        )
        numbers = select(func.count()).select_from(timetables).where(timetables.c.edition_id == edition_id)
        return Census(
            by_status={Status(row[0]): row[1] for row in await connection.execute(statuses)},
            timetables=(await connection.execute(numbers)).scalar_one(),
        )
