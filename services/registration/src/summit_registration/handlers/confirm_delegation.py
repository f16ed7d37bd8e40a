"""A nominated delegation is confirmed."""

from datetime import datetime

from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class ConfirmDelegation(DelegationCommand):
    """The members are final but for amendments."""


async def confirm_delegation(command: ConfirmDelegation, *, unit: Unit, now: datetime) -> Delegation:
    """The delegation is confirmed; nothing happens where it was.

    Raises:
        EditionUnknown, NotInvited, NotRegistered, InvitationWasDeclined: there is nothing to confirm.
        DelegationChanged: it has been changed since.
        RegistrationClosed: the deadline has passed.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = workspace.delegation.confirm(terms=workspace.terms)
    return await keep(change, command, Action.DELEGATION_CONFIRMED, since=workspace, unit=unit)
