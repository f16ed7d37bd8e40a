"""What a bilateral meeting can be like at all: the bounds that wishes, terms, counter-proposals and walk-ins share."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from summit_contracts.values import Code, Instant

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
