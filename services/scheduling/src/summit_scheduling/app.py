"""Scheduling on one page: what it can be asked, what it is told, what it keeps.

Commands   accept · decline · counter · cancel a bilateral · state availability · ask for a solve · publish a timetable
           rule · try a what-if, commit or drop it · stop a solve · roll back · book a place · release one (no-show)
           arrange a bilateral at the desk
Queries    bilaterals · availability · solves · timetables, their differences and plan files
           rulings · free places, of a meeting or for parties who walk in · why not · fairness · counts
Hears      EditionPublished, BilateralRequested, DelegationRegistered, DelegationConfirmed, DelegationAmended,
           DelegationWithdrawn, DelegateAccredited, DelegateRefused
Publishes  BilateralArranged, BilateralAccepted, BilateralDeclined, BilateralCountered, BilateralCancelled,
           TimetablePublished, BilateralScheduled, BilateralMoved, BilateralUnplaced
Works      takes solves that wait, one at a time, each in a process of its own
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from summit_chassis.database import Database
from summit_chassis.http import Door
from summit_chassis.service import Service
from summit_chassis.workers import Worker
from summit_contracts.fact import Service as Name
from summit_scheduling.domain.ports import Solver, Unit
from summit_scheduling.events.subscribers import subscribers
from summit_scheduling.handlers.solve_next import solve_next
from summit_scheduling.http import desk_routes, place_routes, routes, timetable_routes
from summit_scheduling.settings import SchedulingSettings
from summit_scheduling.solver.process import ProcessSolver
from summit_scheduling.solver.questions import ProcessPlacers
from summit_scheduling.store.tables import metadata
from summit_scheduling.store.work import SqlUnit

_LOOK_AGAIN_SECONDS: Final = 0.25


def _workers(database: Database, settings: SchedulingSettings) -> Sequence[Worker]:
    door: Door[Unit] = Door(database, SqlUnit)

    def solver_for(seconds: int) -> Solver:
        return ProcessSolver(limit=timedelta(seconds=seconds), grace=settings.solver_grace)

    async def solve_what_waits(stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            solved = await solve_next(begin=door.begin, now=door.now, solver_for=solver_for)
            if solved is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), timeout=_LOOK_AGAIN_SECONDS)

    return (solve_what_waits,)


service: Service[Unit] = Service(
    name=Name.SCHEDULING,
    title="Summit scheduling",
    package="summit_scheduling",
    metadata=metadata,
    make_unit=SqlUnit,
    routers=(routes.router, timetable_routes.router, desk_routes.router, place_routes.router),
    subscribers=subscribers,
    workers=_workers,
    state=lambda _, __: {"placers": ProcessPlacers(), "vacancies": {}},
)
