"""The clock of one machine: the real one, or one that was shifted once so that a past summit can be played."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from summit_cli.state import State

if TYPE_CHECKING:
    from summit_contracts.editions import Edition  # every command needs a clock, few an edition

_FILE = "clock"
_BEFORE_FIRST_DAY = timedelta(weeks=13)
_AT = time(9, tzinfo=UTC)


@dataclass(frozen=True)
class Clock:
    """What all services of a machine take for the present."""

    offset: timedelta

    def now(self) -> datetime:
        """The present moment as the services see it, in UTC."""
        return datetime.now(UTC) + self.offset

    @property
    def setting(self) -> str:
        """The offset as services are told it: an ISO 8601 duration."""
        return f"{'-' if self.offset < timedelta(0) else ''}PT{abs(round(self.offset.total_seconds()))}S"

    @property
    def is_shifted(self) -> bool:
        """Whether it shows anything but the real time."""
        return bool(self.offset)

    def __str__(self) -> str:
        return f"{self.now():%Y-%m-%d %H:%M} UTC" + (" (shifted)" if self.is_shifted else "")


REAL = Clock(timedelta(0))


def kept(state: State) -> Clock | None:
    """The clock this machine was first started with; none before that."""
    seconds = state.recall(_FILE).get("offset_seconds")
    return Clock(timedelta(seconds=seconds)) if isinstance(seconds, float | int) else None


def keep(state: State, clock: Clock) -> Clock:
    """The machine goes by this clock from now on, also after the next start."""
    state.keep(_FILE, {"offset_seconds": clock.offset.total_seconds()})
    return clock


def showing(moment: datetime) -> Clock:
    """A clock that shows `moment` now."""
    # Whole seconds, so that what is written down is what was meant; never a moment too early.
    return Clock(timedelta(seconds=math.ceil((moment - datetime.now(UTC)).total_seconds())))


def in_utc(moment: datetime) -> datetime:
    """The moment that a person wrote without a zone, meaning UTC."""
    return moment.replace(tzinfo=UTC)


def fit_for(edition: "Edition") -> Clock:
    """The real clock while nominations are open, or else one that shows the morning 13 weeks before the first day."""
    if datetime.now(UTC) < edition.deadlines.nominate_by_at:
        return REAL
    return showing(datetime.combine(edition.first_day, _AT) - _BEFORE_FIRST_DAY)
