"""A scheduling service whose solvers do what a test plants instead of solving: die, talk nonsense, hang."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from summit_chassis.database import Database
from summit_chassis.http import Door
from summit_chassis.workers import Worker
from summit_scheduling.app import service
from summit_scheduling.handlers.solve_next import solve_next
from summit_scheduling.settings import SchedulingSettings
from summit_scheduling.solver.process import ProcessSolver
from summit_scheduling.store.work import SqlUnit
from summit_testkit.databases import Databases
from summit_testkit.desk import desk, emptied
from summit_testkit.meetings import Meetings, delegation, published

_MOMENT = timedelta(milliseconds=300)


@dataclass
class Solvers:
    """What starts a solver for each solve: a real one unless something is planted."""

    script: str | None = None
    limit: timedelta = _MOMENT

    def one(self, seconds: int) -> ProcessSolver:
        """The next one."""
        if self.script is None:
            return ProcessSolver(limit=timedelta(seconds=seconds))
        return ProcessSolver(limit=self.limit, grace=_MOMENT, worker=(sys.executable, "-c", self.script))

    def workers(self, database: Database, _settings: Any) -> Sequence[Worker]:
        """What goes on in the background of the service."""
        door: Door[SqlUnit] = Door(database, SqlUnit)

        async def work(stopping: asyncio.Event) -> None:
            while not stopping.is_set():
                await solve_next(begin=door.begin, now=door.now, solver_for=self.one)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), timeout=0.05)

        return (work,)


@dataclass(frozen=True)
class Planting:
    """The small summit's scheduling, solving; KE, RW and FR have registered."""

    meetings: Meetings
    solvers: Solvers

    def plant(self, script: str, limit: timedelta) -> None:
        """From the next solve on a solver is this script, and has so long."""
        self.solvers.script, self.solvers.limit = script, limit

    def clear(self) -> None:
        """From the next solve on it is solved."""
        self.solvers.script = None


@asynccontextmanager
async def planting(databases: Databases) -> AsyncIterator[Planting]:
    """The service, ended in the end."""
    solvers = Solvers()
    planted = replace(service, workers=solvers.workers)
    url = await emptied(service, databases)
    async with desk(planted, SchedulingSettings, databases, url=url, role="serve") as scheduling:
        await scheduling.hear(published(), *(delegation(code) for code in ("KE", "RW", "FR")))
        yield Planting(Meetings(scheduling), solvers)
