"""What can be read of scheduling. Nothing here changes anything or holds anybody up."""

from collections.abc import Sequence

from summit_chassis.answers import Page
from summit_chassis.answers import page as page_of
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.errors.timetables import PlanFileNotKept, SolveUnknown, TimetableUnknown
from summit_scheduling.domain.fairness import Share, shares
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.ports import Census, Unit
from summit_scheduling.domain.progress import Status
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.solve import Solve
from summit_scheduling.domain.timetable import Difference, Timetable
from summit_scheduling.handlers import desk


async def bilateral(edition_id: str, bilateral_id: str, *, unit: Unit) -> Bilateral:
    """The bilateral.

    Raises:
        BilateralUnknown: there is none.
    """
    found = await unit.bilaterals.get(edition_id, bilateral_id)
    if found is None:
        raise BilateralUnknown(bilateral_id)
    return found


async def bilaterals(
    edition_id: str, *, unit: Unit, party: str | None = None, after: str | None = None, limit: int = 100
) -> Page[Bilateral]:
    """Bilaterals in the order of ids; `party` none means of everybody."""
    rows = await unit.bilaterals.page(edition_id, party=party, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.bilateral_id)


async def availability(edition_id: str, code: str, *, unit: Unit) -> Availability:
    """When and by whom the invitee can be met, as far as is known."""
    await desk.edition(edition_id, unit=unit)
    found = await unit.availabilities.get(edition_id, code)
    return found or Availability(edition_id=edition_id, code=code)


async def timetable(edition_id: str, number: int | None, *, unit: Unit) -> Timetable:
    """The timetable of this number, or the one that holds.

    Raises:
        TimetableUnknown: there is none.
    """
    latest = await unit.timetables.latest(edition_id)
    found = latest if number is None else await unit.timetables.numbered(edition_id, number)
    if found is None:
        raise TimetableUnknown(number, latest.number if latest else None)
    return found


async def plan_file(edition_id: str, number: int, *, unit: Unit) -> PlanFile:
    """What the timetable of this number can be checked by, without believing anybody.

    Raises:
        TimetableUnknown, PlanFileNotKept: there is none.
    """
    await timetable(edition_id, number, unit=unit)
    found = await unit.timetables.plan_file(edition_id, number)
    if found is None:
        raise PlanFileNotKept(number)
    return found


async def timetables(edition_id: str, *, unit: Unit, limit: int = 50) -> Sequence[Timetable]:
    """The latest timetables, the newest first."""
    return await unit.timetables.page(edition_id, limit=limit)


async def difference(edition_id: str, number: int, since: int, *, unit: Unit) -> Difference:
    """What changed from one timetable to the other.

    Raises:
        TimetableUnknown: one of them was not published.
    """
    before = await timetable(edition_id, since, unit=unit)
    return (await timetable(edition_id, number, unit=unit)).since(before)


async def fairness(edition_id: str, *, unit: Unit) -> Sequence[Share]:
    """What delegations of little, middling and much demand got.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    return shares(await unit.bilaterals.all(edition_id, frozenset(Status)))


async def rulings(edition_id: str, *, unit: Unit) -> Rulings:
    """What the secretariat rules.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    return await unit.rulings.get(edition_id)


async def solve(edition_id: str, solve_id: str, *, unit: Unit) -> Solve:
    """The solve and how far it is.

    Raises:
        SolveUnknown: there is none.
    """
    found = await unit.solves.get(edition_id, solve_id)
    if found is None:
        raise SolveUnknown(solve_id)
    return found


async def solves(edition_id: str, *, unit: Unit, limit: int = 20, what_ifs: bool = False) -> Sequence[Solve]:
    """The latest solves, the newest first: what-ifs alone, or all that are none."""
    return await unit.solves.page(edition_id, limit=limit, what_ifs=what_ifs)


async def census(edition_id: str, *, unit: Unit) -> Census:
    """What scheduling itself counts, for comparing with what facts add up to.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    return await unit.census(edition_id)
