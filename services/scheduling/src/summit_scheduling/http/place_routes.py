"""Places given by hand: which are free, for an agreed meeting or for parties who walk up to the desk, and who gets one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from summit_chassis.http import Created, revision_named
from summit_contracts.meetings import Days, Minutes, Needs, Size
from summit_contracts.scheduling import CancelReason, Placement
from summit_contracts.values import EditionId, Key, Rank
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.walkin import Parties, WalkIn
from summit_scheduling.handlers.arrange_bilateral import ArrangeBilateral, arrange_bilateral
from summit_scheduling.handlers.book_place import BookPlace, book_place
from summit_scheduling.handlers.free_places import Remembered, free_places, free_places_between
from summit_scheduling.handlers.release_place import ReleasePlace, release_place
from summit_scheduling.http.doors import DoorTo, Scheduler
from summit_scheduling.http.place_schemas import BookingBody, ReleaseBody, ReleasedAnswer, WalkInBody
from summit_scheduling.http.schemas import BilateralAnswer, TimetableAnswer

router = APIRouter(prefix="/editions/{edition_id}", tags=["desk"])

Limit = Annotated[int, Query(ge=1, le=100)]


async def _walk_in(
    party: Annotated[Parties, Query()],
    level: Rank = Rank.EXPERT,
    minutes: Annotated[Minutes | None, Query()] = None,
    size: Annotated[Size | None, Query()] = None,
    day: Annotated[Days, Query()] = (),
    needs: Annotated[Needs, Query()] = (),
) -> WalkIn:
    return WalkIn(parties=party, level=level, minutes=minutes, size=size, days=day, needs=needs)


@router.get("/bilaterals/{bilateral_id}/places")
async def list_free_places(
    request: Request,
    edition_id: EditionId,
    bilateral_id: Key,
    door: DoorTo,
    _: Scheduler,
    limit: Limit = 10,
) -> list[Placement]:
    """The next places an agreed meeting could have at once, everything else staying where it is."""
    remembered: Remembered = request.app.state.vacancies
    async with door.begin() as unit:
        found = await free_places(
            edition_id, bilateral_id, unit=unit, now=door.now(), limit=limit, remembered=remembered
        )
    return list(found)


@router.get("/places")
async def list_free_places_between(
    request: Request,
    edition_id: EditionId,
    walk_in: Annotated[WalkIn, Depends(_walk_in)],
    door: DoorTo,
    _: Scheduler,
    limit: Limit = 10,
) -> list[Placement]:
    """The next places that parties who have agreed to nothing yet could have at once, everything else staying where it is.

    Unless more is said: for one slot, at any level, for two people of each party, on any day for bilaterals.
    """
    remembered: Remembered = request.app.state.vacancies
    async with door.begin() as unit:
        found = await free_places_between(
            edition_id, walk_in, unit=unit, now=door.now(), limit=limit, remembered=remembered
        )
    return list(found)


@router.post("/walk-ins", status_code=201, response_model=BilateralAnswer)
async def arrange(
    request: Request, edition_id: EditionId, body: WalkInBody, door: DoorTo, caller: Scheduler
) -> Response:
    """The parties have agreed at the desk and meet there: a bilateral, and a new timetable that differs in it alone."""
    command = ArrangeBilateral(
        by=caller.account, edition_id=edition_id, bilateral_id=door.new_id(), **body.model_dump()
    )

    async def make(unit: Unit) -> Created:
        bilateral = await arrange_bilateral(command, unit=unit, now=door.now())
        location = f"/editions/{edition_id}/bilaterals/{bilateral.bilateral_id}"
        return Created(BilateralAnswer.of(bilateral), location, revision=bilateral.revision)

    return await door.create(request, caller, make)


@router.post("/bookings", status_code=201, response_model=TimetableAnswer)
async def book(
    request: Request, edition_id: EditionId, body: BookingBody, door: DoorTo, caller: Scheduler
) -> Response:
    """The meeting is held there from now on: a new timetable that differs in it alone."""
    command = BookPlace(by=caller.account, edition_id=edition_id, **body.model_dump())

    async def make(unit: Unit) -> Created:
        timetable = await book_place(command, unit=unit, now=door.now())
        location = f"/editions/{edition_id}/timetables/{timetable.number}"
        return Created(TimetableAnswer.of(timetable), location)

    return await door.create(request, caller, make)


@router.post("/bilaterals/{bilateral_id}/release")
async def release(
    request: Request,
    edition_id: EditionId,
    bilateral_id: Key,
    body: ReleaseBody,
    door: DoorTo,
    caller: Scheduler,
) -> ReleasedAnswer:
    """A party did not come, or the place is given back; the answer says who could have it at once."""
    command = ReleasePlace(
        by=caller.account,
        edition_id=edition_id,
        bilateral_id=bilateral_id,
        party=body.invitee,
        reason=CancelReason(body.reason),
        expected_revision=revision_named(request) if "if-match" in request.headers else None,
    )
    ended, offers = await door.change(lambda unit: release_place(command, unit=unit, now=door.now()))
    return ReleasedAnswer(
        bilateral=BilateralAnswer.of(ended), offers=[BilateralAnswer.of(one) for one in offers]
    )
