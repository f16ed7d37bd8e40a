"""Accreditation in stages: the focal point names, the Police Division clears, security lets in (A6).

What is held or cleared is the secretariat's own affair and no public fact; letting in and refusing are.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from summit_contracts.registration import RefusalReason
from summit_registration.domain.delegation import Change, Delegation
from summit_registration.domain.errors.delegations import (
    DecidedAlready,
    PersonChanged,
    ReasonMissing,
    StageChanged,
)
from summit_registration.domain.people import Member, ReviewStage


class Decision(StrEnum):
    """What the secretariat decides about a nomination."""

    CLEAR = "clear"
    """The Police Division has no objection; the final decision is asked for."""
    HOLD = "hold"
    """Not before something is known."""
    RELEASE = "release"
    """It is known: the nomination waits where it was held."""
    ACCREDIT = "accredit"
    REFUSE = "refuse"


_AGREED: Final = {Decision.CLEAR: ReviewStage.SECURITY, Decision.ACCREDIT: ReviewStage.ACCREDITED}
"""Where somebody else's decision has put what this one would put there too."""


def decided(
    delegation: Delegation,
    member_id: str,
    decision: Decision,
    *,
    seen_since: datetime | None,
    reason: RefusalReason | None,
    note: str | None,
    seen_stage: ReviewStage | None = None,
) -> Change:
    """The nomination stands where the decision puts it; nothing happens where it stood there.

    `seen_since` and `seen_stage` are `waits_since` and `stage` of what the decision was made on; none means whatever stands there.

    Raises:
        NotRegistered, MemberUnknown: there is no such place.
        PersonChanged: somebody else was named for it since.
        StageChanged: somebody else decided otherwise about it since.
        DecidedAlready: it does not wait any more.
        ReasonMissing: a hold without note, a refusal without reason.
    """
    delegation.check_registered()
    member = delegation.member(member_id)
    if seen_since is not None and member.waits_since != seen_since:
        raise PersonChanged(member_id)
    if _stands(member, decision, reason=reason, note=note):
        return Change(delegation)
    if seen_stage is not None and member.stage not in (seen_stage, _AGREED.get(decision)):
        raise StageChanged(member_id, member.stage)
    match decision:
        case Decision.ACCREDIT:
            return delegation.accredit(member_id)
        case Decision.REFUSE:
            if reason is None:
                raise ReasonMissing("reason")
            return delegation.refuse(member_id, reason)
    if member.accreditation != "pending":
        raise DecidedAlready(member_id, member.accreditation)
    match decision:
        case Decision.CLEAR:
            return delegation.judged(replace(member, is_cleared=True, held_for=None))
        case Decision.RELEASE:
            return delegation.judged(replace(member, held_for=None))
        case Decision.HOLD:
            if not note:
                raise ReasonMissing("note")
            return delegation.judged(replace(member, held_for=note))


def _stands(member: Member, decision: Decision, *, reason: RefusalReason | None, note: str | None) -> bool:
    """Whether a refusal for this reason, a hold with this note or a release has put it there before."""
    match decision:
        case Decision.REFUSE:
            return reason is not None and member.refused_for == reason
        case Decision.HOLD:
            return bool(note) and member.held_for == note
        case Decision.RELEASE:
            return member.accreditation == "pending" and member.held_for is None
        case _:
            return False
