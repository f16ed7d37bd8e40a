"""The secretariat's desk for the timetable: rulings, what-ifs, versions, why not, and how fair it all is."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.http import Created, etag, revision_named
from summit_contracts.values import EditionId, Key
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers import queries
from summit_scheduling.handlers.explain_bilateral import circumstances, explain_bilateral
from summit_scheduling.handlers.roll_back_timetable import RollBackTimetable, roll_back_timetable
from summit_scheduling.handlers.rule_timetable import RuleTimetable, rule_timetable
from summit_scheduling.handlers.try_what_if import TryWhatIf, difference_of, drop_what_if, try_what_if
from summit_scheduling.http.doors import Counter, DoorTo, Scheduler
from summit_scheduling.http.ruling_schemas import (
    DifferenceAnswer,
    RulingsAnswer,
    RulingsBody,
    ShareAnswer,
    VersionAnswer,
    WhatIfBody,
    WhyNotAnswer,
)
from summit_scheduling.http.schemas import SolveAnswer, TimetableAnswer
from summit_scheduling.http.timetable_routes import Number

router = APIRouter(prefix="/editions/{edition_id}", tags=["desk"])


@router.get("/rulings")
async def show_rulings(
    response: Response, edition_id: EditionId, door: DoorTo, _: Scheduler
) -> RulingsAnswer:
    """What the secretariat rules: closed rooms, late arrivals, moved plenaries, vetoes, pins, weights."""
    async with door.begin() as unit:
        rulings = await queries.rulings(edition_id, unit=unit)
    response.headers["etag"] = etag(rulings.revision)
    return RulingsAnswer.of(rulings)


@router.put("/rulings")
async def rule(
    request: Request,
    response: Response,
    edition_id: EditionId,
    body: RulingsBody,
    door: DoorTo,
    caller: Scheduler,
) -> RulingsAnswer:
    """These rulings, and no others, are in force; the next timetable follows them. Needs If-Match."""
    command = RuleTimetable(
        by=caller.account,
        edition_id=edition_id,
        rulings=body.rulings(edition_id),
        expected_revision=revision_named(request),
    )
    rulings = await door.change(lambda unit: rule_timetable(command, unit=unit, now=door.now()))
    response.headers["etag"] = etag(rulings.revision)
    return RulingsAnswer.of(rulings)


@router.post("/what-ifs", status_code=202, response_model=SolveAnswer)
async def ask_what_if(
    request: Request, edition_id: EditionId, body: WhatIfBody, door: DoorTo, caller: Scheduler
) -> Response:
    """What would the timetable be under these rulings? Nothing holds and nobody hears of it until it is committed.

    Needs If-Match: the ETag of the rulings in force that these were changed from.
    """
    command = TryWhatIf(
        by=caller.account,
        edition_id=edition_id,
        solve_id=door.new_id(),
        seconds=body.seconds,
        seed=body.seed,
        kind=body.kind,
        rulings=body.rulings.rulings(edition_id),
        expected_revision=revision_named(request),
    )

    async def make(unit: Unit) -> Created:
        solve = await try_what_if(command, unit=unit, now=door.now())
        return Created(SolveAnswer.of(solve), f"/editions/{edition_id}/solves/{solve.solve_id}", status=202)

    return await door.create(request, caller, make)


@router.get("/what-ifs")
async def list_what_ifs(edition_id: EditionId, door: DoorTo, _: Scheduler) -> list[SolveAnswer]:
    """What is being tried, or was committed, the newest first."""
    async with door.begin() as unit:
        return [SolveAnswer.of(one) for one in await queries.solves(edition_id, unit=unit, what_ifs=True)]


@router.delete("/what-ifs/{solve_id}", status_code=204)
async def drop(edition_id: EditionId, solve_id: Key, door: DoorTo, _: Scheduler) -> None:
    """The what-if is dropped, and leaves no trace."""
    location = f"/editions/{edition_id}/solves/{solve_id}"
    await door.remove(location, lambda unit: drop_what_if(edition_id, solve_id, unit=unit))


@router.get("/solves/{solve_id}/difference")
async def show_what_would_change(
    edition_id: EditionId, solve_id: Key, door: DoorTo, _: Scheduler
) -> DifferenceAnswer:
    """What would change if this solve, a what-if or another, were published now."""
    async with door.begin() as unit:
        return DifferenceAnswer.of(await difference_of(edition_id, solve_id, unit=unit, now=door.now()))


@router.get("/timetables")
async def list_timetables(edition_id: EditionId, door: DoorTo, _: Counter) -> list[VersionAnswer]:
    """The latest 50 timetables, the newest first, with their names."""
    async with door.begin() as unit:
        found = await queries.timetables(edition_id, unit=unit)
    return [
        VersionAnswer(
            number=one.number,
            name=one.name,
            cause=one.cause,
            like=one.like,
            published_at=one.published_at,
            placed=len(one.placements),
            unplaced=len(one.unplaced),
        )
        for one in found
    ]


@router.get("/timetables/{number}/difference")
async def show_difference(
    edition_id: EditionId,
    number: Number,
    since: Annotated[int, Query(ge=1, le=2**31 - 1)],
    door: DoorTo,
    _: Counter,
) -> DifferenceAnswer:
    """What changed from the timetable `since` to this one, which may be the earlier of the two."""
    async with door.begin() as unit:
        return DifferenceAnswer.of(await queries.difference(edition_id, number, since, unit=unit))


@router.post("/timetables/{number}/roll-back", status_code=201, response_model=TimetableAnswer)
async def roll_back(
    request: Request, edition_id: EditionId, number: Number, door: DoorTo, caller: Scheduler
) -> Response:
    """The timetable of this number holds again, as far as it can, under a new number."""
    command = RollBackTimetable(by=caller.account, edition_id=edition_id, number=number)

    async def make(unit: Unit) -> Created:
        timetable = await roll_back_timetable(command, unit=unit, now=door.now())
        location = f"/editions/{edition_id}/timetables/{timetable.number}"
        return Created(TimetableAnswer.of(timetable), location)

    return await door.create(request, caller, make)


@router.get("/bilaterals/{bilateral_id}/why-not")
async def explain(
    request: Request,
    edition_id: EditionId,
    bilateral_id: Key,
    door: DoorTo,
    _: Scheduler,
    seconds: Annotated[int, Query(ge=1, le=60)] = 20,
) -> WhyNotAnswer:
    """A smallest set of rules that keeps the meeting from a place, and ways out; all others keep a place, but may move.

    After so many seconds it answers with what it has found out by then.
    """
    async with door.begin() as unit:
        around = await circumstances(edition_id, bilateral_id, unit=unit, now=door.now())
    async with request.app.state.placers.placer(timedelta(seconds=seconds)) as placer:
        found = await explain_bilateral(around, bilateral_id, placer=placer)
    return WhyNotAnswer.of(found, around, bilateral_id)


@router.get("/fairness")
async def show_fairness(edition_id: EditionId, door: DoorTo, _: Counter) -> list[ShareAnswer]:
    """How much of what they had agreed delegations of little, middling and much demand got."""
    async with door.begin() as unit:
        return [ShareAnswer.of(one) for one in await queries.fairness(edition_id, unit=unit)]
