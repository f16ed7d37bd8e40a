"""What each fact changes in the read model."""

from datetime import datetime
from typing import Any

from summit_contracts import notifications, pledges, registration, scheduling
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_contracts.registration import DelegationState
from summit_portal.readmodel.kinds import (
    Adherence,
    KnownLetter,
    Meeting,
    Participation,
    Progress,
    PublicPledge,
    PublishedNeed,
    Timetable,
)
from summit_portal.readmodel.unit import ReadModelUnit

Pledge = (
    pledges.PledgeMade
    | pledges.PledgeAcknowledged
    | pledges.PledgeReturned
    | pledges.PledgeAccepted
    | pledges.PledgeAmended
    | pledges.PledgeWithdrawn
    | pledges.PledgeProgressReported
    | pledges.PledgeFulfilled
)
Bilateral = (
    scheduling.BilateralArranged
    | scheduling.BilateralAccepted
    | scheduling.BilateralDeclined
    | scheduling.BilateralCountered
    | scheduling.BilateralCancelled
    | scheduling.BilateralScheduled
    | scheduling.BilateralMoved
    | scheduling.BilateralUnplaced
)
READ_BEFORE = (registration.DeadlineExtended, registration.DelegateAccredited, registration.DelegateRefused)
"""Facts that change a part of what is known of a participation, and need the rest of it."""
Compact = pledges.CompactIntended | pledges.CompactAdhered | pledges.CompactWithdrawn


async def hear(envelope: Envelope[Fact], *, unit: ReadModelUnit) -> None:
    """The records that the fact speaks of are as it says."""
    match envelope.data:
        case registration.EditionPublished() as fact:
            await unit.editions.save(fact.edition, fact.revision)
        case registration.BilateralRequested() as fact:
            unit.change(
                Meeting,
                fact.edition_id,
                fact.bilateral_id,
                (fact.invitee, *fact.counterparts),
                bilateral_id=fact.bilateral_id,
                requester=fact.invitee,
                counterparts=fact.counterparts,
                wish=fact,
            )
        case scheduling.TimetablePublished() as fact:
            unit.change(Timetable, fact.edition_id, str(fact.number), (), published=fact)
        case pledges.NeedPublished() as fact:
            unit.change(PublishedNeed, fact.edition_id, fact.need_id, (), published=fact)
        case notifications.LetterSent() as fact:
            _letter(fact, envelope.time, unit, sent=fact, failed=None)
        case notifications.LetterFailed() as fact:
            _letter(fact, envelope.time, unit, failed=fact)
        case fact if isinstance(fact, Pledge):
            _pledge(fact, envelope.time, unit)
        case fact if isinstance(fact, Bilateral):
            _bilateral(fact, envelope.time, unit)
        case fact if isinstance(fact, Compact):
            _compact(fact, unit)
        case fact:
            await _participation(fact, unit)


async def _participation(fact: Fact, unit: ReadModelUnit) -> None:
    match fact:
        case registration.InvitationIssued():
            said: dict[str, Any] = fact.model_dump(exclude={"edition_id"}) | {"has_declined": False}
        case registration.InvitationDeclined():
            said = {"has_declined": True}
        case (
            registration.DelegationRegistered()
            | registration.DelegationConfirmed()
            | registration.DelegationAmended()
        ):
            said = {
                "kind": fact.kind,
                "state": fact.state,
                "language": fact.language,
                "members": fact.members,
            }
        case registration.DelegationWithdrawn():
            said = {"state": DelegationState.WITHDRAWN, "members": ()}
        case registration.DeadlineExtended():
            known = await unit.get(Participation, fact.edition_id, fact.invitee)
            said = {"extensions": {**(known.extensions if known else {}), fact.step: fact.until_at}}
        case registration.DelegateAccredited() | registration.DelegateRefused():
            known = await unit.get(Participation, fact.edition_id, fact.invitee)
            answer = "accredited" if isinstance(fact, registration.DelegateAccredited) else "refused"
            said = {
                "members": [
                    one.model_copy(update={"accreditation": answer})
                    if one.member_id == fact.member_id
                    else one
                    for one in (known.members if known else ())
                ]
            }
        case _:
            return
    invitee = str(fact.invitee)
    unit.change(Participation, fact.edition_id, invitee, (invitee,), **{**said, "invitee": invitee})


