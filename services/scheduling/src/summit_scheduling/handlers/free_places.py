"""The desk: where could these still meet, everything else staying where it is?"""

from collections.abc import Sequence
from datetime import datetime

from summit_contracts.scheduling import Placement
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PLACEABLE, Status
from summit_scheduling.domain.vacancies import Vacancies
from summit_scheduling.handlers.desk import grid

Remembered = dict[str, tuple[str, Vacancies]]
"""By edition, what was worked out last, and the mark that it was worked out under: between two changes the desk asks often."""


async def free_places(
    edition_id: str,
    bilateral_id: str,
    *,
    unit: Unit,
    now: datetime,
    limit: int = 10,
    remembered: Remembered,
) -> Sequence[Placement]:
    """The next places that an agreed meeting could have, everything else staying where it is; the earliest first.

    Raises:
        EditionUnknown, BilateralUnknown: there is nothing to place.
    """
    of_it = await grid(edition_id, unit=unit)
    asked = await unit.bilaterals.get(edition_id, bilateral_id)
    if asked is None or asked.status not in PLACEABLE:
        raise BilateralUnknown(bilateral_id)
    mark = await unit.mark(edition_id)  # read before the rest: what changes in between is in the next mark
    known_mark, vacancies = remembered.get(edition_id, (None, None))
    if vacancies is None or known_mark != mark:
        vacancies = Vacancies.of(
            of_it,
            await unit.bilaterals.all(edition_id, frozenset({Status.SCHEDULED})),
            await unit.availabilities.all(edition_id),
            await unit.rulings.get(edition_id),
            await unit.timetables.latest(edition_id),
        )
        remembered[edition_id] = mark, vacancies
    return vacancies.places(asked, now=now, limit=limit)
