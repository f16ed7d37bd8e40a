"""Work that goes on in the background until the process is to stop, whatever happens to it meanwhile."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from summit_chassis.faults import is_passing
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

Worker = Callable[[asyncio.Event], Awaitable[None]]
"""Something that goes on in the background until the event is set."""

_BEGINS_ANEW_SECONDS = 1.0
_SOON_SECONDS = 5.0
"""Who ends no later after a beginning got nowhere; who goes on for longer works."""
_TOO_OFTEN = 3


@dataclass(eq=False)
class _Course:
    """How one worker fares."""

    name: str
    begun_at: float = 0.0
    soon_over: int = 0
    """So many times in a row, up to now, it ended soon."""
    last: str = ""

    def begins(self) -> None:
        self.begun_at = time.monotonic()

    def ends(self, failure: BaseException | None) -> None:
        self.soon_over = self.soon_over + 1 if self._is_young else 0
        self.last = type(failure).__name__ if failure else "a return"

    @property
    def fault(self) -> str | None:
        if self.soon_over < _TOO_OFTEN or not self._is_young:
            return None
        return f"{self.name} ended {self.soon_over} times in a row, the last time by {self.last}"

    @property
    def _is_young(self) -> bool:
        return time.monotonic() - self.begun_at < _SOON_SECONDS


class Courses:
    """How the workers of a process fare."""

    def __init__(self) -> None:
        self._courses: list[_Course] = []

    @contextmanager
    def of(self, name: str) -> Iterator[_Course]:
        """A worker's, for as long as it is kept going."""
        course = _Course(name)
        self._courses.append(course)
        try:
            yield course
        finally:
            self._courses.remove(course)

    async def fault(self) -> str | None:
        """Who ends again and again, how often, and by what kind of fault; the log has the fault itself, which may name persons."""
        faults = [fault for course in self._courses if (fault := course.fault)]
        return f"{', '.join(faults)}; see `worker.ended` in the log" if faults else None


async def kept_going(worker: Worker, stopping: asyncio.Event, courses: Courses) -> None:
    """The worker has worked until it was to stop: however it ended before, that was logged, and it began anew after a second."""
    with courses.of(_name(worker)) as course:
        while not stopping.is_set():
            course.begins()
            ended = await _end_of(worker, stopping)
            if ended is not None or not stopping.is_set():
                course.ends(ended)
                _tell(course.name, ended)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), timeout=_BEGINS_ANEW_SECONDS)


def _tell(name: str, ended: BaseException | None) -> None:
    is_ours = not is_passing(ended) if ended else True
    (log.error if is_ours else log.warning)(
        "worker.ended",
        worker=name,
        error=repr(ended) if ended else "it returned",
        exc_info=ended if is_ours else None,
    )


async def _end_of(worker: Worker, stopping: asyncio.Event) -> BaseException | None:
    """What it ended with, or none where it returned."""
    try:
        await worker(stopping)
    except Exception as failure:  # noqa: BLE001  # a worker outlives its faults
        return failure
    except asyncio.CancelledError as cancelled:
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        return cancelled  # by something it waited for: nobody asked this worker to end
    return None


def _name(worker: Worker) -> str:
    whole = worker.func if isinstance(worker, partial) else worker
    return getattr(whole, "__qualname__", repr(whole))
