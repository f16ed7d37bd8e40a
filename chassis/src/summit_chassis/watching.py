"""Looks whether a service's streams are as they have to be: somebody may have changed one by hand, and nothing else would say so."""

import asyncio
import contextlib
from collections.abc import Sequence

from nats.errors import Error as NatsError

from summit_chassis.connection import SummitClient
from summit_chassis.provisioner import REMEDY, stream_fault
from summit_chassis.telemetry import get_logger
from summit_contracts.fact import Stream

log = get_logger(__name__)

_LOOK_AGAIN_SECONDS = 60.0


class StreamWatch:
    """What is wrong is logged when it is found, once."""

    def __init__(self, client: SummitClient, streams: Sequence[Stream]) -> None:
        self._client = client
        self._found: dict[Stream, str | None] = dict.fromkeys(streams)
        self._soon = asyncio.Event()

    def look_soon(self) -> None:
        """The streams may be others than before."""
        self._soon.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks at once, after `look_soon`, and every minute, until asked to stop."""
        while not stopping.is_set():
            self._soon.clear()
            for stream in self._found:
                # A server that does not answer is told of elsewhere.
                with contextlib.suppress(NatsError, OSError):
                    await self._look_at(stream)
            waiting = [asyncio.create_task(one.wait()) for one in (self._soon, stopping)]
            await asyncio.wait(waiting, timeout=_LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()

    async def _look_at(self, stream: Stream) -> None:
        fault = await stream_fault(self._client, stream)
        if fault and fault != self._found[stream]:
            log.error("stream.fault", stream=stream.value, fault=fault, remedy=REMEDY)
        self._found[stream] = fault
