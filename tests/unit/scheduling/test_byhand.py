"""Places given by hand: free for the parties and the room, the earliest first, at summit size within a moment."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from summit_contracts.editions import Calendar, Cap
from summit_contracts.values import Interval
from summit_scheduling.domain.availability import Availability, Blocked
from summit_scheduling.domain.byhand import plan_of, still_held
from summit_scheduling.domain.fairness import shares
from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.planning import placement_of, problem_for
from summit_scheduling.domain.problem import Assignment
from summit_scheduling.domain.rulings import Absence, Closure, Pin, Rulings
from summit_scheduling.handlers.book_place import BookPlace, book_place
from summit_scheduling.handlers.free_places import free_places
from summit_scheduling.handlers.roll_back_timetable import RollBackTimetable, roll_back_timetable
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_bilateral,
    a_grid,
    an_agreed_bilateral,
    an_edition,
    in_new_york,
)
from summit_testkit.builders.scheduling_kept import a_timetable, at, placed
from summit_testkit.memory.scheduling import InMemoryScheduling

GRID = a_grid()


async def test_free_places_are_the_earliest_in_the_smallest_room_from_now_on() -> None:
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        await unit.bilaterals.save(an_agreed_bilateral("b1"), a_bilateral("b2", "FR", "KE"))
    async with memory.unit() as unit:
        offered = await free_places(EDITION_ID, "b1", unit=unit, now=BEFORE, limit=2, remembered={})
        moment = in_new_york(LAST_DAY, 14, 1)
        later = await free_places(EDITION_ID, "b1", unit=unit, now=moment, limit=9, remembered={})
    assert [(one.start_at, one.room) for one in offered] == [
        (in_new_york(FIRST_DAY, 10), "A"),
        (in_new_york(FIRST_DAY, 10, 30), "A"),
    ]
    assert [one.start_at for one in later] == [in_new_york(LAST_DAY, 14, 30)]


async def test_what_is_remembered_is_what_would_be_worked_out_anew_and_forgotten_when_something_changes() -> (
    None
):
    memory, remembered = InMemoryScheduling(), dict[str, Any]()
    first = in_new_york(FIRST_DAY, 10)

    async def offered(bilateral_id: str) -> list[datetime]:
        async with memory.unit() as unit:
            asked = partial(free_places, EDITION_ID, bilateral_id, unit=unit, now=BEFORE, limit=100)
            known = await asked(remembered=remembered)
            assert known == await asked(remembered={})
        return [one.start_at for one in known]

    async with memory.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        there = placed("b1", "KE", "RW", at(10))
        await unit.bilaterals.save(there, an_agreed_bilateral("b2", "FR", "KE"))
        await unit.timetables.add(replace(a_timetable(1), placements={"b1": at(10)}))
    had = (await offered("b1"))[0]
    assert had == first, "it may stay where it is"
    assert first not in await offered("b2"), "KE is in the other one then, and again after b1 was asked for"
    before, seen = remembered[EDITION_ID].vacancies, await offered("b2")
    assert remembered[EDITION_ID].vacancies is before, "nothing changed"
    async with memory.unit() as unit:
        stretch = Interval(start_at=seen[0], end_at=seen[0] + timedelta(minutes=20))
        await unit.availabilities.save(
            Availability(edition_id=EDITION_ID, code="FR", blocked=(Blocked(stretch),))
        )
    assert seen[0] not in await offered("b2")
    assert remembered[EDITION_ID].vacancies is not before


async def test_who_may_have_no_meeting_at_all_is_offered_no_place() -> None:
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(caps=(Cap(invitee="RW", meetings=0),)), 1)
        await unit.bilaterals.save(an_agreed_bilateral("b1"))
        assert not await free_places(EDITION_ID, "b1", unit=unit, now=BEFORE, remembered={})


def test_a_calendar_of_ones_own_an_absence_and_a_closed_room_leave_what_they_leave() -> None:
    hours = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 12))
    grid = a_grid(calendars=(Calendar(invitee="RW", open=(hours,)),))
    one = an_agreed_bilateral("b1")
    (meeting,) = problem_for(grid, [one], {}).meetings
    assert [grid.slots[start].start_at for start in meeting.starts] == [
        in_new_york(FIRST_DAY, hour, minute) for hour in (10, 11) for minute in (0, 30)
    ]
    half = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 11))
    away = Rulings(edition_id=EDITION_ID, absences=(Absence("KE", half),))
    (meeting,) = problem_for(grid, [one], {}, away).meetings
    assert len(meeting.starts) == 2
    closed = Rulings(edition_id=EDITION_ID, closures=(Closure("A", half),))
    assert (
        len(problem_for(grid, [one], {}, closed).room_by_code["A"].slots)
        == len(problem_for(grid, [one], {}).room_by_code["A"].slots) - 2
    )


def test_what_is_still_held_breaks_no_rule_and_its_certificate_claims_no_more_than_is_placed() -> None:
    agreed = [an_agreed_bilateral("b1"), an_agreed_bilateral("b2", "FR", "KE")]
    problem = problem_for(GRID, agreed, {})
    there = placement_of(GRID, 0, "A", 20)
    held, left = still_held(problem, GRID, {"b1": there, "b2": there, "gone": there})
    assert held == (Assignment("b1", 0, "A"),)
    plan = plan_of(problem, held, "desk").check(problem)
    assert (plan.certificate.objective, plan.certificate.bound) == (4, 8)
    for occupied in (left, Occupied(problem, held)):
        assert not occupied.is_free(problem.by_key["b2"], Place(0, "A"))
        assert not occupied.is_free(problem.by_key["b2"], Place(1, "B")), "B is not open on the first day"
        assert occupied.is_free(problem.by_key["b2"], Place(1, "A"))


def test_a_delegation_of_little_demand_stands_in_a_line_of_its_own() -> None:
    placed = an_agreed_bilateral("b1", "KE", "RW").place(
        1,
        placement_of(GRID, 0, "A", 20),
        "better_plan",  # type: ignore[arg-type]  # a first place has no reason
    )
    others = [an_agreed_bilateral("b2", "KE", "RW", "FR"), a_bilateral("b3", "FR", "KE")]
    little, middling, much = shares([placed.after, *others])
    assert (little.delegations, little.agreed, little.placed, little.success) == (1, 1, 0, 0.0)
    assert (middling.delegations + much.delegations, middling.placed + much.placed) == (2, 2)
    assert sum(line.wished for line in (little, middling, much)) == 7


async def test_where_places_clash_after_a_change_a_booking_leaves_what_is_about_to_begin() -> None:
    """KE may have one meeting by now and has two: that which begins within the freeze stays, though its key is the later."""
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(freeze_minutes=60, caps=(Cap(invitee="KE", meetings=1),)), 1)
        await unit.bilaterals.save(
            placed("b1", "KE", "RW", at(14)),
            placed("b2", "FR", "KE", at(10)),
            an_agreed_bilateral("b3", "FR", "RW"),
        )
        await unit.timetables.add(replace(a_timetable(1), placements={"b1": at(14), "b2": at(10)}))
    async with memory.unit() as unit:
        place = BookPlace(
            by="desk", edition_id=EDITION_ID, bilateral_id="b3", start_at=at(11).start_at, room="A"
        )
        after = await book_place(place, unit=unit, now=in_new_york(FIRST_DAY, 9, 30))
    assert {key: one.start_at for key, one in after.placements.items()} == {
        "b2": at(10).start_at,
        "b3": at(11).start_at,
    }


async def test_a_booking_costs_nobody_a_place_that_is_pinned_to_another_moment() -> None:
    """b1 is to be at two o'clock from the next solve on, and is at ten until then."""
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        await unit.bilaterals.save(placed("b1", "KE", "RW", at(10)), an_agreed_bilateral("b2", "FR", "KE"))
        await unit.timetables.add(replace(a_timetable(1), placements={"b1": at(10)}))
        await unit.rulings.save(Rulings(edition_id=EDITION_ID, pins=(Pin("b1", at(14).start_at),)))
    async with memory.unit() as unit:
        place = BookPlace(
            by="desk", edition_id=EDITION_ID, bilateral_id="b2", start_at=at(11).start_at, room="A"
        )
        after = await book_place(place, unit=unit, now=BEFORE)
    assert {key: one.start_at for key, one in after.placements.items()} == {
        "b1": at(10).start_at,
        "b2": at(11).start_at,
    }


async def test_a_roll_back_leaves_who_cannot_go_back_any_more_where_it_is() -> None:
    """b2 was where it has passed by now, and has the place that b1 had; it keeps it, though its key is the later."""
    memory = InMemoryScheduling()
    first = replace(a_timetable(1), placements={"b1": at(14), "b2": at(10)})
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(freeze_minutes=60), 1)
        await unit.bilaterals.save(an_agreed_bilateral("b1"), placed("b2", "FR", "KE", at(14)))
        await unit.timetables.add(first)
        await unit.timetables.add(replace(first, number=2, placements={"b2": at(14)}))
    async with memory.unit() as unit:
        back = RollBackTimetable(by="desk", edition_id=EDITION_ID, number=1)
        after = await roll_back_timetable(back, unit=unit, now=in_new_york(FIRST_DAY, 11))
    assert {key: one.start_at for key, one in after.placements.items()} == {"b2": at(14).start_at}
