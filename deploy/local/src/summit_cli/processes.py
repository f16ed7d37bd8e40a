"""Services as processes of their own: started, waited for, started again when they crash, stopped in time."""

import asyncio
import contextlib
import itertools
import os
import signal
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from summit_cli.servers.child import Child
from summit_cli.servers.failures import ServerDied, ServerFailed, last_lines
from summit_cli.servers.ports import LOOPBACK
from summit_cli.state import State

_GLANCE = 0.25  # seconds between two looks at a process, where nobody tells of its end
_ASK_EVERY = 0.1  # seconds between two questions whether a program is ready
_ASK_WITHIN = 2.0


@dataclass(frozen=True)
class Program:
    """What is to run, and where it answers."""

    name: str
    argv: Sequence[str]
    port: int
    """Where `GET /health/ready` says 200 once it can work."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it is told beside our own environment."""


@dataclass(frozen=True)
class Patience:
    """How long what is waited for; all in seconds."""

    first_delay: float = 0.2
    """Before a crashed program is started again; doubled after each crash in a row."""
    longest_delay: float = 10.0
    lives_well_after: float = 30.0
    """A program that lived so long crashed for a new reason: its delay is the first again."""
    early_crashes: int = 3
    """So many crashes before it was ever ready mean that it cannot run at all."""
    stops_within: float = 2.5
    """What is still there so long after SIGTERM is killed."""


ProgramOf = Callable[[str, int, Mapping[str, str]], Program]
"""How the service of that name is run, on that port and told those variables."""


def service(name: str, port: int, environment: Mapping[str, str]) -> Program:
    """The service `summit_<name>` with all its roles, with this Python."""
    return Program(name, (sys.executable, "-m", f"summit_{name}", "serve"), port, environment)


class Kept:
    """One program that is kept running until it is told to stop."""

    def __init__(
        self, program: Program, state: State, patience: Patience, tell: Callable[[str], None]
    ) -> None:
        self.program = program
        self.restarts = 0
        """How often it ended by itself and was started again."""
        self._state = state
        self._patience = patience
        self._tell = tell
        self._stopping = asyncio.Event()
        self._was_ready = False
        self._child = Child(
            name=program.name,
            argv=program.argv,
            log=state.log(program.name),
            directory=state.folder("."),
            environment=dict(os.environ) | {"PYTHONUNBUFFERED": "1"} | dict(program.environment),
        )

    @property
    def pid(self) -> int:
        """The number of the process that was started last."""
        return self._child.pid

    @property
    def log(self) -> Path:
        """What it prints."""
        return self._child.log

    @property
    def alive(self) -> bool:
        """Whether its process exists at this moment."""
        return self._child.alive

    async def keep(self) -> None:
        """It was stopped. Until then it ran, and was started again whenever it ended.

        Raises:
            ServerDied: it ended so often before it was ever ready that it cannot run at all.
        """
        in_a_row = 0
        while not self._stopping.is_set():
            self._child.start()
            self._state.note(self.program.name, self.pid, self.program.port, restarts=self.restarts)
            lived = await self._end_of_child()
            if self._stopping.is_set():
                break
            in_a_row = 1 if lived >= self._patience.lives_well_after else in_a_row + 1
            if not self._was_ready and in_a_row >= self._patience.early_crashes:
                self._state.forget(self.program.name)
                raise ServerDied(f"{self.program.name} cannot run: {self._last_words()}")
            await self._pause_after(in_a_row)
        self._state.forget(self.program.name)

    async def ready(self, client: httpx.AsyncClient) -> bool:
        """Whether it says, now, that it can work."""
        try:
            answer = await client.get(
                f"http://{LOOPBACK}:{self.program.port}/health/ready", timeout=_ASK_WITHIN
            )
        except httpx.HTTPError:
            return False
        # Who answers on the port of a dead process is somebody else.
        self._was_ready = self._was_ready or (answer.status_code == httpx.codes.OK and self.alive)
        return answer.status_code == httpx.codes.OK and self.alive

    def ask_to_stop(self) -> None:
        """It was told to end, and will not be started again."""
        self._stopping.set()
        with contextlib.suppress(ServerDied):  # it ended by itself, just before
            self._child.send(signal.SIGTERM)
            self._child.send(signal.SIGCONT)  # a paused process sees nothing else

    def kill(self) -> None:
        """It has ended, whatever it was doing."""
        self._child.end(signal.SIGKILL, within=_ASK_WITHIN)

    async def _end_of_child(self) -> float:
        start = time.monotonic()
        ended = asyncio.Event()
        with _heard_of(self._child.pid, ended):
            while self._child.alive:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), timeout=_GLANCE)
                ended.clear()
        return time.monotonic() - start

    async def _pause_after(self, crashes: int) -> None:
        delay = min(self._patience.first_delay * 2 ** (crashes - 1), self._patience.longest_delay)
        self.restarts += 1
        self._tell(
            f"{self.program.name} ended ({how_it_ended(self._child.exit_code)}) and starts again in {delay:g} s; "
            f"restart {self.restarts}, log {self._child.log}"
        )
        try:
            await asyncio.wait_for(self._stopping.wait(), timeout=delay)
        except TimeoutError:
            return

    def _last_words(self) -> str:
        return f"{how_it_ended(self._child.exit_code)}; {self._child.log}:\n{last_lines(self._child.log)}"


