"""The secretariat's queue: what waits to be accredited and for how long, and decisions on many at once."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from summit_chassis.answers import Answer, Body, Listing, listing
from summit_contracts.errors import Refusal
from summit_contracts.registration import RefusalReason
from summit_contracts.values import EditionId, Function, Instant, InviteeCode, Key, LongText, Rank
from summit_registration.domain.people import Person, ReviewStage
from summit_registration.domain.ports import Nomination
from summit_registration.domain.review import Decision
from summit_registration.handlers import queries
from summit_registration.handlers.review_nomination import ReviewNomination, review_nomination
from summit_registration.http.doors import Accreditor, DoorTo

router = APIRouter(prefix="/editions/{edition_id}/nominations", tags=["accreditation"])


class NominationAnswer(Answer):
    """Somebody who was named for a place, as the secretariat sees it."""

    invitee: str
    member_id: str
    person: Person
    function: Function
    rank: Rank
    stage: ReviewStage
    """Send it back as `seen_stage`: what somebody else decided meanwhile is not decided over."""
    waits_since: datetime
    """Send it back as `seen_since`: a decision on somebody who was replaced meanwhile is refused."""
    waits_seconds: int
    """How long that is until now."""
    held_for: str | None
    refused_for: RefusalReason | None

    @classmethod
    def at(cls, now: datetime, nomination: Nomination) -> "NominationAnswer":
        """The nomination and its age."""
        member = nomination.member
        named = ("member_id", "person", "function", "rank", "stage", "waits_since", "held_for", "refused_for")
        age = int((now - member.waits_since).total_seconds())
        return cls(
            invitee=nomination.invitee,
            waits_seconds=max(age, 0),
            **{name: getattr(member, name) for name in named},
        )


class DecidedPlace(Body):
    """Which nomination, as it was seen."""

    invitee: InviteeCode
    member_id: Key
    seen_since: Instant | None = None
    seen_stage: ReviewStage | None = None


class DecisionsBody(Body):
    """One decision about one nomination or many."""

    decision: Decision
    places: Annotated[tuple[DecidedPlace, ...], Field(min_length=1, max_length=200)]
    reason: RefusalReason | None = None
    """Why somebody is refused; the delegation is told."""
    note: LongText | None = None
    """Why somebody is held; for the secretariat alone."""


class DecidedAnswer(Answer):
    """What came of the decision about one of them."""

    invitee: str
    member_id: str
    is_done: bool
    slug: str | None = None
    """Of the refusal, where it was not done."""
    detail: str | None = None
    remedy: str | None = None


@router.get("")
async def list_nominations(
    edition_id: EditionId,
    door: DoorTo,
    _: Accreditor,
    stage: ReviewStage = ReviewStage.POLICE_DIVISION,
    cursor: Key | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[NominationAnswer]:
    """Who stands at this stage, and since when."""
    now = door.now()
    async with door.begin() as unit:
        page = await queries.nominations(edition_id, unit=unit, stage=stage, after=cursor, limit=limit)
    return listing(page, lambda one: NominationAnswer.at(now, one))


@router.get("/stages")
async def count_stages(edition_id: EditionId, door: DoorTo, _: Accreditor) -> dict[ReviewStage, int]:
    """How many stand at each stage."""
    async with door.begin() as unit:
        return dict(await queries.stages(edition_id, unit=unit))


@router.post("/decisions")
async def decide(
    edition_id: EditionId, body: DecisionsBody, door: DoorTo, caller: Accreditor
) -> list[DecidedAnswer]:
    """Each is decided by itself: one that cannot be does not keep back the others."""
    answers = []
    for place in body.places:
        command = ReviewNomination(
            by=caller.account,
            edition_id=edition_id,
            invitee=place.invitee,
            member_id=place.member_id,
            decision=body.decision,
            seen_since=place.seen_since,
            seen_stage=place.seen_stage,
            reason=body.reason,
            note=body.note,
        )
        named = {"invitee": place.invitee, "member_id": place.member_id}
        try:
            async with door.begin() as unit:
                await review_nomination(command, unit=unit, now=door.now())
        except Refusal as refusal:
            told = {"slug": refusal.slug, "detail": refusal.detail, "remedy": refusal.remedy}
            answers.append(DecidedAnswer(is_done=False, **named, **told))
        else:
            answers.append(DecidedAnswer(is_done=True, **named))
    return answers
