"""The solver's process: the service goes on while it runs, and lives when it dies."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

import psutil
import pytest

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.errors.timetables import PlanBroken, SolverDied, SolverOverran, SolverStopped
from summit_scheduling.domain.obstacles import Ask, Said
from summit_scheduling.domain.ports import Progress
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.placing import placed_as_well
from summit_scheduling.solver.process import WORKER, ProcessSolver
from summit_scheduling.solver.questions import ProcessPlacers
from summit_scheduling.solver.wire import Report, Request
from summit_testkit.demand import Family, demand
from summit_testkit.eventually import eventually

MINUTE = timedelta(minutes=1)
MOMENT = timedelta(milliseconds=300)
SMALL = demand(Family.A, seed=1, wishes=60, rooms=4, delegations=20, slots_per_day=6).problem()
CONTESTED = demand(Family.B, seed=1, wishes=1000, rooms=40).problem()
"""Takes a second at least after the first plan."""


def planted(script: str) -> Sequence[str]:
    """A worker that does this instead of solving, once it has been asked."""
    return (sys.executable, "-c", f"import sys, os, time\nline = sys.stdin.buffer.readline()\n{script}")


def solver(
    *, limit: timedelta = MINUTE, grace: timedelta = MINUTE, worker: Sequence[str] = WORKER
) -> ProcessSolver:
    return ProcessSolver(limit=limit, grace=grace, worker=worker)


def children() -> set[int]:
    """The processes that this one has started and not yet seen end."""
    return {child.pid for child in psutil.Process().children()}


async def test_its_plan_is_the_one_the_engine_finds_here() -> None:
    heard: list[Progress] = []
    plan = await solver().solve(SMALL, seed=3, on_progress=heard.append)
    assert plan.assignments == solve(SMALL, seed=3, seconds=60).assignments
    assert plan.certificate.status is PlanStatus.OPTIMAL
    assert plan.certificate.seed == 3
    assert heard[0].stage == "greedy"
    assert heard[-1].stage == "done"
    assert heard[-1].best == plan.certificate.objective


async def test_the_event_loop_goes_on_while_it_solves() -> None:
    turns = 0
    solving = asyncio.create_task(solver().solve(SMALL))
    while not (await asyncio.wait({solving}, timeout=0.01))[0]:
        turns += 1
    assert (await solving).certificate.status is PlanStatus.OPTIMAL
    assert turns > 20


async def test_a_solve_that_is_stopped_keeps_its_best_plan_and_leaves_no_process() -> None:
    before, stopping, heard = children(), asyncio.Event(), list[Progress]()

    def stop_it(progress: Progress) -> None:
        heard.append(progress)
        stopping.set()

    plan = await solver().solve(CONTESTED, on_progress=stop_it, stopping=stopping)
    assert plan.assignments
    assert heard[0].best <= plan.certificate.objective <= plan.certificate.bound
    assert plan.certificate.status is PlanStatus.FEASIBLE
    assert children() == before


async def test_a_solve_stopped_before_its_first_plan_says_that_it_has_none() -> None:
    stopping = asyncio.Event()
    stopping.set()
    with pytest.raises(SolverStopped, match="stopped before it had a plan"):
        await solver().solve(CONTESTED, stopping=stopping)


async def test_a_process_that_is_killed_takes_nobody_along() -> None:
    before = children()

    def kill_it(progress: Progress) -> None:
        if progress.stage == "greedy":
            (worker,) = children() - before
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(SolverDied) as died:
        await solver().solve(CONTESTED, on_progress=kill_it)
    assert died.value.exit_code == -signal.SIGKILL
    assert children() == before
    assert (await solver().solve(SMALL)).assignments, "the next one is solved as ever"


async def test_what_it_said_last_is_in_the_error() -> None:
    dying = planted("sys.exit('out of memory')")
    with pytest.raises(SolverDied, match="out of memory") as died:
        await solver(worker=dying).solve(SMALL)
    assert died.value.exit_code == 1


async def test_a_process_that_cannot_even_read_is_an_answer_too() -> None:
    with pytest.raises(SolverDied) as died:
        await solver(worker=(sys.executable, "-c", "import sys; sys.exit(7)")).solve(CONTESTED)
    assert died.value.exit_code == 7


async def test_an_answer_that_is_none_is_not_believed() -> None:
    with pytest.raises(SolverDied, match="it answered"):
        await solver(worker=planted("print('42', flush=True); time.sleep(60)")).solve(SMALL)


async def test_a_plan_that_breaks_a_rule_is_not_believed() -> None:
    honest = solve(SMALL, seed=1, seconds=60)
    one, two, *rest = honest.assignments
    moved = type(one)(one.meeting, two.slot, two.room)
    broken = type(honest)((moved, two, *rest), honest.certificate)
    line = Report(Progress("done", 0, 0, 0.0), broken, is_final=True).to_line()
    with pytest.raises(PlanBroken):
        await solver(worker=planted(f"sys.stdout.buffer.write({line!r}); sys.stdout.flush()")).solve(SMALL)


async def test_one_that_says_nothing_in_time_is_stopped() -> None:
    before = children()
    with pytest.raises(SolverOverran):
        await solver(limit=MOMENT, grace=MOMENT, worker=planted("time.sleep(600)")).solve(SMALL)
    assert children() == before


async def test_the_best_it_had_said_stands_when_it_is_stopped() -> None:
    honest = solve(SMALL, seed=1, seconds=60)
    line = Report(Progress("greedy", 0, 0, 0.0), honest, is_final=False).to_line()
    stubborn = planted(f"sys.stdout.buffer.write({line!r}); sys.stdout.flush(); time.sleep(600)")
    plan = await solver(limit=MINUTE / 15, grace=MOMENT, worker=stubborn).solve(SMALL)
    assert plan == honest


async def test_whoever_gives_up_waiting_leaves_no_process_behind() -> None:
    before = children()
    heard: list[Progress] = []
    solving = asyncio.create_task(solver().solve(CONTESTED, on_progress=heard.append))

    def has_begun() -> None:
        assert heard

    await eventually(has_begun, within=60)
    solving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await solving
    assert children() == before


async def test_several_solves_do_not_disturb_each_other() -> None:
    others = [demand(Family.A, seed=seed, wishes=60, rooms=4, delegations=20).problem() for seed in (2, 3)]
    plans = await asyncio.gather(*(solver().solve(one) for one in (SMALL, *others)))
    for plan, problem in zip(plans, (SMALL, *others), strict=True):
        assert plan.certificate.input_hash == problem.input_hash


def test_it_does_not_outlive_the_service_that_started_it() -> None:
    worker = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert worker.stdin
    assert worker.stdout
    with worker:
        worker.stdin.write(Request(CONTESTED, 1, 600.0).to_line())
        worker.stdin.flush()
        assert Report.from_line(worker.stdout.readline()).progress.stage == "greedy"
        worker.stdin.close()  # as when the service dies
        assert worker.wait(timeout=30) == 3


def test_what_the_libraries_print_is_no_answer() -> None:
    """Everything on standard output is a report, whatever the solvers below say for themselves."""
    request = Request(SMALL, 1, 60.0).to_line()
    worker = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert worker.stdin
    assert worker.stdout
    with worker:
        worker.stdin.write(request)
        worker.stdin.flush()
        reports = [Report.from_line(line) for line in worker.stdout]
    assert [one.is_final for one in reports] == [False] * (len(reports) - 1) + [True]


def test_requests_and_reports_read_back_as_written() -> None:
    request = Request(SMALL, 5, 1.5)
    assert Request.from_line(request.to_line()) == request
    plan = solve(SMALL, seed=1, seconds=60)
    report = Report(Progress("dive", 1, 2, 0.5), plan, is_final=True)
    assert Report.from_line(report.to_line()) == report


async def test_questions_are_answered_by_a_process_until_their_time_is_up() -> None:
    ask = Ask(SMALL, SMALL.meetings[0].key, (), ())
    async with ProcessPlacers().placer(timedelta(seconds=60)) as placer:
        assert [await placer.placed_as_well(ask) for _ in range(2)] == [placed_as_well(ask)] * 2
    async with ProcessPlacers().placer(timedelta(0)) as hurried:
        assert [await hurried.placed_as_well(ask) for _ in range(2)] == [Said(None, is_certain=False)] * 2
