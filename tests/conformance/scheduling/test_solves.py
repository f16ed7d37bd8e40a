"""Timetables and solves are kept alike in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.solve import Solve, SolveState
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
)
from summit_testkit.builders.scheduling_kept import (
    EVERY_SOLVE,
    OTHER_ID,
    a_solve,
    a_timetable,
)
from summit_testkit.memory.scheduling import NumberTaken
from summit_testkit.places import Places, SqlPlaces


async def test_a_timetable_is_read_as_it_was_added_and_the_highest_number_holds(places: Places[Unit]) -> None:
    for number in (1, 2, 10):
        async with places.unit() as unit:
            await unit.timetables.add(a_timetable(number))
            assert await unit.timetables.latest(EDITION_ID) == a_timetable(number)
    async with places.unit() as unit:
        await unit.timetables.add(a_timetable(11, OTHER_ID))
    async with places.unit() as unit:
        assert await unit.timetables.latest(EDITION_ID) == a_timetable(10)
        assert await unit.timetables.numbered(EDITION_ID, 2) == a_timetable(2)
        assert await unit.timetables.numbered(EDITION_ID, 3) is None
        assert (await unit.census(EDITION_ID)).timetables == 3


async def test_the_plan_file_is_kept_with_its_timetable_and_read_by_itself(places: Places[Unit]) -> None:
    file = PlanFile(edition_id=EDITION_ID, number=1, document={"format": "summit-plan", "prices": [["a", 1]]})
    async with places.unit() as unit:
        await unit.timetables.add(replace(a_timetable(1), plan_file=file))
        await unit.timetables.add(a_timetable(2))
    async with places.unit() as unit:
        assert await unit.timetables.plan_file(EDITION_ID, 1) == file
        assert await unit.timetables.plan_file(EDITION_ID, 2) is None
        assert await unit.timetables.plan_file(OTHER_ID, 1) is None


async def test_two_timetables_of_one_number_are_impossible(places: Places[Unit]) -> None:
    async def add_a_second() -> None:
        async with places.unit() as unit:
            await unit.timetables.add(replace(a_timetable(1), placements={}))

    async with places.unit() as unit:
        await unit.timetables.add(a_timetable(1))
    with pytest.raises((NumberTaken, IntegrityError)):
        await add_a_second()
    async with places.unit() as unit:
        assert await unit.timetables.latest(EDITION_ID) == a_timetable(1)


@pytest.mark.parametrize("solve", EVERY_SOLVE.values(), ids=EVERY_SOLVE)
async def test_a_solve_is_read_as_it_was_saved_last(places: Places[Unit], solve: Solve) -> None:
    async with places.unit() as unit:
        await unit.solves.save(a_solve(state=SolveState.SOLVING, taken_at=BEFORE))
    async with places.unit() as unit:
        await unit.solves.save(solve)
    async with places.unit() as unit:
        assert await unit.solves.get(EDITION_ID, "s1") == solve
        assert await unit.solves.hold(EDITION_ID, "s1") == solve
        assert list(await unit.solves.page(EDITION_ID, limit=1)) == [solve]
        assert await unit.solves.get(OTHER_ID, "s1") is None


async def test_the_newest_solves_are_listed_first(places: Places[Unit]) -> None:
    async with places.unit() as unit:
        for name, minute in (("s2", 2), ("s4", 3), ("s1", 1), ("s3", 3)):
            await unit.solves.save(a_solve(name, minute))
        await unit.solves.save(a_solve("s9", 9, edition_id=OTHER_ID))
    async with places.unit() as unit:
        assert [one.solve_id for one in await unit.solves.page(EDITION_ID, limit=9)] == [
            "s4",
            "s3",
            "s2",
            "s1",
        ]
        assert [one.solve_id for one in await unit.solves.page(EDITION_ID, limit=2)] == ["s4", "s3"]


async def test_the_oldest_solve_that_waits_or_was_given_up_is_next(places: Places[Unit]) -> None:
    heard_of = BEFORE + timedelta(minutes=10)
    async with places.unit() as unit:
        await unit.solves.save(a_solve("done", 0).take(now=BEFORE).failed("no plan"))
        await unit.solves.save(a_solve("lost", 1).take(now=heard_of - timedelta(microseconds=1)))
        await unit.solves.save(a_solve("at work", 2).take(now=heard_of))
        await unit.solves.save(a_solve("waits", 3))
    taken: list[str] = []
    for _ in range(3):
        async with places.unit() as unit:
            found = await unit.solves.hold_next(taken_before=heard_of)
            if found:
                taken.append(found.solve_id)
                await unit.solves.save(found.take(now=heard_of))
    assert taken == ["lost", "waits"]


async def test_two_who_take_the_next_solve_at_once_take_two(sql: SqlPlaces[Unit]) -> None:
    async with sql.unit() as unit:
        await unit.solves.save(a_solve("s1", 1))
        await unit.solves.save(a_solve("s2", 2))
    async with sql.unit() as one, sql.unit() as other, sql.unit() as third:
        found = [await unit.solves.hold_next(taken_before=BEFORE) for unit in (one, other, third)]
    assert [solve and solve.solve_id for solve in found] == ["s1", "s2", None]
