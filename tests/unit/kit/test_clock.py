from datetime import UTC, datetime, timedelta, timezone

import pytest

from summit_testkit.clock import Clock, FixedClock


def test_it_stands_still_until_it_is_moved(clock: FixedClock) -> None:
    watched: Clock = clock
    before = watched.now()
    assert watched.now() == before
    assert clock.tick(timedelta(days=1)) == before + timedelta(days=1) == watched.now()


def test_it_shows_utc_whatever_it_is_set_to(clock: FixedClock) -> None:
    clock.set(datetime(2022, 8, 31, 9, 0, tzinfo=timezone(timedelta(hours=-4))))
    assert clock.now().isoformat() == "2022-08-31T13:00:00+00:00"
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(clock: FixedClock) -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2022, 8, 31))  # noqa: DTZ001  the very thing that is refused


def test_it_does_not_tick_backwards(clock: FixedClock) -> None:
    with pytest.raises(ValueError, match="backwards"):
        clock.tick(timedelta(seconds=-1))
