"""The `Placer` port, kept by a process that answers one question after the other, and has ended when they are over."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

from summit_scheduling.domain.obstacles import Ask, Said
from summit_scheduling.solver.wire import line_of_ask, said_of

_LONGEST_LINE: Final = 64 * 1024 * 1024
_UNKNOWN: Final = Said(None, is_certain=False)


class ProcessPlacers:
    """Starts a process for each set of questions; no more than two at a time, the others wait."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(2)

    @asynccontextmanager
    async def placer(self, limit: timedelta) -> AsyncIterator["ProcessPlacer"]:
        """A placer for one set of questions, which may take so long together."""
        async with self._turn:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "summit_scheduling.solver.answering"),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=_LONGEST_LINE,
            )
            try:
                ends_at = asyncio.get_running_loop().time() + limit.total_seconds()
                yield ProcessPlacer(process, ends_at)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


class ProcessPlacer:
    """Asks the process; once the time is up, or the process has died, every further answer is that nobody knows."""

    def __init__(self, process: Process, ends_at: float) -> None:
        self._process = process
        self._ends_at = ends_at
        self._is_over = False

    async def placed_as_well(self, ask: Ask) -> Said:
        """A plan that places every meeting of the problem, or none."""
        if self._is_over:
            return _UNKNOWN
        try:
            async with asyncio.timeout_at(self._ends_at):
                return await self._answer(ask)
        except (TimeoutError, OSError, ValueError):
            self._is_over = True
            return _UNKNOWN

    async def _answer(self, ask: Ask) -> Said:
        assert self._process.stdin  # noqa: S101  # it was opened with PIPE; the type cannot say so
        assert self._process.stdout  # noqa: S101  # it was opened with PIPE; the type cannot say so
        self._process.stdin.write(line_of_ask(ask))
        await self._process.stdin.drain()
        return said_of(await self._process.stdout.readline())
