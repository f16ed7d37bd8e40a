"""Work that goes on in the background until the process is to stop, whatever happens to it meanwhile."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial

from summit_chassis.database import is_passing
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

Worker = Callable[[asyncio.Event], Awaitable[None]]
"""Something that goes on in the background until the event is set."""

_BEGINS_ANEW_SECONDS = 1.0


async def kept_going(worker: Worker, stopping: asyncio.Event) -> None:
    """The worker has worked until it was to stop: however it ended before, that was logged, and it began anew after a second."""
    while not stopping.is_set():
        ended = await _end_of(worker, stopping)
        if ended is not None or not stopping.is_set():
            is_ours = not is_passing(ended) if ended else True
            (log.error if is_ours else log.warning)(
                "worker.ended",
                worker=_name(worker),
                error=repr(ended) if ended else "it returned",
                exc_info=ended if is_ours else None,
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), timeout=_BEGINS_ANEW_SECONDS)


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
