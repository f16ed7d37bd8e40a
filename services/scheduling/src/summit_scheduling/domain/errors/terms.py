"""Terms that no slot or room of the edition could meet."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from summit_contracts.errors import Invalid


class DayNotForBilaterals(Invalid):
    """No bilateral is held on the day."""

    slug: ClassVar[str] = "day-not-for-bilaterals"
    title: ClassVar[str] = "No bilaterals on that day."

    def __init__(self, on: date, days: Sequence[date]) -> None:
        super().__init__(
            f"{on.isoformat()} is not a day for bilaterals.",
            remedy=f"Choose from {', '.join(day.isoformat() for day in days) or 'no day: the edition has none'}.",
            field="terms.days",
            days=[day.isoformat() for day in days],
        )


class StartNotASlot(Invalid):
    """No slot on the days proposed begins at the moment."""

    slug: ClassVar[str] = "start-not-a-slot"
    title: ClassVar[str] = "No slot begins then."

    def __init__(self, start_at: datetime) -> None:
        super().__init__(
            f"No slot on the days proposed begins at {start_at.isoformat()} and leaves time for the whole meeting.",
            remedy="Choose from the slots of the edition, or name days only.",
            field="terms.starts_at",
            start_at=start_at.isoformat(),
        )


class TooLong(Invalid):
    """No stretch of slots on the days proposed is that long."""

    slug: ClassVar[str] = "too-long"
    title: ClassVar[str] = "No stretch of the day is that long."

    def __init__(self, duration: timedelta) -> None:
        super().__init__(
            f"On the days proposed no stretch without a pause lasts {int(duration.total_seconds() // 60)} minutes.",
            remedy="Propose a shorter meeting or other days.",
            field="terms.minutes",
        )


class SizeUnfit(Invalid):
    """Fewer people than parties, or more than any room has seats."""

    slug: ClassVar[str] = "size-unfit"
    title: ClassVar[str] = "No room for a meeting of that size."

    def __init__(self, size: int, parties: int, seats: int) -> None:
        limit = f" to {seats}" if seats >= parties else " or more"
        super().__init__(
            f"A meeting of {parties} parties has {parties}{limit} people on these days, not {size}.",
            remedy=f"Propose a size of {parties}{limit}.",
            field="terms.size",
            parties=parties,
            seats=seats,
        )
