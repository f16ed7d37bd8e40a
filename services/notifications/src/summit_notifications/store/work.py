"""One transaction's places."""

from sqlalchemy import Column, func, select

from summit_chassis.database import Transaction
from summit_contracts.fact import Fact
from summit_notifications.domain.ports import Census
from summit_notifications.store.feeds import SqlFeeds
from summit_notifications.store.heard import SqlHeard
from summit_notifications.store.letters import SqlLetters, SqlPublications
from summit_notifications.store.tables import letters


class SqlUnit:
    """Repositories of notifications within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.heard = SqlHeard(transaction)
        self.publications = SqlPublications(transaction)
        self.feeds = SqlFeeds(transaction)
        self.letters = SqlLetters(transaction)

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        self._transaction.stage(*facts)

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        return Census(
            by_state=await self._counted(letters.c.state, edition_id),
            by_language=await self._counted(letters.c.language, edition_id, state="sent"),
            by_letter=await self._counted(letters.c.letter, edition_id),
        )

    async def _counted(self, by: Column[str], edition_id: str, state: str | None = None) -> dict[str, int]:
        query = select(by, func.count()).where(letters.c.edition_id == edition_id).group_by(by)
        if state is not None:
            query = query.where(letters.c.state == state)
        return {row[0]: row[1] for row in await self._transaction.connection.execute(query)}
