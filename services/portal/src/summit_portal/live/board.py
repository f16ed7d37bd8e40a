"""What happens, for everybody who looks on: one look at the database for all of them, and nobody misses anything."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Sequence

from summit_chassis.telemetry import get_logger
from summit_portal.readmodel.figures import Figures
from summit_portal.readmodel.happenings import Happening, Happenings
from summit_portal.readmodel.reader import Reader

log = get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
"""After so much silence an empty message goes out, so that a connection that is gone is noticed."""
_BETWEEN_LOOKS = 0.3
_AT_ONCE = 500
_REMEMBERED = 2_000
"""Happenings kept in memory; whoever is further behind reads the database until they have caught up."""


class Board:
    """The happenings, for the visitors of one process. It looks while anybody follows, and not otherwise."""

    def __init__(self, happenings: Happenings, reader: Reader) -> None:
        self._happenings = happenings
        self._reader = reader
        self._recent: deque[Happening] = deque(maxlen=_REMEMBERED)
        self._begun_at = 0
        self._last = 0
        self._moved = asyncio.Event()
        self._followers = 0
        self._watching: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()
        self._counting = asyncio.Lock()
        self._counted: dict[str, tuple[int, Figures]] = {}

    async def facts(
        self, edition_id: str, after: int | None, stopping: asyncio.Event
    ) -> AsyncIterator[Sequence[Happening]]:
        """All that comes after that number, or from now on; nothing now and then, which is a heartbeat. Ends with the process."""
        async with self._following(stopping):
            at = self._last if after is None else after
            while not stopping.is_set():
                moved = self._moved
                found, at = await self._since(edition_id, at)
                if found:
                    yield found
                elif at >= self._last and not await _set_within(moved, HEARTBEAT_SECONDS):
                    yield ()

    async def figures(
        self, edition_id: str, stopping: asyncio.Event
    ) -> AsyncIterator[tuple[int, Figures] | None]:
        """The figures now and whenever they have changed; none now and then, which is a heartbeat. Ends with the process."""
        said: Figures | None = None
        async with self._following(stopping):
            while not stopping.is_set():
                moved = self._moved
                seq, now = await self._figures(edition_id)
                if now != said:
                    said = now
                    yield seq, now
                elif not await _set_within(moved, HEARTBEAT_SECONDS):
                    yield None

    @contextlib.asynccontextmanager
    async def _following(self, stopping: asyncio.Event) -> AsyncIterator[None]:
        self._followers += 1
        try:
            async with self._beginning:
                if self._watching is None or self._watching.done():
                    self._begun_at = self._last = await self._happenings.last()
                    self._recent.clear()
                    self._watching = asyncio.create_task(self._watch(stopping))
            yield
        finally:
            self._followers -= 1

    async def _watch(self, stopping: asyncio.Event) -> None:
        while self._followers and not stopping.is_set():
            try:
                while came := await self._happenings.after(self._last, most=_AT_ONCE):
                    self._recent.extend(came)
                    self._last = came[-1].seq
                    self._wake()
            except Exception as fault:  # noqa: BLE001  # whatever keeps the database away, it is asked again
                log.warning("live.fault", error=repr(fault))
            await _set_within(stopping, _BETWEEN_LOOKS)
        self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _since(self, edition_id: str, at: int) -> tuple[Sequence[Happening], int]:
        """What came after `at` in that summit, and the number up to which all is known by that."""
        last = self._last
        if at >= self._remembered_after:
            # The database may have told of more already than was looked at here.
            found = [one for one in self._recent if one.seq > at and one.edition_id == edition_id]
            return found, max(at, last)
        read = await self._happenings.after(at, most=_AT_ONCE, edition_id=edition_id)
        if len(read) == _AT_ONCE:
            return read, read[-1].seq
        return read, max([at, last, *(one.seq for one in read)])

    @property
    def _remembered_after(self) -> int:
        """All that came after this number is in memory."""
        is_full = len(self._recent) == self._recent.maxlen
        return self._recent[0].seq - 1 if is_full else self._begun_at

    async def _figures(self, edition_id: str) -> tuple[int, Figures]:
        async with self._counting:
            last = self._last
            known = self._counted.get(edition_id)
            if known is None or known[0] < last:
                known = self._counted[edition_id] = (last, await self._reader.figures(edition_id))
            return known


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set in that time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
