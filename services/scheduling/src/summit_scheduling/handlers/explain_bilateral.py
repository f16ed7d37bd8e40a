"""Why has an agreed meeting no place, and which would it have if something gave way?"""

from collections.abc import Sequence

from summit_scheduling.domain.byhand import still_held
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.planning import problem_for
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.whynot import Alternative, WhyNot
from summit_scheduling.handlers.desk import grid


async def explain_bilateral(
    edition_id: str, bilateral_id: str, *, unit: Unit, limit: int = 5
) -> Sequence[Alternative]:
    """The places of an agreed meeting against which least stands, with what stands against each; nothing is changed.

    Raises:
        EditionUnknown, BilateralUnknown: there is nothing to explain.
    """
    of_it = await grid(edition_id, unit=unit)
    agreed = {one.bilateral_id: one for one in await unit.bilaterals.all(edition_id, PLACEABLE)}
    bilateral = agreed.get(bilateral_id)
    if bilateral is None:
        raise BilateralUnknown(bilateral_id)
    known, rulings = await unit.availabilities.all(edition_id), await unit.rulings.get(edition_id)
    problem = problem_for(of_it, agreed.values(), known, rulings)
    latest = await unit.timetables.latest(edition_id)
    placed = still_held(problem, of_it, latest.placements if latest else {})
    others = (one for one in placed if one.meeting != bilateral_id)
    return WhyNot(problem, of_it, rulings, known, others).alternatives(bilateral, limit=limit)
