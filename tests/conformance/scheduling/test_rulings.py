"""Rulings, what-ifs and the list of timetables are kept alike in memory and in PostgreSQL."""

from dataclasses import replace

from summit_contracts.scheduling import TimetableCause
from summit_contracts.values import Interval
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.rulings import Absence, Closure, Duty, Pin, Rulings
from summit_testkit.builders.scheduling import EDITION_ID, FIRST_DAY, in_new_york
from summit_testkit.builders.scheduling_kept import OTHER_ID, a_solve, a_timetable
from summit_testkit.places import Places

_MORNING = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 12))
_RULINGS = Rulings(
    edition_id=EDITION_ID,
    closures=(Closure("A", _MORNING),),
    absences=(Absence("KE", _MORNING),),
    duties=(Duty("plenary", _MORNING),),
    vetoes=(("KE", "RW"),),
    pins=(Pin("b1", _MORNING.start_at),),
    weights={"b2": 3},
    revision=4,
)


async def test_rulings_are_read_as_they_were_saved_last(places: Places[Unit]) -> None:
    async with places.unit() as unit:
        assert await unit.rulings.get(EDITION_ID) == Rulings(edition_id=EDITION_ID)
        await unit.rulings.save(replace(_RULINGS, pins=(), revision=3))
    async with places.unit() as unit:
        assert (await unit.rulings.hold(EDITION_ID)).revision == 3
        await unit.rulings.save(_RULINGS)
    async with places.unit() as unit:
        assert await unit.rulings.get(EDITION_ID) == _RULINGS
        assert await unit.rulings.get(OTHER_ID) == Rulings(edition_id=OTHER_ID)


async def test_a_what_if_stands_among_what_ifs_alone_and_is_forgotten_without_a_trace(
    places: Places[Unit],
) -> None:
    tried = a_solve(what_if=_RULINGS)
    async with places.unit() as unit:
        await unit.solves.save(tried)
    async with places.unit() as unit:
        assert await unit.solves.get(EDITION_ID, tried.solve_id) == tried
        assert list(await unit.solves.page(EDITION_ID, limit=10)) == []
        assert list(await unit.solves.page(EDITION_ID, limit=10, what_ifs=True)) == [tried]
        await unit.solves.forget(EDITION_ID, tried.solve_id)
    async with places.unit() as unit:
        assert await unit.solves.get(EDITION_ID, tried.solve_id) is None


async def test_timetables_are_listed_with_their_names_the_newest_first(places: Places[Unit]) -> None:
    named = a_timetable(2).called("After the withdrawals", TimetableCause.ROLLED_BACK, like=1)
    async with places.unit() as unit:
        await unit.timetables.add(a_timetable(1))
        await unit.timetables.add(named)
        await unit.timetables.add(a_timetable(1, OTHER_ID))
    async with places.unit() as unit:
        assert list(await unit.timetables.page(EDITION_ID, limit=5)) == [named, a_timetable(1)]
        assert list(await unit.timetables.page(EDITION_ID, limit=1)) == [named]
