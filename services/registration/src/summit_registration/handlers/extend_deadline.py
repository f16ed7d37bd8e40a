"""One invitee gets more time for one step, and somebody answers for it."""

from datetime import datetime

from summit_contracts.registration import Step
from summit_contracts.values import Instant, LongText
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import Extension, Invitation
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import InviteeCommand
from summit_registration.handlers.workspace import held


class ExtendDeadline(InviteeCommand):
    """Give this invitee until then; `by` is who grants it."""

    step: Step
    until_at: Instant
    reason: LongText


async def extend_deadline(command: ExtendDeadline, *, unit: Unit, now: datetime) -> Invitation:
    """The step is open to this invitee until the new deadline.

    Raises:
        EditionUnknown, NotInvited, InvitationWasDeclined: there is nothing to extend.
        DeadlineNotExtended: it would be no more time, or none that is left.
    """
    terms, _ = await held(command.edition_id, command.invitee, unit=unit, now=now)
    extension = Extension(command.until_at, command.by, command.reason)
    invitation, facts = terms.invitation.extend(
        command.step, extension, deadlines=terms.edition.deadlines, now=now
    )
    await unit.invitations.save(invitation)
    unit.stage(*facts)
    entry = Entry.on(
        invitation,
        Action.DEADLINE_EXTENDED,
        at=now,
        by=command.by,
        why=command.reason,
        subject=command.step,
    )
    await unit.history.append(entry)
    return invitation
