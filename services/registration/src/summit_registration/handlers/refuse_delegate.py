"""The secretariat does not let a member in."""

from datetime import datetime

from summit_contracts.registration import RefusalReason
from summit_contracts.values import Key
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class RefuseDelegate(DelegationCommand):
    """This member may not enter."""

    member_id: Key
    reason: RefusalReason


async def refuse_delegate(command: RefuseDelegate, *, unit: Unit, now: datetime) -> Delegation:
    """The member is refused for this reason; nothing happens where that was so.

    Raises:
        EditionUnknown, NotInvited, NotRegistered, MemberUnknown: there is no such member.
        DelegationChanged: the delegation has been changed since.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = workspace.delegation.refuse(command.member_id, command.reason)
    return await keep(
        change,
        command,
        Action.DELEGATE_REFUSED,
        since=workspace,
        unit=unit,
        why=command.reason,
        subject=command.member_id,
    )