def _bilateral(fact: Bilateral, at: datetime, unit: ReadModelUnit) -> None:
    progress: dict[str, Any] = {
        "priority": fact.priority,
        "topic": fact.topic,
        "language": fact.language,
        "terms": fact.terms,
        "note": getattr(fact, "note", None),
        "by": getattr(fact, "by", None),
        "said_at": at,
    }
    match fact:
        case scheduling.BilateralArranged():
            progress |= {"state": "agreed"}
        case scheduling.BilateralAccepted():
            progress |= {"state": "awaiting" if fact.awaiting else "agreed", "awaiting": fact.awaiting}
        case scheduling.BilateralCountered():
            progress |= {"state": "awaiting", "awaiting": fact.awaiting}
        case scheduling.BilateralDeclined():
            progress |= {"state": "declined", "reason": fact.reason}
        case scheduling.BilateralCancelled():
            progress |= {"state": "cancelled", "reason": fact.reason}
        case scheduling.BilateralScheduled():
            progress |= {"state": "scheduled", "timetable": fact.timetable, "placement": fact.placement}
        case scheduling.BilateralMoved():
            progress |= {
                "state": "scheduled",
                "timetable": fact.timetable,
                "placement": fact.moved_to,
                "reason": fact.why,
            }
        case scheduling.BilateralUnplaced():
            progress |= {"state": "unplaced", "timetable": fact.timetable, "reason": fact.why}
    unit.change(
        Meeting,
        fact.edition_id,
        fact.bilateral_id,
        (fact.requester, *fact.counterparts),
        bilateral_id=fact.bilateral_id,
        requester=fact.requester,
        counterparts=fact.counterparts,
        progress=Progress.model_validate(progress),
    )


def _pledge(fact: Pledge, at: datetime, unit: ReadModelUnit) -> None:
    said: dict[str, Any] = {
        name: getattr(fact, name)
        for name in (
            "pledge_id",
            "pledger",
            "revision",
            "state",
            "made_at",
            "recorded_by",
            "promise",
            "held_back",
        )
    }
    match fact:
        case pledges.PledgeMade() | pledges.PledgeFulfilled():
            said |= {"self_report": fact.self_report, "evidence": fact.evidence}
        case pledges.PledgeReturned():
            said |= {"asks": fact.asks}
        case pledges.PledgeProgressReported():
            said |= {"self_report" if fact.report.side == "pledger" else "evidence": fact.report}
        case pledges.PledgeAccepted():
            said |= {"asks": ()}
    unit.change(PublicPledge, fact.edition_id, fact.pledge_id, (fact.pledger,), **said, said_at=at)


def _compact(fact: Compact, unit: ReadModelUnit) -> None:
    said: dict[str, Any] = {"compact": fact.compact, "adherent": fact.adherent}
    match fact:
        case pledges.CompactIntended():
            said |= {"state": "intended", "on": fact.notified_on}
        case pledges.CompactWithdrawn():
            said |= {"state": "withdrawn", "on": fact.withdrawn_on}
        case pledges.CompactAdhered():
            said |= {
                "state": "adhered",
                "on": fact.adhered_on,
                "text_version": fact.text_version,
                "instrument": fact.instrument,
                "reservation": fact.reservation,
                "reservation_language": fact.reservation_language,
            }
    unit.change(Adherence, fact.edition_id, f"{fact.compact}/{fact.adherent}", (fact.adherent,), **said)


def _letter(
    fact: notifications.LetterSent | notifications.LetterFailed,
    at: datetime,
    unit: ReadModelUnit,
    **said: Any,
) -> None:
    unit.change(KnownLetter, fact.edition_id, fact.letter_id, (fact.invitee,), **said, said_at=at)
