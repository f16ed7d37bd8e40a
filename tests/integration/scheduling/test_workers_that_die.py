"""A solve is taken up again, whoever dies in the midst of it: the solver's process, or the whole service."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import psutil
import pytest

from summit_cli.servers.ports import free_port
from summit_contracts.scheduling import TimetablePublished
from summit_scheduling.app import service
from summit_scheduling.domain.solve import LEASE
from summit_scheduling.handlers.solve_next import STARTS
from summit_scheduling.settings import SchedulingSettings
from summit_testkit.builders.scheduling import FIRST_DAY, a_wish, in_new_york
from summit_testkit.databases import Databases
from summit_testkit.desk import PUBLIC_KEYS, desk, emptied
from summit_testkit.eventually import eventually
from summit_testkit.meetings import Meetings, delegation, published

WORKER = "summit_scheduling.solver.worker"
AT_ELEVEN = [in_new_york(FIRST_DAY, 11).isoformat()]


async def contest(meetings: Meetings) -> None:
    """Two meetings of KE want the same slot: nothing is settled at first sight, so that a solver takes its time."""
    await meetings.desk.hear(a_wish("b1", "KE", "RW"), a_wish("b2", "KE", "FR"))
    for name, counterpart in (("b1", "RW"), ("b2", "FR")):
        await meetings.answer(counterpart, "counter", name, starts_at=AT_ELEVEN, days=[str(FIRST_DAY)])
        assert (await meetings.answer("KE", "accept", name)).json()["status"] == "agreed"


def solvers_of(pid: int) -> Sequence[psutil.Process]:
    """The solver processes that this process has started and that live."""
    found = []
    for child in psutil.Process(pid).children():
        try:
            if WORKER in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


async def a_solver_of(pid: int, *, other_than: Sequence[int] = ()) -> psutil.Process:
    """One that is at work."""

    async def there_is() -> psutil.Process:
        fresh = [one for one in solvers_of(pid) if one.pid not in other_than]
        assert fresh, "no solver is at work"
        return fresh[0]

    return await eventually(there_is)


async def test_a_solver_that_is_killed_is_started_again_and_the_solve_is_solved(solving: Meetings) -> None:
    await contest(solving)
    solve = await solving.solve()
    killed = await a_solver_of(os.getpid())
    killed.kill()
    second = await a_solver_of(os.getpid(), other_than=[killed.pid])
    assert second.pid != killed.pid
    solved = await solving.until(solve, "solved")
    assert (solved["placed"], solved["agreed"], solved["failure"]) == (1, 2, None)


async def test_a_solver_that_is_killed_again_and_again_fails_and_the_next_solve_is_solved(
    solving: Meetings,
) -> None:
    await contest(solving)
    solve = await solving.solve()
    killed: list[int] = []
    for _ in range(STARTS):
        victim = await a_solver_of(os.getpid(), other_than=killed)
        killed.append(victim.pid)
        victim.kill()
    failed = await solving.until(solve, "failed")
    assert failed["failure"].startswith("the solver's process ended with -9")
    assert await solving.facts(TimetablePublished) == []
    assert len((await solving.timetable())["placements"]) == 1


@pytest.fixture
async def url(databases: Databases) -> str:
    return await emptied(service, databases)


@pytest.fixture
async def meetings(url: str, databases: Databases) -> AsyncIterator[Meetings]:
    """Doors on the same database as the services that these tests start and kill."""
    async with desk(service, SchedulingSettings, databases, url=url) as scheduling:
        await scheduling.hear(published(), *(delegation(code) for code in ("KE", "RW", "FR")))
        meetings = Meetings(scheduling)
        await contest(meetings)
        yield meetings


@asynccontextmanager
async def started(url: str, *, later: timedelta = timedelta(0)) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service's worker in a process of its own, by a clock that may be ahead; killed in the end."""
    surroundings = os.environ | {
        "SUMMIT_DATABASE_URL": url,
        "SUMMIT_NATS_URL": "nats://127.0.0.1:1",  # nobody is there, and no solve needs it
        "SUMMIT_HTTP_PORT": str(free_port()),
        "SUMMIT_TOKEN_KEYS": PUBLIC_KEYS,
        "SUMMIT_CLOCK_OFFSET": f"PT{later.total_seconds():.0f}S",
        "SUMMIT_GRACEFUL_TIMEOUT": "PT1S",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "summit_scheduling", "events", env=surroundings, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_service_that_is_killed_leaves_its_solve_to_the_next(url: str, meetings: Meetings) -> None:
    solve = await meetings.solve()
    async with started(url) as first:
        solver = await a_solver_of(first.pid)
        first.send_signal(signal.SIGKILL)
        assert await first.wait() == -signal.SIGKILL

    async def is_gone() -> None:
        assert not solver.is_running() or solver.status() == psutil.STATUS_ZOMBIE, (
            "a solver outlived its service"
        )

    await eventually(is_gone)
    assert (await meetings.ask("GET", solve)).json()["state"] == "solving"
    async with started(url, later=LEASE + timedelta(seconds=5)):
        solved = await meetings.until(solve, "solved")
    assert (solved["placed"], solved["agreed"]) == (1, 2)
    assert (await meetings.ask("POST", f"{solve}/publish")).status_code == 201


async def test_a_service_that_is_told_to_stop_puts_its_solve_back(url: str, meetings: Meetings) -> None:
    solve = await meetings.solve(seconds=60)
    async with started(url) as first:
        solver = await a_solver_of(first.pid)
        solver.suspend()  # it would be done before the service is
        first.send_signal(signal.SIGTERM)
        await asyncio.wait_for(first.wait(), timeout=20)
    assert not solver.is_running()
    assert (await meetings.ask("GET", solve)).json()["state"] == "waiting"
    async with started(url):
        assert (await meetings.until(solve, "solved"))["placed"] == 1
