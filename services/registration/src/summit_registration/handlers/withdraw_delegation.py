"""A registered delegation will not come after all."""

from datetime import datetime

from summit_contracts.values import LongText
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class WithdrawDelegation(DelegationCommand):
    """Nobody of it comes."""

    reason: LongText | None = None


async def withdraw_delegation(command: WithdrawDelegation, *, unit: Unit, now: datetime) -> Delegation:
    """The delegation is withdrawn, its wishes are void, and letters go to the focal points only.

    Raises:
        EditionUnknown, NotInvited, NotRegistered: there is nothing to withdraw.
        DelegationChanged: it has been changed since.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = workspace.delegation.withdraw(command.reason, terms=workspace.terms)
    return await keep(
        change, command, Action.DELEGATION_WITHDRAWN, since=workspace, unit=unit, why=command.reason
    )
