"""A form sent again is answered as the first time, for a minute and not longer, and never where it was refused."""

import asyncio

import pytest

from summit_portal.shell.lately import SECONDS, Lately


class Door:
    """Counts who knocked, and refuses as often as it is told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.knocks, self._refusals = 0, refusals

    async def open(self) -> int:
        """The number of the knock."""
        self.knocks += 1
        if self.knocks <= self._refusals:
            raise PermissionError
        return self.knocks


async def test_two_at_once_are_one_and_another_form_is_another() -> None:
    lately, door = Lately(), Door()
    assert await asyncio.gather(*(lately.once("a", door.open) for _ in range(2))) == [1, 1]
    assert await lately.once("b", door.open) == 2


async def test_what_was_refused_is_asked_anew() -> None:
    lately, door = Lately(), Door(refusals=1)
    with pytest.raises(PermissionError):
        await lately.once("a", door.open)
    assert await lately.once("a", door.open) == 2


async def test_after_a_minute_nothing_is_remembered() -> None:
    now = 0.0
    lately, door = Lately(lambda: now), Door()
    assert await lately.once("a", door.open) == 1
    now = SECONDS
    assert await lately.once("a", door.open) == 2
