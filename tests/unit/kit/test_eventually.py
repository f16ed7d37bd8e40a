import asyncio
import time

import pytest

from summit_testkit.eventually import eventually


async def test_it_returns_what_the_assertion_returned_once_it_holds() -> None:
    calls = 0

    def third_time_lucky() -> str:
        nonlocal calls
        calls += 1
        assert calls == 3, f"only {calls}"
        return "lucky"

    assert await eventually(third_time_lucky) == "lucky"


async def test_it_awaits_coroutines_and_waits_through_any_failure() -> None:
    calls = 0

    async def refused_at_first() -> int:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        if calls < 3:
            raise ConnectionRefusedError("not yet")
        return calls

    assert await eventually(refused_at_first) == 3


async def test_it_fails_with_the_last_words_and_the_time_it_waited() -> None:
    letters = 2

    def three_letters() -> None:
        assert letters == 3, f"{letters} letters, not 3"

    with pytest.raises(AssertionError, match=r"not within 0\.\d s \(\d+ tries\): 2 letters, not 3"):
        await eventually(three_letters, within=0.1)


async def test_it_waits_for_a_failure_that_is_expected_and_does_not_come_yet() -> None:
    calls = 0

    def knock() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise ConnectionRefusedError

    def refused_in_the_end() -> None:
        with pytest.raises(ConnectionRefusedError):
            knock()

    await eventually(refused_in_the_end)
    assert calls == 3


async def test_it_names_a_failure_that_says_nothing() -> None:
    def silent() -> None:
        raise ConnectionError

    with pytest.raises(AssertionError, match="ConnectionError without a word"):
        await eventually(silent, within=0)


async def test_it_cuts_off_an_assertion_that_hangs_and_keeps_the_failure_before() -> None:
    calls = 0

    async def fails_then_hangs() -> None:
        nonlocal calls
        calls += 1
        assert calls > 1, "the first failure"
        await asyncio.Event().wait()

    start = time.monotonic()
    with pytest.raises(AssertionError, match="the first failure"):
        await eventually(fails_then_hangs, within=0.2)
    assert time.monotonic() - start < 5


async def test_it_lets_a_cancellation_through() -> None:
    def never() -> None:
        raise AssertionError

    waiting = asyncio.create_task(eventually(never, within=60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
