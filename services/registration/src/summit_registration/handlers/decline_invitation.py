"""An invitee answers that it sends nobody."""

from datetime import datetime

from summit_contracts.values import LongText
from summit_registration.domain.errors.invitations import DelegationStands
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import Invitation
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import InviteeCommand
from summit_registration.handlers.workspace import held


class DeclineInvitation(InviteeCommand):
    """This invitee will send no delegation."""

    reason: LongText | None = None


async def decline_invitation(command: DeclineInvitation, *, unit: Unit, now: datetime) -> Invitation:
    """The invitation is declined; nothing happens where it was.

    Raises:
        EditionUnknown, NotInvited: there is no invitation.
        DelegationStands: a delegation is registered, and has to be withdrawn first.
    """
    terms, delegation = await held(command.edition_id, command.invitee, unit=unit, now=now)
    if delegation.is_registered:
        raise DelegationStands(command.invitee)
    invitation, facts = terms.invitation.decline(command.reason)
    if not facts:
        return invitation
    await unit.invitations.save(invitation)
    unit.stage(*facts)
    await unit.history.append(
        Entry.on(invitation, Action.INVITATION_DECLINED, at=now, by=command.by, why=command.reason)
    )
    return invitation
