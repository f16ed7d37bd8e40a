"""A worker takes the next solve, has it solved in a process of its own, and writes down what came of it.

A solve is a worker's for as long as it is heard of: it says every second that it lives. Who is silent for longer than the
lease has lost the solve to whoever takes it next, and what it says afterwards counts no more.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from summit_scheduling.domain.errors.timetables import SolverDied, SolverFailure
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planning import at_most, problem_for
from summit_scheduling.domain.ports import Progress, Solver, Unit
from summit_scheduling.domain.problem import InputFlaw, Problem
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.solve import LEASE, Solve, SolveState
from summit_scheduling.handlers.desk import grid

Begin = Callable[[], AbstractAsyncContextManager[Unit]]
STARTS: Final = 3
"""How often a solver is started that somebody or something kills; after that the solve has failed."""
_HEARTBEAT_SECONDS: Final = 1.0


async def solve_next(
    *, begin: Begin, now: Callable[[], datetime], solver_for: Callable[[int], Solver]
) -> Solve | None:
    """The solve that was worked on, solved or failed; none where nothing waits, or where another worker has it by now.

    No transaction is open while it solves. A worker that is told to stop puts the solve back for the next one.
    """
    async with begin() as unit:
        solve = await unit.solves.hold_next(taken_before=now() - LEASE)
        if solve is None:
            return None
        await unit.solves.save(solve := solve.take(now=now()))
    grip = _Grip(solve, begin=begin, now=now)
    async with grip.heard_of():
        try:
            outcome = await _outcome(grip, begin=begin, solver=solver_for(solve.seconds))
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):  # then the lease has to run out
                await grip.say(Solve.put_back)
            raise
    return await grip.say(outcome)


async def problem_of(solve: Solve, *, unit: Unit) -> Problem:
    """What is agreed by now, as its solver sees it, under the rulings in force or those of a what-if.

    Raises:
        InputFlaw: what was heard contradicts itself.
    """
    edition_id = solve.edition_id
    agreed = await unit.bilaterals.all(edition_id, PLACEABLE)
    rulings = solve.what_if or await unit.rulings.get(edition_id)
    known = await unit.availabilities.all(edition_id)
    holding = solve.respects(await unit.timetables.latest(edition_id))
    return problem_for(await grid(edition_id, unit=unit), agreed, known, rulings, holding)


async def _outcome(grip: "_Grip", *, begin: Begin, solver: Solver) -> Callable[[Solve], Solve]:
    """What becomes of the solve."""
    try:
        async with begin() as unit:
            problem = await problem_of(grip.solve, unit=unit)
        plan = await _plan(grip, problem, solver)
    except (InputFlaw, SolverFailure) as failure:
        why = str(failure)
        return lambda solve: solve.failed(why)
    return lambda solve: solve.solved(plan, at_most=at_most(problem), agreed=len(problem.meetings))


async def _plan(grip: "_Grip", problem: Problem, solver: Solver) -> Plan:
    """The plan; a solver that was killed (by the kernel for want of memory, by a person) is started again.

    Raises:
        SolverFailure: there is none.
    """
    for start in range(1, STARTS + 1):
        try:
            plan = await solver.solve(
                problem, seed=grip.solve.seed, on_progress=grip.note, stopping=grip.stopping
            )
            return plan.check(problem)
        except SolverDied as died:
            was_killed = died.exit_code is not None and died.exit_code < 0
            if start == STARTS or not was_killed:  # what ends of itself would do so again
                raise
    raise AssertionError("unreachable: the last start returns or raises")


class _Grip:
    """A solve in one worker's hands, as long as no other worker has taken it."""

    def __init__(self, solve: Solve, *, begin: Begin, now: Callable[[], datetime]) -> None:
        self.solve = solve
        self._begin = begin
        self._now = now
        self._progress: Progress | None = None
        self.stopping = asyncio.Event()
        """Set once somebody has asked for the best plan so far, or nobody wants one of this worker."""
        self._signs = {solve.taken_at}
        """Every moment at which this worker said that it lives, whether or not that was heard."""

    def note(self, progress: Progress) -> None:
        """The next heartbeat tells how far the solver is."""
        self._progress = progress

    async def say(self, change: Callable[[Solve], Solve]) -> Solve | None:
        """The solve after the change; none, and no change, where it is another worker's by now."""
        async with self._begin() as unit:
            held = await unit.solves.hold(self.solve.edition_id, self.solve.solve_id)
            if held is None or held.state is not SolveState.SOLVING or held.taken_at not in self._signs:
                self.stopping.set()  # nobody waits for it any more, and others may wait for this worker
                return None
            after = change(replace(held, progress=self._progress))
            self._signs.add(after.taken_at)
            if after.is_stopping:
                self.stopping.set()
            await unit.solves.save(after)
        return after

    @asynccontextmanager
    async def heard_of(self) -> AsyncIterator[None]:
        """Every second the worker says that it lives and how far it is."""
        is_done = asyncio.Event()
        beating = asyncio.create_task(self._beat(is_done))
        try:
            yield
        finally:
            is_done.set()
            await beating

    async def _beat(self, is_done: asyncio.Event) -> None:
        while not is_done.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_done.wait(), timeout=_HEARTBEAT_SECONDS)
                return
            with contextlib.suppress(Exception):  # a heartbeat that nobody heard; the next one may be
                await self.say(lambda solve: solve.take(now=self._now()))
