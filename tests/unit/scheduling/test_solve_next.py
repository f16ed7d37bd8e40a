"""A solve that was asked for is solved or fails with a reason, whoever works on it and whatever befalls them."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from summit_scheduling.domain.errors.timetables import SolverDied, SolverFailure, SolverOverran, SolverStopped
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.ports import Progress, Stopping, Unit
from summit_scheduling.domain.problem import Problem
from summit_scheduling.domain.solve import LEASE, Solve, SolveState
from summit_scheduling.handlers.solve_next import STARTS, solve_next
from summit_scheduling.handlers.stop_solve import StopSolve, stop_solve
from summit_scheduling.solver.engine import solve
from summit_testkit.builders.scheduling import BEFORE, EDITION_ID, an_agreed_bilateral, an_edition
from summit_testkit.clock import FixedClock
from summit_testkit.eventually import eventually
from summit_testkit.memory.scheduling import InMemoryScheduling

KILLED = SolverDied(-signal.SIGKILL, "")


class Solvers:
    """One solver after the other: each fails as it is told, or solves; it can be held up until it may go on."""

    def __init__(self, *failures: SolverFailure) -> None:
        self._failures = list(failures)
        self.starts = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def solve(
        self,
        problem: Problem,
        *,
        seed: int = 1,
        on_progress: Callable[[Progress], None] | None = None,
        stopping: Stopping | None = None,
    ) -> Plan:
        self.starts += 1
        if on_progress:
            on_progress(Progress("greedy", 1, 2, 0.1))
        ends = [self.may_go_on, *([stopping] if stopping else [])]
        waits = [asyncio.create_task(one.wait()) for one in ends]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
        if self._failures:
            raise self._failures.pop(0)
        return solve(problem, seed=seed, seconds=5)


class Desk:
    """A small summit with one agreed meeting, and workers that take what waits."""

    def __init__(self) -> None:
        self.memory = InMemoryScheduling()
        self.clock = FixedClock(BEFORE)
        self.is_away = False
        """Whether the database is."""
        self.unheard = 0
        """How often it was asked for while it was."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        if self.is_away:
            self.unheard += 1
            raise ConnectionError("the database is away")
        async with self.memory.unit() as unit:
            yield unit

    async def ask(self, name: str = "s1", edition_id: str = EDITION_ID) -> None:
        async with self.memory.unit() as unit:
            await unit.solves.save(
                Solve(
                    solve_id=name,
                    edition_id=edition_id,
                    seconds=5,
                    seed=1,
                    requested_by="secretariat",
                    requested_at=self.clock.tick(),
                )
            )

    async def work(self, solvers: Solvers) -> Solve | None:
        return await solve_next(begin=self.begin, now=self.clock.now, solver_for=lambda _: solvers)

    async def kept(self, name: str = "s1", edition_id: str = EDITION_ID) -> Solve:
        async with self.memory.unit() as unit:
            found = await unit.solves.get(edition_id, name)
        assert found is not None
        return found

    async def state(self, name: str = "s1") -> SolveState:
        return (await self.kept(name)).state


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    async with desk.memory.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        await unit.bilaterals.save(an_agreed_bilateral())
    await desk.ask()
    return desk


async def under_way(desk: Desk) -> tuple[Solvers, asyncio.Task[Solve | None]]:
    """A worker whose solver has started, and goes on when it may."""
    solvers = Solvers()
    solvers.may_go_on.clear()
    working = asyncio.create_task(desk.work(solvers))

    async def has_started() -> None:
        assert solvers.starts == 1

    await eventually(has_started)
    return solvers, working


async def test_the_oldest_solve_is_solved_and_then_nothing_waits(desk: Desk) -> None:
    await desk.ask("s2")
    first = await desk.work(Solvers())
    assert first is not None
    assert (first.solve_id, first.state, first.agreed, first.at_most) == ("s1", SolveState.SOLVED, 1, 1)
    assert first.progress == Progress("greedy", 1, 2, 0.1)
    assert await desk.kept() == first
    assert await desk.work(Solvers()) is not None
    assert await desk.work(Solvers()) is None


async def test_a_solver_that_was_killed_is_started_again(desk: Desk) -> None:
    solvers = Solvers(*[KILLED] * (STARTS - 1))
    outcome = await desk.work(solvers)
    assert outcome is not None
    assert (outcome.state, solvers.starts) == (SolveState.SOLVED, STARTS)


async def test_a_solver_that_is_killed_again_and_again_has_failed(desk: Desk) -> None:
    solvers = Solvers(*[KILLED] * 99)
    outcome = await desk.work(solvers)
    assert outcome is not None
    assert (outcome.state, solvers.starts) == (SolveState.FAILED, STARTS)
    assert outcome.failure == "the solver's process ended with -9: it said nothing"


