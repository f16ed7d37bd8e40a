"""A worker takes the next solve, has it solved in a process of its own, and writes down what came of it."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Final

from summit_scheduling.domain.errors.timetables import SolverFailure
from summit_scheduling.domain.planning import at_most, problem_for
from summit_scheduling.domain.ports import Progress, Solver, Unit
from summit_scheduling.domain.problem import Problem
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.solve import LEASE, Solve
from summit_scheduling.handlers.desk import grid

Begin = Callable[[], AbstractAsyncContextManager[Unit]]
_HEARTBEAT_SECONDS: Final = 1.0


async def solve_next(
    *, begin: Begin, now: Callable[[], datetime], solver_for: Callable[[int], Solver]
) -> Solve | None:
    """The solve that was worked on, solved or failed; none where nothing waits. No transaction is open while it solves."""
    async with begin() as unit:
        solve = await unit.solves.hold_next(taken_before=now() - LEASE)
        if solve is None:
            return None
        await unit.solves.save(solve := solve.take(now=now()))
        problem = await current_problem(solve.edition_id, unit=unit)
    latest: list[Progress] = []
    beating = asyncio.create_task(_beat(solve, latest, begin=begin, now=now))
    try:
        plan = await solver_for(solve.seconds).solve(problem, seed=solve.seed, on_progress=latest.append)
        plan.check(problem)
    except SolverFailure as failure:
        outcome = solve.failed(str(failure))
    else:
        outcome = solve.solved(plan, at_most=at_most(problem), agreed=len(problem.meetings))
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
    async with begin() as unit:
        await unit.solves.save(replace(outcome, progress=latest[-1] if latest else None))
    return outcome


async def current_problem(edition_id: str, *, unit: Unit) -> Problem:
    """What is agreed by now, as a solver sees it."""
    agreed = await unit.bilaterals.all(edition_id, PLACEABLE)
    return problem_for(await grid(edition_id, unit=unit), agreed, await unit.availabilities.all(edition_id))


async def _beat(solve: Solve, latest: list[Progress], *, begin: Begin, now: Callable[[], datetime]) -> None:
    """Says once a second that the worker lives and how far it is; who stops saying so loses the solve."""
    while True:
        await asyncio.sleep(_HEARTBEAT_SECONDS)
        async with begin() as unit:
            await unit.solves.save(replace(solve.take(now=now()), progress=latest[-1] if latest else None))
