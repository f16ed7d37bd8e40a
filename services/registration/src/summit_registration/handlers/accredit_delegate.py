"""The secretariat lets a member in."""

from datetime import datetime

from summit_contracts.values import Key
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class AccreditDelegate(DelegationCommand):
    """This member may enter."""

    member_id: Key


async def accredit_delegate(command: AccreditDelegate, *, unit: Unit, now: datetime) -> Delegation:
    """The member is accredited; nothing happens where that was so.

    Raises:
        EditionUnknown, NotInvited, NotRegistered, MemberUnknown: there is no such member.
        DelegationChanged: the delegation has been changed since.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = workspace.delegation.accredit(command.member_id)
    return await keep(
        change, command, Action.DELEGATE_ACCREDITED, since=workspace, unit=unit, subject=command.member_id
    )
