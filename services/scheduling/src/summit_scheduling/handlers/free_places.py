"""The desk: where could these still meet, everything else staying where it is?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from summit_contracts.editions import Edition
from summit_contracts.scheduling import Placement
from summit_contracts.values import Language
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.ports import Marked, Unit
from summit_scheduling.domain.progress import PLACEABLE, Status
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.domain.vacancies import Vacancies
from summit_scheduling.domain.walkin import WalkIn, arrange
from summit_scheduling.handlers import desk


class Known(NamedTuple):
    """What was worked out last, and of what, with the mark of the whole."""

    mark: str
    edition: Edition
    placed: Mapping[str, Marked[Bilateral]]
    availabilities: Mapping[str, Marked[Availability]]
    timetable: Timetable | None
    vacancies: Vacancies


Remembered = dict[str, Known]
"""By edition: between two changes the desk asks often."""


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
    known = await _known(edition_id, unit=unit, remembered=remembered)
    asked = await unit.bilaterals.get(edition_id, bilateral_id)
    if asked is None or asked.status not in PLACEABLE:
        raise BilateralUnknown(bilateral_id)
    return known.vacancies.places(asked, now=now, limit=limit)


async def free_places_between(
    edition_id: str,
    walk_in: WalkIn,
    *,
    unit: Unit,
    now: datetime,
    limit: int = 10,
    remembered: Remembered,
) -> Sequence[Placement]:
    """The same for parties who have agreed to nothing yet, as if they had arranged it.

    Raises:
        EditionUnknown: no such edition was published.
        Refusal: they could not arrange it (`WalkIn.check`, `WalkIn.terms`).
    """
    known = await _known(edition_id, unit=unit, remembered=remembered)
    between = await unit.bilaterals.between(edition_id, frozenset(walk_in.parties))
    walk_in.check(known.edition, known.vacancies.known, between, now=now)
    asked = arrange(
        walk_in,
        bilateral_id="walk-in",
        topic="walk-in",
        language=Language.ENGLISH,
        priority=1,
        grid=known.vacancies.grid,
        now=now,
    )
    return known.vacancies.places(asked.after, now=now, limit=limit)


async def _known(edition_id: str, *, unit: Unit, remembered: Remembered) -> Known:
    """What the timetable that holds leaves free; worked out anew only where something has changed.

    Raises:
        EditionUnknown: no such edition was published.
    """
    mark = await unit.mark(edition_id)  # read before the rest: what changes in between is in the next mark
    known = remembered.get(edition_id)
    if known is None or known.mark != mark:
        known = remembered[edition_id] = await _work_out(edition_id, mark, known, unit=unit)
    return known


async def _work_out(edition_id: str, mark: str, before: Known | None, *, unit: Unit) -> Known:
    """The same after a change; of what was known before, what has changed is read again."""
    edition = await desk.edition(edition_id, unit=unit)
    scheduled = frozenset({Status.SCHEDULED})
    placed = await unit.bilaterals.marked(edition_id, scheduled, before.placed if before else {})
    availabilities = await unit.availabilities.marked(edition_id, before.availabilities if before else {})
    timetable = await unit.timetables.latest(edition_id, known=before.timetable if before else None)
    vacancies = Vacancies.of(
        Grid.of(edition),
        [one.value for one in placed.values()],
        {code: one.value for code, one in availabilities.items()},
        await unit.rulings.get(edition_id),
        timetable,
    )
    return Known(mark, edition, placed, availabilities, timetable, vacancies)
