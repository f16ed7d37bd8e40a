"""One server process: started apart from the terminal, ended with its launcher, watched by its exit."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from summit_cli.servers.failures import ServerDied, ServerFailed, last_lines

_PR_SET_PDEATHSIG: Final = 1
_HARD_END_WITHIN: Final = 1.0  # seconds
_FIRST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.1


@dataclass(frozen=True)
class Account:
    """A user and group of the operating system, by number."""

    uid: int
    gid: int


@dataclass
class Child:
    """A running process in a session of its own, so that Ctrl-C in the terminal reaches its launcher alone.

    On Linux the kernel sends it `farewell` when the *thread* that started it ends, however that happens:
    start children from a thread that lives as long as they shall. Elsewhere a launcher that is killed leaves
    its children behind, and the next start finds and names them (`wait_for_predecessor`).
    """

    name: str
    argv: Sequence[str]
    log: Path
    directory: Path
    farewell: signal.Signals = signal.SIGTERM
    hard: signal.Signals = signal.SIGKILL
    """How it is ended that did not end when it was asked; SIGKILL follows if even that is not heard."""
    environment: Mapping[str, str] | None = None
    account: Account | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        """The process runs; what it prints is appended to the log.

        Raises:
            ServerFailed: it runs already, or the program cannot be executed.
        """
        if self.alive:
            raise ServerFailed(f"{self.name} runs already, as process {self.pid}")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            try:
                self._process = subprocess.Popen(  # noqa: S603  the programs and arguments are ours
                    list(self.argv),
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    cwd=self.directory,
                    env=None if self.environment is None else dict(self.environment),
                    start_new_session=True,
                    preexec_fn=_tie_to_parent(self.farewell),  # noqa: PLW1509  it makes system calls only, no Python lock is taken
                    user=self.account.uid if self.account else None,
                    group=self.account.gid if self.account else None,
                    extra_groups=[] if self.account else None,
                )
            except OSError as problem:
                raise ServerFailed(f"{self.name} cannot be started: {problem}") from problem

    @property
    def alive(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process that was started last.

        Raises:
            ServerFailed: it was never started.
        """
        if self._process is None:
            raise ServerFailed(f"{self.name} was not started")
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How the process ended (negative: by that signal); None while it runs or before it was started."""
        return None if self._process is None else self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """The process was sent the signal.

        Raises:
            ServerDied: it does not run.
        """
        if self._process is None or not self.alive:
            raise ServerDied(f"{self.name} does not run, so it cannot be sent {number.name}")
        self._process.send_signal(number)

    def pause(self) -> None:
        """The process does nothing any more, until it is sent SIGCONT or ended.

        Raises:
            ServerDied: it does not run.
        """
        self.send(signal.SIGSTOP)
        # The signal stops its threads one by one: without waiting, the last may still answer somebody.
        if sys.platform != "darwin":  # which has no waitid in this Python
            os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def end(self, how: signal.Signals, *, within: float) -> None:
        """The process has ended: asked by `how`, and ended hard if it is still there after `within` seconds."""
        for number, patience in ((how, within), (self.hard, _HARD_END_WITHIN), (signal.SIGKILL, None)):
            if self._process is None or not self.alive:
                return
            self._process.send_signal(number)
            self._process.send_signal(
                signal.SIGCONT
            )  # a paused process sees no other signal until it may go on
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=patience)

    def wait_until(self, ready: Callable[[], bool], *, within: float) -> None:
        """`ready()` was true while the process was alive.

        Raises:
            ServerDied: the process ended first; the message carries the end of its log.
            ServerFailed: `within` seconds passed.
        """
        deadline = time.monotonic() + within
        pause = _FIRST_PAUSE
        while True:
            if not self.alive:
                raise ServerDied(
                    f"{self.name} ended with {self.exit_code}; {self.log}:\n{last_lines(self.log)}"
                )
            if ready():
                return
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"{self.name} does not answer after {within:g} s; {self.log}:\n{last_lines(self.log)}"
                )
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)


def wait_for_predecessor(name: str, pid_file: Path, belongs: str, *, within: float) -> None:
    """No process that an earlier launcher left on the same directory is alive, and its pid file is gone.

    `belongs` is a word that its command line must hold: numbers are given anew, above all after a power cut, and a
    stranger that carries the old number must neither be waited for nor keep the server from starting.

    Raises:
        ServerFailed: it still runs after `within` seconds.
    """
    deadline = time.monotonic() + within
    pid = _first_number(pid_file)
    while pid is not None and _runs(pid, belongs):
        if time.monotonic() > deadline:
            raise ServerFailed(f"{name} already runs on {pid_file.parent} as process {pid}; stop that first")
        time.sleep(_LONGEST_PAUSE)
    pid_file.unlink(missing_ok=True)


def _first_number(pid_file: Path) -> int | None:
    try:
        lines = pid_file.read_text(encoding="ascii", errors="replace").splitlines()
        return int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None  # absent, or torn by the power cut: nobody is known to run


def _runs(pid: int, belongs: str) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and any(belongs in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return False  # a process of somebody else is none of ours


def _tie_to_parent(farewell: signal.Signals) -> Callable[[], None] | None:
    """What a child does between fork and exec so that it gets `farewell` when its launcher dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(
        None, use_errno=True
    ).prctl  # looked up before the fork: nothing may be loaded after it
    launcher = os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != launcher:  # it died in between
            os._exit(1)

    return tie
