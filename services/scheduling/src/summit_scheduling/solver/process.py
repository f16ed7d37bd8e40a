"""The `Solver` port, kept by a process per solve: the service goes on while it runs, and lives when it dies."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from summit_scheduling.domain.errors.timetables import SolverDied, SolverOverran, SolverStopped
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.ports import Progress, Stopping
from summit_scheduling.domain.problem import Problem
from summit_scheduling.solver.wire import Report, Request

WORKER: Final[Sequence[str]] = (sys.executable, "-m", "summit_scheduling.solver.worker")
_LONGEST_LINE = 64 * 1024 * 1024
_LAST_WORDS = 2000


class ProcessSolver:
    """Starts a process for each solve, and has ended it when the solve ends, however it ends.

    `limit` is the time the solver plans with; after `limit + grace` it is stopped, and the best plan it had reported stands.
    """

    def __init__(
        self,
        *,
        limit: timedelta = timedelta(seconds=60),
        grace: timedelta = timedelta(seconds=15),
        worker: Sequence[str] = WORKER,
    ) -> None:
        self._limit = limit
        self._grace = grace
        self._worker = tuple(worker)

    async def solve(
        self,
        problem: Problem,
        *,
        seed: int = 1,
        on_progress: Callable[[Progress], None] | None = None,
        stopping: Stopping | None = None,
    ) -> Plan:
        """A plan that breaks no rule; the best one unless time ran out or it was stopped.

        Raises:
            SolverDied: the process ended without an answer.
            SolverOverran: time ran out before there was any plan.
            SolverStopped: it was stopped before there was any.
            PlanBroken: the process answered with a plan that breaks a rule.
        """
        process = await asyncio.create_subprocess_exec(
            *self._worker, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LONGEST_LINE
        )
        conversation = _Conversation(process, on_progress)
        try:
            request = Request(problem, seed, self._limit.total_seconds())
            async with asyncio.timeout((self._limit + self._grace).total_seconds()):
                plan = await _unless(stopping, conversation.hold(request))
        except SolverStopped:
            if conversation.best is None:
                raise
            plan = conversation.best
        except TimeoutError as ended:
            if conversation.best is None:
                raise SolverOverran(self._limit + self._grace) from ended
            plan = conversation.best
        finally:
            await _end(process)
        return plan.check(problem)


async def _unless(stopping: Stopping | None, answer: Coroutine[None, None, Plan]) -> Plan:
    """The answer.

    Raises:
        SolverStopped: it was stopped before.
    """
    if stopping is None:
        return await answer
    answering, stopped = asyncio.ensure_future(answer), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({answering, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise SolverStopped
        return answering.result()
    finally:
        for one in (answering, stopped):
            one.cancel()
        await asyncio.gather(answering, stopped, return_exceptions=True)


class _Conversation:
    """What one process was asked and has answered so far."""

    def __init__(self, process: Process, on_progress: Callable[[Progress], None] | None) -> None:
        self.best: Plan | None = None
        self._process = process
        self._on_progress = on_progress
        self._words = b""

    async def hold(self, request: Request) -> Plan:
        """The process's last answer."""
        listening = asyncio.create_task(self._listen_to_words())
        try:
            await self._ask(request)
            return await self._answer(listening)
        finally:
            listening.cancel()

    async def _ask(self, request: Request) -> None:
        """The request was sent; the input stays open, since the process ends when it closes."""
        assert self._process.stdin  # noqa: S101  # it was opened with PIPE; the type cannot say so
        with suppress(BrokenPipeError, ConnectionResetError):  # it died: its exit status says so below
            self._process.stdin.write(request.to_line())
            await self._process.stdin.drain()

    async def _answer(self, listening: asyncio.Task[None]) -> Plan:
        assert self._process.stdout  # noqa: S101  # it was opened with PIPE; the type cannot say so
        async for line in self._process.stdout:
            try:
                report = Report.from_line(line)
            except (ValueError, KeyError, TypeError) as failure:
                raise SolverDied(self._process.returncode, f"it answered {line[:80]!r}") from failure
            self.best = report.plan
            if self._on_progress:
                self._on_progress(report.progress)
            if report.is_final:
                return report.plan
        exit_code = await self._process.wait()
        await listening
        raise SolverDied(exit_code, self._words.decode(errors="replace").strip())

    async def _listen_to_words(self) -> None:
        assert self._process.stderr  # noqa: S101  # it was opened with PIPE; the type cannot say so
        while said := await self._process.stderr.read(_LAST_WORDS):
            self._words = (self._words + said)[-_LAST_WORDS:]


async def _end(process: Process) -> None:
    """The process has ended, and nothing of it is left."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    await process.wait()
