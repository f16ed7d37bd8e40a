"""From `summit up` until everything is ready, and what it takes when nobody asks for anything."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import pytest

from summit_cli.services import SERVICES
from summit_cli.state import State
from summit_testkit.measured import moment
from summit_testkit.written import tell

STARTS: Final = 3
"""The first on a fresh directory, where databases are made; the others find them."""
RESTS_FOR: Final = float(os.environ.get("SUMMIT_REST_SECONDS", "30"))
_SETTLES_WITHIN: Final = 5.0
_MIB: Final = 2**20


@dataclass(frozen=True)
class Use:
    """What a group of processes has taken so far, or takes now."""

    processor: float
    """Seconds of one core since each was started."""
    proportional: int
    """Bytes, of shared pages each process's share."""
    resident: int
    """Bytes, with shared pages counted in every process."""

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.processor + other.processor,
            self.proportional + other.proportional,
            self.resident + other.resident,
        )


NOTHING: Final = Use(0.0, 0, 0)


@asynccontextmanager
async def up(state: State) -> AsyncIterator[tuple[asyncio.subprocess.Process, float]]:
    """Everything runs; the launcher, and the seconds from the command until it said so."""
    start = time.perf_counter()
    launcher = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "summit_cli.main", "--var", str(state.directory), "up",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"COLUMNS": "200", "SUMMIT_PORTAL_PORT": "0"},
    )  # fmt: skip
    try:
        assert launcher.stdout is not None
        said = b""
        async for line in launcher.stdout:
            said += line
            if b"Ctrl-C stops" in line:
                break
        else:
            pytest.fail(said.decode())
        yield launcher, time.perf_counter() - start
    finally:
        launcher.send_signal(signal.SIGINT)
        await launcher.communicate()


def used_by(launcher: int, state: State) -> dict[str, Use]:
    """Of the launcher, of each server with all its processes, and of each service."""
    tops = {one.pid: one.name for one in state.running()} | {launcher: "launcher"}
    found: dict[str, Use] = {}
    for process in [psutil.Process(launcher), *psutil.Process(launcher).children(recursive=True)]:
        name = next(tops[one] for one in _line_of(process) if one in tops)
        times, memory = process.cpu_times(), process.memory_full_info()
        use = Use(times.user + times.system, memory.pss, memory.rss)
        found[name] = found.get(name, NOTHING) + use
    return found


def _line_of(process: psutil.Process) -> list[int]:
    """Its number, and those of its parents, the nearest first."""
    return [process.pid, *(one.pid for one in process.parents())]


@pytest.mark.timeout(600)
async def test_start_and_rest(server_directory: Path) -> None:
    state = State(server_directory / "at-rest")
    starts: list[float] = []
    busy: list[float] = []
    for _ in range(STARTS - 1):
        async with up(state) as (launcher, seconds):
            starts.append(seconds)
            busy.append(sum(one.processor for one in used_by(launcher.pid, state).values()))
    async with up(state) as (launcher, seconds):
        starts.append(seconds)
        begun = used_by(launcher.pid, state)
        busy.append(sum(one.processor for one in begun.values()))
        await moment(time.time() + _SETTLES_WITHIN)  # what a start leaves behind is no rest
        before = used_by(launcher.pid, state)
        await moment(time.time() + RESTS_FOR)
        after = used_by(launcher.pid, state)
    assert {*SERVICES, "launcher", "nats", "postgres"} == set(after)
    tell("test_at_rest.py", _table(starts, busy, begun, before, after))


def _table(
    starts: list[float],
    busy: list[float],
    begun: dict[str, Use],
    before: dict[str, Use],
    after: dict[str, Use],
) -> str:
    rows = [
        f"| {name} | {begun[name].processor:.2f} | {_memory(use)} | {_idle(before[name], use)} |"
        for name, use in sorted(after.items(), key=lambda one: -one[1].proportional)
    ]
    total, rested = sum(after.values(), NOTHING), sum(before.values(), NOTHING)
    first, *later = zip(starts, busy, strict=True)
    again = " and ".join(f"{seconds:.1f} s ({cpu:.1f} s)" for seconds, cpu in later)
    starting = (
        f"From `summit up` until everything is ready (processor, all processes): {first[0]:.1f} s ({first[1]:.1f} s)"
        f" on a fresh directory, {again} on one that was used before."
    )
    return "\n".join(
        [
            starting,
            "",
            "| process | processor until ready, s | memory at rest, MiB (PSS) | resident, MiB | processor at rest, thousandths of a core |",
            "|---|---|---|---|---|",
            *rows,
            f"| **together** | {busy[-1]:.1f} | {_memory(total)} | {_idle(rested, total)} |",
        ]
    )


def _memory(use: Use) -> str:
    return f"{use.proportional / _MIB:.0f} | {use.resident / _MIB:.0f}"


def _idle(before: Use, after: Use) -> str:
    return f"{(after.processor - before.processor) / RESTS_FOR * 1000:.0f}"
