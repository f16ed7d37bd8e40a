"""Bilaterals and availability: asked about, answered, given up."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.answers import Listing, listing
from summit_chassis.http import etag, revision_named
from summit_chassis.identity import SECRETARIAT
from summit_contracts.values import EditionId, InviteeCode, Key
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.handlers import queries
from summit_scheduling.handlers.accept_bilateral import AcceptBilateral, accept_bilateral
from summit_scheduling.handlers.cancel_bilateral import CancelBilateral, cancel_bilateral
from summit_scheduling.handlers.counter_bilateral import CounterBilateral, counter_bilateral
from summit_scheduling.handlers.decline_bilateral import DeclineBilateral, decline_bilateral
from summit_scheduling.handlers.state_availability import StateAvailability, state_availability
from summit_scheduling.http.doors import Counter, DoorTo, SchedulerOrNominator, must_be_party
from summit_scheduling.http.schemas import (
    AcceptBody,
    AvailabilityAnswer,
    AvailabilityBody,
    BilateralAnswer,
    CancelBody,
    CounterBody,
    CountsAnswer,
    DeclineBody,
)

router = APIRouter(prefix="/editions/{edition_id}", tags=["bilaterals"])


@router.get("/bilaterals")
async def list_bilaterals(
    edition_id: EditionId,
    door: DoorTo,
    caller: SchedulerOrNominator,
    party: InviteeCode | None = None,
    cursor: Key | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[BilateralAnswer]:
    """Bilaterals in the order in which they were asked for; a nominator sees its own invitee's."""
    if not caller.is_any_of(SECRETARIAT):
        party = party or caller.invitee
        caller.must_act_for(edition_id, party or "")
    async with door.begin() as unit:
        page = await queries.bilaterals(edition_id, unit=unit, party=party, after=cursor, limit=limit)
    return listing(page, BilateralAnswer.of)


@router.get("/bilaterals/{bilateral_id}")
async def show_bilateral(
    response: Response, edition_id: EditionId, bilateral_id: Key, door: DoorTo, caller: SchedulerOrNominator
) -> BilateralAnswer:
    """One bilateral with the thread of what was proposed."""
    async with door.begin() as unit:
        bilateral = await queries.bilateral(edition_id, bilateral_id, unit=unit)
    must_be_party(caller, edition_id, bilateral_id, bilateral.parties)
    return _shown(response, bilateral)


@router.post("/bilaterals/{bilateral_id}/accept")
async def accept(
    request: Request,
    response: Response,
    edition_id: EditionId,
    bilateral_id: Key,
    body: AcceptBody,
    door: DoorTo,
    caller: SchedulerOrNominator,
) -> BilateralAnswer:
    """The party agrees to what is on the table."""
    caller.must_act_for(edition_id, body.invitee)
    command = AcceptBilateral(
        **_answer(request, edition_id, bilateral_id, caller.account), party=body.invitee
    )
    after = await door.change(lambda unit: accept_bilateral(command, unit=unit, now=door.now()))
    return _shown(response, after)


@router.post("/bilaterals/{bilateral_id}/decline")
async def decline(
    request: Request,
    response: Response,
    edition_id: EditionId,
    bilateral_id: Key,
    body: DeclineBody,
    door: DoorTo,
    caller: SchedulerOrNominator,
) -> BilateralAnswer:
    """The party does not wish to meet."""
    caller.must_act_for(edition_id, body.invitee)
    answer = _answer(request, edition_id, bilateral_id, caller.account)
    command = DeclineBilateral(**answer, party=body.invitee, reason=body.reason, note=body.note)
    after = await door.change(lambda unit: decline_bilateral(command, unit=unit, now=door.now()))
    return _shown(response, after)


@router.post("/bilaterals/{bilateral_id}/counter")
async def counter(
    request: Request,
    response: Response,
    edition_id: EditionId,
    bilateral_id: Key,
    body: CounterBody,
    door: DoorTo,
    caller: SchedulerOrNominator,
) -> BilateralAnswer:
    """The party proposes other terms; all others are to answer."""
    caller.must_act_for(edition_id, body.invitee)
    proposed = body.model_dump(exclude={"invitee"})
    command = CounterBilateral(
        **_answer(request, edition_id, bilateral_id, caller.account), party=body.invitee, **proposed
    )
    after = await door.change(lambda unit: counter_bilateral(command, unit=unit, now=door.now()))
    return _shown(response, after)


@router.post("/bilaterals/{bilateral_id}/cancel")
async def cancel(
    request: Request,
    response: Response,
    edition_id: EditionId,
    bilateral_id: Key,
    body: CancelBody,
    door: DoorTo,
    caller: SchedulerOrNominator,
) -> BilateralAnswer:
    """The meeting is given up by a party; where none is named, by the nominator's own, or by the secretariat."""
    party = body.invitee or (None if caller.is_any_of(SECRETARIAT) else caller.invitee)
    caller.must_act_for(edition_id, party or "")
    answer = _answer(request, edition_id, bilateral_id, caller.account)
    command = CancelBilateral(**answer, party=party, note=body.note)
    after = await door.change(lambda unit: cancel_bilateral(command, unit=unit, now=door.now()))
    return _shown(response, after)


@router.get("/availability/{invitee}")
async def show_availability(
    response: Response, edition_id: EditionId, invitee: InviteeCode, door: DoorTo, _: SchedulerOrNominator
) -> AvailabilityAnswer:
    """When and by whom the invitee can be met, as far as is known."""
    async with door.begin() as unit:
        availability = await queries.availability(edition_id, invitee, unit=unit)
    response.headers["etag"] = etag(availability.revision)
    return AvailabilityAnswer.of(availability)


@router.put("/availability/{invitee}")
async def state(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    body: AvailabilityBody,
    door: DoorTo,
    caller: SchedulerOrNominator,
) -> AvailabilityAnswer:
    """These stretches, and no others, are blocked; the next timetable respects it."""
    command = StateAvailability(
        by=caller.account,
        edition_id=edition_id,
        invitee=invitee,
        blocked=body.blocked,
        expected_revision=revision_named(request) if "if-match" in request.headers else None,
    )
    availability = await door.change(lambda unit: state_availability(command, unit=unit))
    response.headers["etag"] = etag(availability.revision)
    return AvailabilityAnswer.of(availability)


@router.get("/counts")
async def count(edition_id: EditionId, door: DoorTo, _: Counter) -> CountsAnswer:
    """What scheduling itself counts, for comparing with facts."""
    async with door.begin() as unit:
        return CountsAnswer.of(await queries.census(edition_id, unit=unit))


def _answer(request: Request, edition_id: str, bilateral_id: str, account: str) -> dict[str, object]:
    """What every answer says: who, to which bilateral, and, where If-Match says so, decided on which revision."""
    return {
        "by": account,
        "edition_id": edition_id,
        "bilateral_id": bilateral_id,
        "expected_revision": revision_named(request) if "if-match" in request.headers else None,
    }


def _shown(response: Response, bilateral: Bilateral) -> BilateralAnswer:
    response.headers["etag"] = etag(bilateral.revision)
    return BilateralAnswer.of(bilateral)
