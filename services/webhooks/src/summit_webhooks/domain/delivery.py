"""The delivery of one fact to one webhook: waiting → delivered, or given up; and back, when it is said again.

A fact is posted at least once: an answer that is lost makes it be posted again, with the same `webhook-id`.
Facts of one aggregate are posted in their order; a later one waits until the earlier is delivered or given up.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from zlib import crc32

_GROWTH = (1, 6, 24, 120, 360, 720, 1440, 2880, 5760, 8640, 8640, 8640)
"""Waits in multiples of the first: with 5 s they are 5 s, 30 s, 2 min, 10 min … 12 h, two days in all."""
_LONGEST_REST = 60
"""The longest rest of a webhook between attempts, in multiples of the first wait: 5 min."""
_GONE = 410
LEASE = timedelta(minutes=2)
"""How long one attempt is left alone. Longer than any receiver may take."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a receiver made of a post."""

    status: int | None
    """The HTTP status it answered; none where no answer came."""
    reason: str
    """In a word: `taken`, `refused`, `timeout`, `unreachable`, `internal_address`, `certificate`."""
    took: timedelta
    """From the look-up of its name to the answer."""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took it. A redirect is no answer: whoever moved has to say so to us."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more posts. Source: Standard Webhooks, "410 Gone"."""
        return self.status == _GONE


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fact on its way to one webhook. Every method returns what is true afterwards and changes nothing."""

    webhook: str
    number: int
    """The fact's place in the order they were heard in."""
    event_id: str
    type: str
    state: DeliveryState
    due_at: datetime
    attempts: int = 0

    def begun(self, now: datetime) -> Self:
        """An attempt is under way; whoever makes it has until the lease ends."""
        return replace(self, attempts=self.attempts + 1, due_at=now + LEASE)

    def ended(self, outcome: Outcome, now: datetime, first_wait: timedelta) -> Self:
        """It is delivered, or waits longer than before, or is given up."""
        if outcome.is_taken:
            return replace(self, state=DeliveryState.DELIVERED)
        if self.attempts > len(_GROWTH):
            return replace(self, state=DeliveryState.GIVEN_UP)
        spread = 1 + (crc32(f"{self.webhook}/{self.number}".encode()) % 1000) / 10_000
        return replace(self, due_at=now + first_wait * _GROWTH[self.attempts - 1] * spread)

    def again(self, now: datetime) -> Self:
        """It is delivered anew, as if for the first time."""
        return replace(self, state=DeliveryState.WAITING, due_at=now, attempts=0)


def rest_after(failures: int, first_wait: timedelta) -> timedelta:
    """How long a webhook rests that failed so often without taking anything in between."""
    return first_wait * min(_GROWTH[min(failures, len(_GROWTH) - 1)], _LONGEST_REST)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line of a webhook's log."""

    event_id: str
    type: str
    attempt: int
    at: datetime
    status: int | None
    reason: str
    took: timedelta