def _nobody(_: str) -> None:
    """Hears nothing."""


class Supervisor:
    """Programs that are kept running while this context lasts; `tell` hears, in one sentence, what went wrong.

    It starts them from the thread of its event loop, which has to be the main one: the kernel ends them with it.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        state: State,
        *,
        tell: Callable[[str], None],
        patience: Patience | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._tell = tell
        self.kept = {program.name: Kept(program, state, self._patience, tell) for program in programs}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        self._tasks = {name: asyncio.create_task(kept.keep(), name=name) for name, kept in self.kept.items()}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def ready(self, *, within: float, tell: Callable[[str], None] = _nobody) -> None:
        """Every program said once that it can work; `tell` hears of each that does.

        Raises:
            ServerFailed: one cannot run, or is not ready after `within` seconds; it is named, with the end of its log.
        """
        start = time.monotonic()
        deadline = start + within
        # The launcher's own programs are never behind a proxy, and speak plain HTTP: no certificates to load.
        async with httpx.AsyncClient(
            trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ) as client:
            missing = list(self.kept.values())
            while missing:
                self._raise_if_one_gave_up()
                answers = await asyncio.gather(*(kept.ready(client) for kept in missing))
                for kept in itertools.compress(missing, answers):
                    tell(
                        f"{kept.program.name} answers on port {kept.program.port} after {time.monotonic() - start:.1f} s"
                    )
                missing = [kept for kept, answered in zip(missing, answers, strict=True) if not answered]
                if missing and time.monotonic() > deadline:
                    raise ServerFailed(_not_ready(missing, within))
                await asyncio.sleep(_ASK_EVERY if missing else 0)

    async def watch(self) -> None:
        """Every program was stopped.

        Raises:
            ServerDied: one cannot run at all; the others still do.
        """
        await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_EXCEPTION)
        self._raise_if_one_gave_up()

    async def stop(self) -> list[str]:
        """Every program has ended; the names of those that had to be killed. Idempotent."""
        for kept in self.kept.values():
            kept.ask_to_stop()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=self._patience.stops_within)
        killed = [name for name, kept in self.kept.items() if kept.alive]
        for name in killed:
            self.kept[name].kill()
            self._tell(f"{name} did not end within {self._patience.stops_within:g} s and was killed")
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        return killed

    def _raise_if_one_gave_up(self) -> None:
        for task in self._tasks.values():
            if task.done() and not task.cancelled() and (problem := task.exception()):
                raise problem


@contextlib.contextmanager
def _heard_of(pid: int, ended: asyncio.Event) -> Iterator[None]:
    """The event is set when that child of ours ends, where the operating system tells; elsewhere one has to look."""
    try:
        handle = os.pidfd_open(pid)
    except (AttributeError, OSError):
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_reader(handle, ended.set)
    try:
        yield
    finally:
        loop.remove_reader(handle)
        os.close(handle)


def how_it_ended(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "still running"
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _not_ready(missing: Sequence[Kept], within: float) -> str:
    logs = (f"{kept.program.name}, whose log ends:\n{last_lines(kept.log)}" for kept in missing)
    return f"not ready after {within:g} s: " + "\n".join(logs)
