"""Processes that are measured: a benchmark starts each by path, lets it go when all are ready, and reads what it took."""

import asyncio
import contextlib
import sys
import time
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil


@dataclass(frozen=True)
class Measured:
    """A program that prepares itself, says `ready`, waits for a line, does its work, says `done`, and waits for another."""

    handle: asyncio.subprocess.Process

    @classmethod
    async def ready(cls, program: Path, *words: str) -> Self:
        """It has prepared itself."""
        started = cls(
            await asyncio.create_subprocess_exec(
                sys.executable, str(program), *words, stdin=PIPE, stdout=PIPE
            )
        )
        await started.said(b"ready")
        return started

    @property
    def process(self) -> psutil.Process:
        """What the operating system says about it."""
        return psutil.Process(self.handle.pid)

    def go(self) -> None:
        """It was told to go on."""
        assert self.handle.stdin is not None
        self.handle.stdin.write(b"go\n")

    async def done(self) -> None:
        """It has done its work, and what it took can be read until it is let go."""
        await self.said(b"done")

    async def gone(self) -> None:
        """It was let go, and has ended."""
        self.go()
        await self.handle.wait()

    async def said(self, word: bytes) -> None:
        """It said that word.

        Raises:
            AssertionError: it ended without.
        """
        assert self.handle.stdout is not None
        async for line in self.handle.stdout:
            if line.strip() == word:
                return
        raise AssertionError(f"the process ended without saying {word.decode()}")


def processor_seconds_of_all(process: psutil.Process) -> float:
    """What a process has used of processors so far, with all that it ever started."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


async def moment(at: float) -> None:
    """It is that moment, in seconds of the epoch: a load keeps to its times, and what rests is left alone, whatever becomes true."""
    await asyncio.sleep(at - time.time())
