"""One transaction's places."""

from sqlalchemy import Table, func, select

from summit_chassis.database import Transaction
from summit_contracts.fact import Fact
from summit_registration.domain.delegation import State
from summit_registration.domain.invitation import InvitationState
from summit_registration.domain.ports import Census
from summit_registration.store.delegations import SqlDelegations
from summit_registration.store.editions import SqlEditions
from summit_registration.store.history import SqlHistory
from summit_registration.store.invitations import SqlInvitations
from summit_registration.store.tables import delegations, invitations, members, wishes


class SqlUnit:
    """Registration's repositories within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.editions = SqlEditions(transaction.connection)
        self.invitations = SqlInvitations(transaction, self.editions)
        self.delegations = SqlDelegations(transaction)
        self.history = SqlHistory(transaction)

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        self._transaction.stage(*facts)

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        invited, registered = [
            await self._by_state(table, edition_id) for table in (invitations, delegations)
        ]
        return Census(
            invitations={InvitationState(state): count for state, count in invited.items()},
            delegations={State(state): count for state, count in registered.items()},
            members=await self._rows(members, edition_id),
            wishes=await self._rows(wishes, edition_id),
        )

    async def _by_state(self, table: Table, edition_id: str) -> dict[str, int]:
        query = (
            select(table.c.state, func.count())
            .where(table.c.edition_id == edition_id)
            .group_by(table.c.state)
        )
        return {row[0]: row[1] for row in await self._transaction.ask(query)}

    async def _rows(self, table: Table, edition_id: str) -> int:
        query = select(func.count()).select_from(table).where(table.c.edition_id == edition_id)
        return int((await self._transaction.ask(query)).scalar_one())
