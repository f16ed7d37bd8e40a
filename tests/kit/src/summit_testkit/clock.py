"""Time that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever knows the time."""

    def now(self) -> datetime:
        """This instant, in UTC and aware of it."""
        ...


class FixedClock:
    """A clock that shows what it was set to."""

    def __init__(self, now: datetime = datetime(2022, 6, 1, 9, 0, tzinfo=UTC)) -> None:
        self._now = _in_utc(now)

    def now(self) -> datetime:
        """The instant it was set to, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """It shows `now`, which may lie before what it showed.

        Raises:
            ValueError: `now` does not say its time zone.
        """
        self._now = _in_utc(now)

    def tick(self, by: timedelta = timedelta(seconds=1)) -> datetime:
        """It shows what it showed plus `by`, and that is returned.

        Raises:
            ValueError: `by` is negative; time is turned back by `set` alone.
        """
        if by < timedelta(0):
            raise ValueError(f"a clock does not tick backwards: {by}")
        self._now += by
        return self._now


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} does not say its time zone")
    return moment.astimezone(UTC)
