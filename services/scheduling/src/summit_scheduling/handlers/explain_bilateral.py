"""Why has an agreed meeting no place, and what would help?"""

from datetime import datetime

from summit_scheduling.domain.byhand import still_held
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.holding import Holding
from summit_scheduling.domain.planning import frozen_in, problem_for
from summit_scheduling.domain.ports import Placer, Unit
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.questioning import Circumstances
from summit_scheduling.domain.whynot import WhyNot, why_not
from summit_scheduling.handlers.desk import grid


async def circumstances(edition_id: str, bilateral_id: str, *, unit: Unit, now: datetime) -> Circumstances:
    """Everything that stands around the meeting; nothing is changed, and nothing has been asked yet.

    Raises:
        EditionUnknown, BilateralUnknown: there is nothing to explain.
    """
    of_it = await grid(edition_id, unit=unit)
    agreed = {one.bilateral_id: one for one in await unit.bilaterals.all(edition_id, PLACEABLE)}
    if bilateral_id not in agreed:
        raise BilateralUnknown(bilateral_id)
    known, rulings = await unit.availabilities.all(edition_id), await unit.rulings.get(edition_id)
    latest = await unit.timetables.latest(edition_id)
    placements = latest.placements if latest else {}
    holding = Holding(placements=placements, as_of=now)
    frozen = frozen_in(holding, of_it, agreed.values(), known, rulings)
    rulings = rulings.without_pins(frozen)
    problem = problem_for(of_it, agreed.values(), known, rulings)
    placed = still_held(problem, of_it, placements, first=frozen).assignments
    return Circumstances(of_it, rulings, known, agreed, placed, frozen, now)


async def explain_bilateral(around: Circumstances, bilateral_id: str, *, placer: Placer) -> WhyNot:
    """A smallest set of rules that keeps the meeting from a place, and ways out that were found to work."""
    bilateral = around.agreed[bilateral_id]
    asking = why_not(around.question(bilateral), around.others(bilateral))
    try:
        ask = next(asking)
        while True:
            ask = asking.send(await placer.placed_as_well(ask))
    except StopIteration as answered:
        answer: WhyNot = answered.value
        return answer
