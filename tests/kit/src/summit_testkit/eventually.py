"""Patience: what must become true soon, without a sleep in the test."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast, overload

import pytest

USUALLY = 30.0
"""Seconds: it takes one or two on an idle machine, and ten where everything else is tested at once on two slow cores."""
_FIRST_PAUSE = 0.02  # seconds
_GROWTH = 1.3
_LONGEST_PAUSE = 0.25

T = TypeVar("T")


@overload
async def eventually(assertion: Callable[[], Awaitable[T]], within: float = USUALLY) -> T: ...


@overload
async def eventually(assertion: Callable[[], T], within: float = USUALLY) -> T: ...


async def eventually(assertion: Callable[[], T | Awaitable[T]], within: float = USUALLY) -> T:
    """What `assertion()` returned the first time it did not raise, asked again and again for `within` seconds.

    It may be a function or a coroutine function; one that hangs is cut off at the end.

    Raises:
        AssertionError: it raised to the end; the text is the last failure's, and how long was waited.
    """
    start = time.monotonic()
    pause = _FIRST_PAUSE
    failure: BaseException | None = None
    tries = 0
    while True:
        tries += 1
        limit = asyncio.timeout(max(start + within - time.monotonic(), _FIRST_PAUSE))
        try:
            async with limit:
                return await _value(assertion)
        except (Exception, pytest.fail.Exception) as problem:  # noqa: BLE001  any failure may pass: a server that starts refuses connections
            # Our own limit says less than the failure before it, unless there was none.
            if failure is None or not limit.expired():
                failure = problem
        waited = time.monotonic() - start
        if waited + pause > within:
            raise AssertionError(f"not within {waited:.1f} s ({tries} tries): {_said(failure)}") from failure
        await asyncio.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


async def _value(assertion: Callable[[], T | Awaitable[T]]) -> T:
    outcome = assertion()
    if inspect.isawaitable(outcome):
        return await cast("Awaitable[T]", outcome)
    return outcome


def _said(failure: BaseException | None) -> str:
    text = str(failure)
    if isinstance(failure, AssertionError) and text:
        return text
    return f"{type(failure).__name__}: {text}" if text else f"{type(failure).__name__} without a word"
