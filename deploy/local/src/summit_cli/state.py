"""The directory `var/`: what one machine keeps between two starts, and who runs on it now."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from summit_cli.servers.ports import free_port, is_free

_SAME_BIRTH = (
    5.0  # seconds; the kernel tells the age of a process, and the clock it is counted from may be set
)


class AlreadyRunning(Exception):
    """Another launcher holds this directory."""


@dataclass(frozen=True)
class Running:
    """A process as its launcher noted it."""

    name: str
    pid: int
    port: int
    started_at: datetime
    restarts: int
    """How often it ended by itself and was started again since the launcher started."""
    log: Path


class State:
    """What lies under `directory`: `ports.json`, `lock`, and the folders `run`, `logs`, `keys`, one for each server."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()

    def folder(self, name: str) -> Path:
        """The folder of that name, which exists."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def log(self, name: str) -> Path:
        """Where the process of that name writes its log."""
        return self.folder("logs") / f"{name}.log"

    @contextlib.contextmanager
    def claimed(self) -> Iterator[None]:
        """Nobody else starts anything on this directory meanwhile. A launcher that dies lets go by dying.

        Raises:
            AlreadyRunning: somebody does already.
        """
        path = self.folder(".") / "lock"
        with path.open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise AlreadyRunning(f"Summit runs here already, as process {lock.read().strip()}") from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)

    def reserve(self, name: str, *, preferred: int | None = None) -> int:
        """The port of `name`: the one of the last start, or else the preferred one, or else any; kept from now on.

        Only for who has claimed the directory and does not run `name` yet: a port in use is given up for another.
        """
        ports = self.ports()
        wanted = (ports.get(name), preferred)
        port = next((port for port in wanted if port is not None and is_free(port)), None) or free_port()
        if ports.get(name) != port:
            _write(self.folder(".") / "ports.json", ports | {name: port})
        return port

    def ports(self) -> dict[str, int]:
        """The port of each name that has ever had one."""
        ports = _read(self.directory / "ports.json")
        return {name: port for name, port in ports.items() if isinstance(port, int)}

    def recall(self, name: str) -> dict[str, object]:
        """What was kept under that name; empty if nothing was."""
        return _read(self.directory / f"{name}.json")

    def keep(self, name: str, words: dict[str, object]) -> None:
        """It can be recalled under that name, also after the next start; what was kept there before is gone."""
        _write(self.folder(".") / f"{name}.json", words)

    def note(self, name: str, pid: int, port: int, *, restarts: int = 0, log: Path | None = None) -> None:
        """It is written down that `name` runs as that process."""
        running = Running(name, pid, port, datetime.now(UTC), restarts, log or self.log(name))
        words = asdict(running) | {
            "started_at": running.started_at.isoformat(),
            "log": str(running.log),
            "born": _born(pid),
        }
        _write(self.folder("run") / f"{name}.json", words)

    def forget(self, name: str) -> None:
        """It is not written down any more that `name` runs."""
        (self.directory / "run" / f"{name}.json").unlink(missing_ok=True)

    def running(self) -> list[Running]:
        """What was noted and is alive, in the order in which it was first started."""
        found = [_alive(_read(path)) for path in sorted((self.directory / "run").glob("*.json"))]
        return sorted((running for running in found if running), key=lambda running: running.started_at)


def _alive(words: dict[str, object]) -> Running | None:
    """The process that was noted; None if it is gone, though its number may live on in another."""
    match words:
        case {
            "name": str(name), "pid": int(pid), "port": int(port), "started_at": str(started_at),
            "restarts": int(restarts), "log": str(log), "born": float(born),
        }:  # fmt: skip
            now = _born(pid)
            if now is None or abs(now - born) > _SAME_BIRTH:
                return None
            return Running(name, pid, port, datetime.fromisoformat(started_at), restarts, Path(log))
        case _:
            return None


def _born(pid: int) -> float | None:
    """When the process was started, in seconds of the epoch; None if there is none (a zombie is none)."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.NoSuchProcess:
        return None


def _read(path: Path) -> dict[str, object]:
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # absent, or spoiled by a power cut: what stands in it can be found anew
    return words if isinstance(words, dict) else {}


def _write(path: Path, words: dict[str, object] | dict[str, int]) -> None:
    """The file holds that, or after a crash still what it held before."""
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(words, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(path)