@pytest.mark.parametrize(
    "failure",
    [
        SolverDied(1, "MemoryError"),
        SolverDied(None, "it answered"),
        SolverOverran(timedelta(seconds=5)),
        SolverStopped(),
    ],
)
async def test_a_solver_that_fails_of_itself_is_not_started_again(desk: Desk, failure: SolverFailure) -> None:
    solvers = Solvers(failure)
    outcome = await desk.work(solvers)
    assert outcome is not None
    assert (outcome.state, outcome.failure, solvers.starts) == (SolveState.FAILED, str(failure), 1)


async def test_input_that_contradicts_itself_fails_with_a_reason_and_holds_nobody_up(desk: Desk) -> None:
    room = an_edition().rooms[0]
    twins = an_edition(edition_id="twins-2022", rooms=(room, room))
    async with desk.memory.unit() as unit:
        await unit.editions.save(twins, 1)
    await desk.work(Solvers())
    await desk.ask("bad", "twins-2022")
    await desk.ask("good")
    await desk.work(Solvers())
    bad = await desk.kept("bad", "twins-2022")
    assert (bad.state, bad.failure) == (SolveState.FAILED, "room A occurs twice")
    await desk.work(Solvers())
    assert await desk.state("good") is SolveState.SOLVED


async def test_an_unforeseen_fault_leaves_the_solve_to_the_lease_and_lets_others_go_first(desk: Desk) -> None:
    await desk.ask("unheard", "never-published")
    await desk.ask("good")
    await desk.work(Solvers())
    with pytest.raises(Exception, match="never-published"):
        await desk.work(Solvers())
    await desk.work(Solvers())
    assert await desk.state("good") is SolveState.SOLVED
    assert (await desk.kept("unheard", "never-published")).state is SolveState.SOLVING


async def test_what_a_worker_says_that_was_taken_for_dead_counts_no_more(desk: Desk) -> None:
    slow, first = await under_way(desk)
    desk.is_away = True  # for the first worker's heartbeats
    desk.clock.tick(LEASE + timedelta(seconds=1))
    second = await solve_next(begin=desk.memory.unit, now=desk.clock.now, solver_for=lambda _: Solvers())
    assert second is not None
    async with desk.memory.unit() as unit:
        await unit.solves.save(second.published(1))
    desk.is_away = False
    slow.may_go_on.set()
    assert await first is None
    assert await desk.kept() == second.published(1)


async def test_nobody_takes_what_somebody_is_at_work_on(desk: Desk) -> None:
    slow, first = await under_way(desk)
    desk.clock.tick(LEASE)

    async def was_heard_of() -> None:
        assert (await desk.kept()).taken_at == desk.clock.now()

    await eventually(was_heard_of)
    desk.clock.tick(LEASE)
    assert await desk.work(Solvers()) is None
    slow.may_go_on.set()
    finished = await first
    assert finished is not None
    assert finished.state is SolveState.SOLVED


async def test_a_heartbeat_that_is_not_heard_loses_no_plan(desk: Desk) -> None:
    slow, working = await under_way(desk)
    desk.is_away = True

    async def has_tried() -> None:
        assert desk.unheard

    await eventually(has_tried)
    desk.is_away = False
    slow.may_go_on.set()
    outcome = await working
    assert outcome is not None
    assert outcome.state is SolveState.SOLVED


async def test_a_worker_that_has_to_leave_puts_the_solve_back(desk: Desk) -> None:
    _, working = await under_way(desk)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    kept = await desk.kept()
    assert (kept.state, kept.taken_at, kept.progress) == (SolveState.WAITING, None, None)
    assert await desk.work(Solvers()) is not None
    assert await desk.state() is SolveState.SOLVED


async def test_a_solve_that_is_stopped_ends_with_the_plan_that_there_is(desk: Desk) -> None:
    _, working = await under_way(desk)
    async with desk.memory.unit() as unit:
        await stop_solve(StopSolve(by="secretariat", edition_id=EDITION_ID, solve_id="s1"), unit=unit)
    outcome = await working
    assert outcome is not None
    assert (outcome.state, outcome.is_stopping) == (SolveState.SOLVED, True)
    async with desk.memory.unit() as unit:
        again = await stop_solve(StopSolve(by="secretariat", edition_id=EDITION_ID, solve_id="s1"), unit=unit)
    assert again == outcome, "what has ended stays as it is"


async def test_a_solver_that_nobody_waits_for_any_more_is_stopped(desk: Desk) -> None:
    _, working = await under_way(desk)
    async with desk.memory.unit() as unit:
        await unit.solves.forget(EDITION_ID, "s1")
    await asyncio.wait_for(working, timeout=20)
