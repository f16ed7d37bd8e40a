"""The secretariat decides about a nomination: clears it, holds it, takes it up again, lets the person in or refuses."""

from datetime import datetime

from summit_contracts.registration import RefusalReason
from summit_contracts.values import Instant, Key, LongText
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.people import ReviewStage
from summit_registration.domain.ports import Unit
from summit_registration.domain.review import Decision, decided
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened

_ACTIONS = {
    Decision.CLEAR: Action.DELEGATE_CLEARED,
    Decision.HOLD: Action.DELEGATE_HELD,
    Decision.RELEASE: Action.DELEGATE_RELEASED,
    Decision.ACCREDIT: Action.DELEGATE_ACCREDITED,
    Decision.REFUSE: Action.DELEGATE_REFUSED,
}


class ReviewNomination(DelegationCommand):
    """This was decided about one place of a delegation."""

    member_id: Key
    decision: Decision
    seen_since: Instant | None = None
    """`waits_since` of the nomination that was looked at; none means whatever stands there."""
    seen_stage: ReviewStage | None = None
    """Its `stage` then; none means whatever it is now."""
    reason: RefusalReason | None = None
    note: LongText | None = None
    """Why somebody is held; it stands with the nomination and nowhere else."""


async def review_nomination(command: ReviewNomination, *, unit: Unit, now: datetime) -> Delegation:
    """The nomination stands where the decision puts it, and the history says who put it there.

    Raises:
        EditionUnknown, NotInvited, NotRegistered, MemberUnknown: there is no such place.
        PersonChanged, StageChanged, DecidedAlready, ReasonMissing: it cannot be decided like this.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = decided(
        workspace.delegation,
        command.member_id,
        command.decision,
        seen_since=command.seen_since,
        seen_stage=command.seen_stage,
        reason=command.reason,
        note=command.note,
    )
    return await keep(
        change,
        command,
        _ACTIONS[command.decision],
        since=workspace,
        unit=unit,
        why=command.reason,
        subject=command.member_id,
    )
