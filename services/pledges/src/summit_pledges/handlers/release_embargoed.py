"""Embargoes that have passed: what they kept is published."""

from datetime import datetime
from typing import Final

from summit_contracts.promises import Side
from summit_pledges.domain.history import Actor
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.desk import keep

CLOCKWORK: Final = Actor(Side.SECRETARIAT, "service/pledges")
"""Who lifts an embargo: nobody decides anything any more."""


async def release_embargoed(*, unit: Unit, now: datetime, limit: int = 50) -> int:
    """Up to `limit` pledges whose embargo has passed are published as they stand; says how many."""
    lapsed = await unit.pledges.hold_under_lapsed_embargo(now, limit=limit)
    for pledge in lapsed:
        await keep(pledge.lift_embargo(by=CLOCKWORK, at=now), unit=unit)
    return len(lapsed)
