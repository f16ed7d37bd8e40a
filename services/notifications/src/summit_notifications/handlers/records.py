"""What becomes of letters, put on record together: changes that come while a transaction is under way share the next one.

A commit waits for the disk however little is in it. Each change is about one letter and stands for itself: one that comes too
late, or fails, takes no other with it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from summit_chassis.faults import is_passing
from summit_notifications.domain.errors import AttemptReplaced
from summit_notifications.domain.ports import Kept, Unit

_GATHERING_SECONDS: Final = 0.02
"""A transaction begins no sooner after the one before it; what comes after a rest is put on record at once."""

Begin = Callable[[], AbstractAsyncContextManager[Unit]]
Change = Callable[[Unit, Kept], Awaitable[None]]
"""What is done about a letter that is held; it may be done again. It raises AttemptReplaced, if at all, before it changes anything."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    letter_id: str
    change: Change
    done: asyncio.Future[None]

    def fail(self, fault: Exception) -> None:
        if not self.done.done():  # who asked may have gone
            self.done.set_exception(fault)

    def succeed(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


class Records:
    """The records of all letters that one process attempts."""

    def __init__(self) -> None:
        self._waiting: list[_Asked] = []
        self._clerk: asyncio.Task[None] | None = None
        self._begun_at = float("-inf")

    async def change(self, begin: Begin, letter_id: str, change: Change) -> None:
        """The change of this letter is on record.

        Raises:
            AttemptReplaced: there is no such letter any more, or the change comes too late; nothing was changed.
            Exception: what kept it from being committed; where that is a passing fault, nobody knows whether it is on record.
        """
        asked = _Asked(letter_id, change, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.create_task(self._keep(begin))
        await asked.done

    async def _keep(self, begin: Begin) -> None:
        while self._waiting:
            await asyncio.sleep(self._begun_at + _GATHERING_SECONDS - time.monotonic())
            self._begun_at = time.monotonic()
            await _recorded_or_divided(begin, self._next())

    def _next(self) -> Sequence[_Asked]:
        """All that waits, but of each letter one change: the next one is about what this one leaves."""
        first = {one.letter_id: one for one in reversed(self._waiting)}
        self._waiting = [one for one in self._waiting if first[one.letter_id] is not one]
        return list(first.values())


async def _recorded_or_divided(begin: Begin, asked: Sequence[_Asked]) -> None:
    """Everybody who asked knows what became of it; a change that cannot be made is found by making each alone."""
    try:
        too_late = await _recorded(begin, asked)
    except Exception as fault:  # noqa: BLE001  # whoever asked decides what it means
        if len(asked) == 1 or is_passing(fault):
            for one in asked:
                one.fail(fault)
            return
        for one in asked:
            await _recorded_or_divided(begin, [one])
        return
    for one in asked:
        if one.letter_id in too_late:
            one.fail(too_late[one.letter_id])
        else:
            one.succeed()


async def _recorded(begin: Begin, asked: Sequence[_Asked]) -> Mapping[str, AttemptReplaced]:
    """The changes are committed, but for those that came too late."""
    too_late: dict[str, AttemptReplaced] = {}
    async with begin() as unit:
        held = await unit.letters.hold(*(one.letter_id for one in asked))
        for one in asked:
            try:
                await _make(one, held.get(one.letter_id), unit=unit)
            except AttemptReplaced as replaced:
                too_late[one.letter_id] = replaced
    return too_late


async def _make(asked: _Asked, kept: Kept | None, *, unit: Unit) -> None:
    if kept is None:
        raise AttemptReplaced(asked.letter_id)
    await asked.change(unit, kept)
