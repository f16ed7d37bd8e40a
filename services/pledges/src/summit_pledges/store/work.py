"""One transaction's places."""

from sqlalchemy import ColumnElement, func, select

from summit_chassis.database import Transaction
from summit_chassis.editions import HeardEditions
from summit_contracts.fact import Fact
from summit_pledges.domain.compact import AdherenceStage
from summit_pledges.domain.history import Stage
from summit_pledges.domain.ports import Census
from summit_pledges.store.adherences import SqlAdherences
from summit_pledges.store.needs import SqlNeeds
from summit_pledges.store.pledges import SqlPledges
from summit_pledges.store.tables import adherences, editions, needs, pledges


class SqlUnit:
    """Pledges' repositories within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.editions = HeardEditions(transaction.connection, editions)
        self.pledges = SqlPledges(transaction.connection)
        self.needs = SqlNeeds(transaction.connection)
        self.adherences = SqlAdherences(transaction.connection)

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        self._transaction.stage(*facts)

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        connection = self._transaction.connection
        adhering = select(func.count()).where(
            adherences.c.edition_id == edition_id, adherences.c.stage == AdherenceStage.ADHERED.value
        )
        published = select(func.count()).where(needs.c.edition_id == edition_id)
        by_state = await self._published_by(pledges.c.stage, edition_id)
        return Census(
            needs=(await connection.execute(published)).scalar_one(),
            by_state={Stage(stage): count for stage, count in by_state.items()},
            by_category=await self._published_by(pledges.c.category, edition_id),
            adherences=(await connection.execute(adhering)).scalar_one(),
        )

    async def _published_by(self, column: ColumnElement[str], edition_id: str) -> dict[str, int]:
        query = (
            select(column, func.count())
            .where(pledges.c.edition_id == edition_id, pledges.c.published_at.is_not(None))
            .group_by(column)
            .order_by(column)
        )
        return {row[0]: row[1] for row in await self._transaction.connection.execute(query)}
