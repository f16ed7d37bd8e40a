"""How far a bilateral has come, and what was put on its table."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from summit_contracts.meetings import BilateralTerms

MAX_ROUNDS: Final = 20
"""Counter-proposals in one thread; after that a party says yes or no."""


class Status(StrEnum):
    """How far a bilateral has come."""

    REQUESTED = "requested"
    COUNTERED = "countered"
    AGREED = "agreed"
    SCHEDULED = "scheduled"
    UNPLACED = "unplaced"
    DECLINED = "declined"
    CANCELLED = "cancelled"


PENDING: Final = frozenset({Status.REQUESTED, Status.COUNTERED})
"""Somebody is to answer."""
PLACEABLE: Final = frozenset({Status.AGREED, Status.SCHEDULED, Status.UNPLACED})
"""All have agreed: a timetable tries to place it."""
ENDED: Final = frozenset({Status.DECLINED, Status.CANCELLED})
"""Nothing happens to it any more."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one party put on the table: the request itself, or a counter-proposal."""

    by: str
    terms: BilateralTerms
    made_at: datetime
    note: str | None = None
