"""A repair keeps what it can of the timetable that holds, and what is about to begin stays whatever else changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.editions import Cap
from summit_contracts.scheduling import Placement
from summit_contracts.values import Interval
from summit_scheduling.domain.aims import MOVES
from summit_scheduling.domain.byhand import still_held
from summit_scheduling.domain.holding import Holding
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planning import frozen_in, placement_of, problem_for
from summit_scheduling.domain.problem import Limit, OpenRoom, Problem
from summit_scheduling.domain.rulings import Absence, Closure, Pin, Rulings
from summit_scheduling.solver.engine import solve
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_grid,
    an_agreed_bilateral,
    in_new_york,
)
from summit_testkit.plans import best_by_trying_all, hard_rules_broken, worth_of
from summit_testkit.problems import problems

GRID = a_grid(freeze_minutes=60)
AGREED = [
    an_agreed_bilateral("b1", "KE", "RW"),
    an_agreed_bilateral("b2", "FR", "KE"),
    an_agreed_bilateral("b3", "FR", "RW"),
]
TEN = in_new_york(FIRST_DAY, 10)
unhurried = settings(deadline=None, max_examples=60)


def solved(given_problem: Problem) -> Plan:
    return solve(given_problem, seed=1, seconds=60).check(given_problem)


def moves(plan: Plan) -> int:
    return next(level.objective for level in plan.certificate.levels if level.code == MOVES.code)


@unhurried
@given(problems(most_meetings=12, most_slots=6, with_rules=True))
def test_repairing_what_has_not_changed_moves_nothing(given_problem: Problem) -> None:
    before = solved(replace(given_problem, published=()))
    after = solved(replace(given_problem, published=before.assignments))
    assert after.assignments == before.assignments
    assert all(level.is_proven for level in after.certificate.levels[:3])


@unhurried
@given(problems(most_meetings=5, with_rules=True), st.data())
def test_after_one_change_no_plan_of_the_same_worth_moves_fewer(
    given_problem: Problem, data: st.DataObject
) -> None:
    before = solved(replace(given_problem, published=()))
    changed = _changed(replace(given_problem, published=before.assignments), data)
    after = solved(changed)
    assert worth_of(changed, after.assignments) == best_by_trying_all(changed)
    assert hard_rules_broken(changed, after.assignments) == []


def _changed(given_problem: Problem, data: st.DataObject) -> Problem:
    """A room is closed, or a meeting suits fewer moments, or one is gone."""
    rooms, meetings = given_problem.rooms, given_problem.meetings
    changes = ("a room is closed", "a meeting is gone", "a delegation arrives late")
    is_shut, is_gone, is_late = (data.draw(st.booleans(), label=change) for change in changes)
    if rooms and is_shut:
        shut = data.draw(st.sampled_from(rooms))
        rooms = tuple(replace(one, slots=frozenset[int]()) if one == shut else one for one in rooms)
    if meetings and is_gone:
        meetings = meetings[1:]
    if meetings and is_late:
        last = meetings[-1]
        meetings = (*meetings[:-1], replace(last, starts=last.starts[1:]))
    left = {one.key for one in meetings}
    published = tuple(one for one in given_problem.published if one.meeting in left)
    return replace(given_problem, rooms=rooms, meetings=meetings, published=published)


@unhurried
@given(problems(most_meetings=10, with_rules=True), st.integers(0, 2))
def test_no_party_has_more_moves_than_its_cap(given_problem: Problem, most: int) -> None:
    before = solved(replace(given_problem, published=(), limits=()))
    parties = sorted({party for one in given_problem.meetings for party in one.parties})
    capped = replace(
        given_problem,
        published=before.assignments,
        limits=tuple(Limit(party, moves=most) for party in parties),
        rooms=(*given_problem.rooms[1:], OpenRoom("new", 8, frozenset(range(len(given_problem.slots))))),
    )
    after = solved(capped)
    there = set(after.assignments)
    for party in parties:
        moved = [
            one
            for one in after.assignments
            if party in capped.by_key[one.meeting].parties and one.meeting in capped.can_stay
        ]
        assert sum(capped.place_before[one.meeting] not in there for one in moved) <= most


def timetable(plan: Plan) -> Mapping[str, Placement]:
    return {one.meeting: placement_of(GRID, one.slot, one.room, 20) for one in plan.assignments}


def problem_now(holds: Mapping[str, Placement], as_of: datetime, **changed: Any) -> Problem:
    rulings = Rulings(edition_id=EDITION_ID, **changed)
    holding = Holding(placements=holds, as_of=as_of, is_repair=True)
    return problem_for(GRID, AGREED, {}, rulings, holding)


def test_what_begins_within_the_freeze_stays_and_the_rest_may_go() -> None:
    holds = timetable(solved(problem_now({}, BEFORE)))
    first = min(holds.values(), key=lambda one: one.start_at)
    as_of = first.start_at - timedelta(minutes=30)
    repaired = problem_now(holds, as_of)
    frozen = {one.key for one in repaired.meetings if one.is_fixed}
    assert frozen == {key for key, one in holds.items() if one.start_at < as_of + timedelta(minutes=60)}
    assert timetable(solved(repaired)) == holds


def test_a_frozen_meeting_whose_room_is_closed_is_placed_like_any_other() -> None:
    holds = timetable(solved(problem_now({}, BEFORE)))
    key, first = min(holds.items(), key=lambda one: one[1].start_at)
    shut = Closure(first.room, _stretch(first))
    repaired = problem_now(holds, first.start_at - timedelta(minutes=30), closures=(shut,))
    assert not repaired.by_key[key].is_fixed
    plan = solved(repaired)
    assert (moves(plan), timetable(plan)[key] != first) == (1, True)


def test_a_pin_to_another_moment_moves_nothing_that_is_frozen() -> None:
    holds = timetable(solved(problem_now({}, BEFORE)))
    key, first = min(holds.items(), key=lambda one: one[1].start_at)
    pin = Pin(key, in_new_york(LAST_DAY, 14, 30))
    near = problem_now(holds, first.start_at - timedelta(minutes=30), pins=(pin,))
    assert timetable(solved(near))[key] == first
    in_time = problem_now(holds, first.start_at - timedelta(minutes=90), pins=(pin,))
    assert timetable(solved(in_time))[key].start_at == pin.start_at


def test_a_pin_moves_what_is_frozen_no_more_because_its_room_is_closed() -> None:
    holds = timetable(solved(problem_now({}, BEFORE)))
    key, first = min(holds.items(), key=lambda one: one[1].start_at)
    pin, shut = Pin(key, in_new_york(LAST_DAY, 14, 30)), Closure(first.room, _stretch(first))
    near = problem_now(holds, first.start_at - timedelta(minutes=30), pins=(pin,), closures=(shut,))
    assert timetable(solved(near))[key].start_at == pin.start_at


def test_where_anything_is_frozen_no_meeting_begins_in_the_past() -> None:
    late = in_new_york(LAST_DAY, 9)
    assert {one.starts for one in problem_now({}, late).meetings} == {tuple(range(8, 16))}


def test_a_late_arrival_moves_the_meetings_that_it_concerns_and_no_others() -> None:
    holds = timetable(solved(problem_now({}, BEFORE)))
    late = Absence("KE", _stretch(holds["b1"]))
    plan = solved(problem_now(holds, BEFORE, absences=(late,)))
    after = timetable(plan)
    assert {key for key in holds if holds[key] != after[key]} == {"b1"}
    assert moves(plan) == 1


def test_the_cap_of_an_edition_binds_a_repair_alone() -> None:
    grid = a_grid(caps=(Cap(moves=0),))
    anew, repair = (Holding(placements={}, as_of=BEFORE, is_repair=one) for one in (False, True))
    assert problem_for(grid, AGREED, {}, holding=anew).limits == ()
    assert {one.moves for one in problem_for(grid, AGREED, {}, holding=repair).limits} == {0}


@pytest.mark.parametrize("minutes", [30, 90])
def test_a_plan_that_moves_what_has_come_within_the_freeze_says_which(minutes: int) -> None:
    given_problem = problem_now({}, BEFORE)
    plan = solved(given_problem)
    holds = timetable(plan)
    key, first = min(holds.items(), key=lambda one: one[1].start_at)
    moved = tuple(replace(one, slot=15, room="B") if one.meeting == key else one for one in plan.assignments)
    by_now = Holding(placements=holds, as_of=first.start_at - timedelta(minutes=minutes))
    frozen = frozen_in(by_now, GRID, AGREED, {}, Rulings(edition_id=EDITION_ID, pins=(Pin(key, TEN),)))
    assert by_now.moved_too_late(frozen, given_problem, GRID, plan.assignments) == ()
    assert by_now.moved_too_late(frozen, given_problem, GRID, moved) == ((key,) if minutes < 60 else ())


def test_an_earlier_timetable_that_is_put_back_leaves_what_is_about_to_begin() -> None:
    given_problem = problem_now({}, BEFORE)
    here = placement_of(GRID, 0, "A", 20)
    elsewhere = {"b1": here, "b2": placement_of(GRID, 8, "A", 20)}
    held = still_held(given_problem, GRID, {**elsewhere, "b2": here}, first={"b2"}).assignments
    assert [one.meeting for one in held] == ["b2"]


def _stretch(one: Placement) -> Interval:
    return Interval(start_at=one.start_at, end_at=one.end_at)
