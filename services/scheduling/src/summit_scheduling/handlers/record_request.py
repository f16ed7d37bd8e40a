"""A delegation wishes to meet others: a bilateral is born, and joined with the other side's wish where there is one."""

from datetime import datetime

from summit_contracts.registration import BilateralRequested
from summit_scheduling.domain.bilateral import Bilateral, Change
from summit_scheduling.domain.crossing import join
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.desk import grid, keep


async def record_request(fact: BilateralRequested, *, unit: Unit, now: datetime) -> None:
    """The wish waits for its counterparts; or it has met the same wish of the other side, and both are one meeting.

    Where a counterpart has withdrawn it ends at once, so that whoever asked is told and waits for nobody.

    Raises:
        EditionUnknown: the edition has not been heard of yet; the fact will come again.
    """
    wish = Bilateral.request(fact, await grid(fact.edition_id, unit=unit))
    for first in await unit.bilaterals.hold_between(fact.edition_id, frozenset(wish.parties)):
        joined = join(first, wish, now=now)
        if joined is not None:
            await unit.bilaterals.save(joined.after, joined.ended)
            unit.stage(*joined.facts)
            return
    for counterpart in wish.counterparts:
        known = await unit.availabilities.get(fact.edition_id, counterpart)
        if known and known.is_withdrawn:
            await keep(wish.lose(counterpart, now=now), unit=unit)
            return
    await keep(Change(wish), unit=unit)
