"""Solves and timetables: asked for, watched, published, read."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from summit_chassis.http import Created
from summit_contracts.values import EditionId, Key
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers import queries
from summit_scheduling.handlers.desk import grid
from summit_scheduling.handlers.publish_timetable import PublishTimetable, publish_timetable
from summit_scheduling.handlers.request_solve import RequestSolve, request_solve
from summit_scheduling.handlers.stop_solve import StopSolve, stop_solve
from summit_scheduling.http.doors import Counter, DoorTo, Scheduler
from summit_scheduling.http.ruling_schemas import NameBody
from summit_scheduling.http.schemas import (
    PlacementsAnswer,
    PlanFileAnswer,
    SlotAnswer,
    SolveAnswer,
    SolveBody,
    TimetableAnswer,
)

router = APIRouter(prefix="/editions/{edition_id}", tags=["timetables"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""Counts an edition's timetables from 1, as far as the database counts."""


@router.post("/solves", status_code=202, response_model=SolveAnswer)
async def ask_for_solve(
    request: Request, edition_id: EditionId, body: SolveBody, door: DoorTo, caller: Scheduler
) -> Response:
    """A worker solves what is agreed by now, anew or as a repair; the request survives whoever dies in between."""
    command = RequestSolve(
        by=caller.account, edition_id=edition_id, solve_id=door.new_id(), **body.model_dump()
    )

    async def make(unit: Unit) -> Created:
        solve = await request_solve(command, unit=unit, now=door.now())
        return Created(SolveAnswer.of(solve), f"/editions/{edition_id}/solves/{solve.solve_id}", status=202)

    return await door.create(request, caller, make)


@router.get("/solves")
async def list_solves(edition_id: EditionId, door: DoorTo, _: Scheduler) -> list[SolveAnswer]:
    """The latest solves, the newest first."""
    async with door.begin() as unit:
        return [SolveAnswer.of(solve) for solve in await queries.solves(edition_id, unit=unit)]


@router.get("/solves/{solve_id}")
async def show_solve(edition_id: EditionId, solve_id: Key, door: DoorTo, _: Scheduler) -> SolveAnswer:
    """How far the solve is: best plan, bound, seconds."""
    async with door.begin() as unit:
        return SolveAnswer.of(await queries.solve(edition_id, solve_id, unit=unit))


@router.post("/solves/{solve_id}/stop", status_code=202)
async def stop(edition_id: EditionId, solve_id: Key, door: DoorTo, caller: Scheduler) -> SolveAnswer:
    """The solve ends within seconds, and its best plan so far is kept; one that has ended stays as it is."""
    command = StopSolve(by=caller.account, edition_id=edition_id, solve_id=solve_id)
    return SolveAnswer.of(await door.change(lambda unit: stop_solve(command, unit=unit)))


@router.post("/solves/{solve_id}/publish", status_code=201, response_model=TimetableAnswer)
async def publish(
    request: Request,
    edition_id: EditionId,
    solve_id: Key,
    door: DoorTo,
    caller: Scheduler,
    body: NameBody | None = None,
) -> Response:
    """What was solved holds from now on, and everybody concerned is told."""
    name = body.name if body else None
    command = PublishTimetable(by=caller.account, edition_id=edition_id, solve_id=solve_id, name=name)

    async def make(unit: Unit) -> Created:
        timetable = await publish_timetable(command, unit=unit, now=door.now())
        location = f"/editions/{edition_id}/timetables/{timetable.number}"
        return Created(TimetableAnswer.of(timetable), location)

    return await door.create(request, caller, make)


@router.get("/slots")
async def list_slots(edition_id: EditionId, door: DoorTo, _: Counter) -> list[SlotAnswer]:
    """When and where a bilateral of the edition could be held at all, in order of time."""
    async with door.begin() as unit:
        of_it = await grid(edition_id, unit=unit)
    return [
        SlotAnswer(
            on=slot.on,
            start_at=slot.start_at,
            end_at=slot.end_at,
            rooms=[room.code for room in of_it.rooms if slot.on in room.days],
        )
        for slot in of_it.slots
    ]


@router.get("/timetables/latest")
async def show_latest(edition_id: EditionId, door: DoorTo, _: Counter) -> TimetableAnswer:
    """The timetable that holds, with its certificate."""
    async with door.begin() as unit:
        return TimetableAnswer.of(await queries.timetable(edition_id, None, unit=unit))


@router.get("/timetables/{number}")
async def show_timetable(edition_id: EditionId, number: Number, door: DoorTo, _: Counter) -> TimetableAnswer:
    """A timetable with its certificate."""
    async with door.begin() as unit:
        return TimetableAnswer.of(await queries.timetable(edition_id, number, unit=unit))


@router.get("/timetables/{number}/plan")
async def show_plan_file(edition_id: EditionId, number: Number, door: DoorTo, _: Scheduler) -> PlanFileAnswer:
    """The timetable as one document that anybody can check alone (`summit timetable verify`): input, places, proof.

    It names parties by code and nobody by name, and shows when each party can be met.
    """
    async with door.begin() as unit:
        found = await queries.plan_file(edition_id, number, unit=unit)
    return PlanFileAnswer(**found.document)


@router.get("/timetables/{number}/placements")
async def list_placements(
    edition_id: EditionId, number: Number, door: DoorTo, _: Counter
) -> PlacementsAnswer:
    """Who meets when and where; delegations see their own in their bilaterals."""
    async with door.begin() as unit:
        timetable = await queries.timetable(edition_id, number, unit=unit)
    return PlacementsAnswer(
        number=number, placements=dict(timetable.placements), unplaced=dict(timetable.unplaced)
    )
