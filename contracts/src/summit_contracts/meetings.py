"""What a bilateral meeting is to be like: its terms, and the bounds that wishes, counter-proposals and walk-ins share."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from summit_contracts.values import Code, Instant, Rank, Value

MOST_NEEDS: Final = 10

Priority = Annotated[int, Field(ge=1, le=3)]
"""1 must, 2 should, 3 could."""

Minutes = Annotated[int, Field(ge=5, le=480)]
"""How long it is to last."""

Size = Annotated[int, Field(ge=2, le=60)]
"""People in the room, all sides together."""

Days = Annotated[tuple[date, ...], Field(max_length=31)]
"""Days for bilaterals of the edition, in its time zone."""

Starts = Annotated[tuple[Instant, ...], Field(max_length=200)]
"""Moments at which it may begin."""

Needs = Annotated[tuple[Code, ...], Field(max_length=MOST_NEEDS)]
"""Equipment that the room is to have, e.g. `interpretation`."""


class BilateralTerms(Value):
    """What a meeting is to be like: at which level, how long, for how many, when."""

    level: Rank
    """The least rank with which every party is to be represented."""
    minutes: Minutes
    """How long it is to last."""
    size: Size
    """People in the room, all sides together."""
    days: Annotated[Days, Field(min_length=1)]
    """On which of the edition's days for bilaterals it may be held, in the edition's time zone."""
    starts_at: Starts = ()
    """The only moments at which it may begin; empty means any on these days."""
    needs: Needs = ()
    """Equipment that the room is to have, e.g. `interpretation`; of what the edition counts, the meeting takes one."""
