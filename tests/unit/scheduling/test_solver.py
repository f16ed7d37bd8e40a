"""The solver's plans break no rule, are the best there are, and are the same for the same input: whatever the input."""

from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.problem import Meeting, OpenRoom, Problem
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.model import Model
from summit_scheduling.solver.rooms import CannotNameRooms, name_rooms
from summit_testkit.demand import Family, demand
from summit_testkit.plans import best_by_trying_all, best_weight_by_trying_all, hard_rules_broken, worth_of
from summit_testkit.problems import (
    crowded_problem,
    meeting,
    open_rooms,
    problem,
    problems,
    ruled,
)

SECONDS = 60.0
EIGHT = frozenset(range(8))
unhurried = settings(deadline=None, max_examples=60)


def solved(given_problem: Problem, seed: int = 1) -> Plan:
    return solve(given_problem, seed=seed, seconds=SECONDS).check(given_problem)


@unhurried
@given(problems(most_meetings=14, most_slots=6, most_rooms=4, with_rules=True))
def test_no_plan_ever_breaks_a_hard_rule_and_the_best_is_always_proven(given_problem: Problem) -> None:
    plan = solved(given_problem)
    assert hard_rules_broken(given_problem, plan.assignments) == []
    assert plan.certificate.status is PlanStatus.OPTIMAL
    assert plan.certificate.objective == given_problem.weight_of(plan.assignments) == plan.certificate.bound


@unhurried
@given(problems(most_meetings=6, with_rules=True))
def test_no_plan_is_better_as_trying_all_of_them_shows(given_problem: Problem) -> None:
    plan = solved(given_problem)
    assert worth_of(given_problem, plan.assignments) == best_by_trying_all(given_problem)
    settled = {"pinned", "weight", "moves", "fairness"}
    assert all(level.is_proven for level in plan.certificate.levels if level.code in settled)


@pytest.mark.parametrize("seed", range(200))
def test_in_a_crowd_the_best_plan_is_found_and_proven(seed: int) -> None:
    chance = Random(seed)
    given_problem = crowded_problem(chance, most_meetings=6, most_slots=4, most_rooms=2 + seed % 2)
    if seed % 2:
        given_problem = ruled(chance, given_problem)
    plan = solved(given_problem)
    assert worth_of(given_problem, plan.assignments) == best_by_trying_all(given_problem)
    assert plan.certificate.status is PlanStatus.OPTIMAL


@unhurried
@given(problems(most_meetings=10, with_rules=True), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_same_input_and_seed_give_the_same_plan_in_whatever_order_it_is_told(
    given_problem: Problem, seed: int, chance: Any
) -> None:
    told_otherwise = replace(
        given_problem,
        rooms=tuple(chance.sample(given_problem.rooms, len(given_problem.rooms))),
        meetings=tuple(chance.sample(given_problem.meetings, len(given_problem.meetings))),
    )
    assert solved(given_problem, seed).assignments == solved(told_otherwise, seed).assignments


@unhurried
@given(st.data(), problems(most_meetings=10, with_rules=True))
def test_adding_a_room_never_lowers_the_optimum(data: st.DataObject, given_problem: Problem) -> None:
    if not given_problem.slots:
        return
    extra = data.draw(open_rooms(len(given_problem.slots), 9))
    with_room = replace(given_problem, rooms=(*given_problem.rooms, extra))
    assert solved(with_room).certificate.objective >= solved(given_problem).certificate.objective


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("seed", [1, 2])
def test_heavy_tailed_demand_is_placed_with_proof(family: Family, seed: int) -> None:
    given_problem = demand(
        family, seed=seed, wishes=100, rooms=6, delegations=36, days=2, slots_per_day=8
    ).problem()
    plan = solved(given_problem)
    assert hard_rules_broken(given_problem, plan.assignments) == []
    assert plan.certificate.status is PlanStatus.OPTIMAL
    assert plan.assignments == solved(given_problem).assignments


def test_an_optimum_below_the_relaxation_is_proven_too() -> None:
    """Five parties, each with each, in four slots: the relaxation holds all ten meetings, yet a slot holds but two."""
    pairs = list(combinations(("FR", "IN", "KE", "RW", "BD"), 2))
    rooms = [OpenRoom(code, 4, frozenset(range(4))) for code in "ABCDE"]
    given_problem = problem(
        4, rooms, [meeting(f"m{n}", *pair, starts=range(4)) for n, pair in enumerate(pairs)]
    )
    certificate = solved(given_problem).certificate
    assert (certificate.objective, certificate.status) == (8, PlanStatus.OPTIMAL)


def test_a_must_goes_before_fifteen_coulds() -> None:
    rooms = [OpenRoom("A", 4, frozenset({0}))]
    coulds = [meeting(f"c{n:02}", "FR", "IN", weight=1, starts=(0,)) for n in range(15)]
    plan = solved(problem(1, rooms, [*coulds, meeting("must", weight=16, starts=(0,))]))
    assert [one.meeting for one in plan.assignments] == ["must"]


def test_counting_rooms_is_not_enough_for_meetings_that_stay() -> None:
    """In every slot there are rooms enough, but whoever stays for two slots would have to change rooms."""
    rooms = [OpenRoom("large", 8, frozenset(range(3))), OpenRoom("small", 4, frozenset(range(3)))]
    given_problem = problem(
        3,
        rooms,
        [
            meeting("early", "FR", "IN", length=2, starts=(0,)),
            meeting("late", "KE", "RW", length=2, starts=(1,)),
            meeting("large first", "BD", "GH", seats=8, starts=(0,)),
            meeting("large last", "NG", "SN", seats=8, starts=(2,)),
        ],
    )
    certificate = solved(given_problem).certificate
    assert certificate.objective == best_weight_by_trying_all(given_problem) == 3


def test_a_delegation_stays_in_its_room_where_it_can() -> None:
    """Left alone in a slot, a meeting would get room A; RW was in another room before, and stays there."""
    rooms = [OpenRoom(code, 4, EIGHT) for code in ("A", "B", "C")]
    meetings = [
        meeting("first", "FR", "IN", starts=(0,)),
        meeting("second", "KE", "RW", starts=(0,)),
        meeting("third", "RW", "BD", starts=(1,)),
        meeting("fourth", "RW", "GH", starts=(5,)),
    ]
    rooms_of = {one.meeting: one.room for one in solved(problem(8, rooms, meetings)).assignments}
    assert rooms_of["first"] != rooms_of["second"] == rooms_of["third"] == rooms_of["fourth"]


def test_a_meeting_counted_in_rooms_that_are_free_at_once_is_named_none_that_is_turned_round() -> None:
    """Both rooms would do for the first meeting; the second is counted in the one that is to be turned round."""
    rooms = [OpenRoom("A", 4, EIGHT, turn_round_minutes=30), OpenRoom("B", 4, EIGHT)]
    model = Model.of(problem(8, rooms, [meeting("a", starts=(0,)), meeting("b", "FR", "IN", starts=(1,))]))
    slow = model.classes.number_of["A"]
    chosen = [
        number
        for number, one in enumerate(model.columns)
        if one.room_class == (None if one.meeting == 0 else slow)
    ]
    assert [one.room for one in name_rooms(model, chosen)] == ["B", "A"]


def test_columns_that_the_rooms_cannot_hold_are_a_fault_and_no_plan() -> None:
    rooms = [OpenRoom("A", 4, EIGHT)]
    model = Model.of(
        problem(8, rooms, [meeting("a", "KE", "RW", starts=(0,)), meeting("b", "FR", "IN", starts=(0,))])
    )
    with pytest.raises(CannotNameRooms):
        name_rooms(model, range(len(model.columns)))


def test_a_small_meeting_takes_a_small_room() -> None:
    rooms = [OpenRoom("hall", 40, EIGHT), OpenRoom("booth", 4, EIGHT)]
    (only,) = solved(problem(8, rooms, [meeting("a", starts=(3,))])).assignments
    assert only.room == "booth"


def test_nothing_to_place_is_a_proven_plan_too() -> None:
    for given_problem in (
        problem(0, [], []),
        problem(4, [], [meeting("a", starts=(0,))]),
        problem(4, [OpenRoom("A", 2, frozenset(range(4)))], [meeting("a", seats=3, starts=(0,))]),
        problem(4, [OpenRoom("A", 8, frozenset())], [meeting("a", starts=(0,))]),
    ):
        plan = solved(given_problem)
        assert plan.assignments == ()
        assert (plan.certificate.objective, plan.certificate.bound) == (0, 0)


def test_progress_only_gains_and_its_bound_only_falls() -> None:
    heard: list[tuple[Progress, Plan]] = []
    given_problem = demand(Family.B, seed=5, wishes=150, rooms=6, delegations=40, slots_per_day=8).problem()
    solve(given_problem, seed=1, seconds=SECONDS, report=lambda *said: heard.append(said))
    stages = [progress.stage for progress, _ in heard]
    assert stages[:2] == ["greedy", "bound"]
    for level in {progress.level for progress, _ in heard}:
        fewer_is_better = level != "weight"
        of_it = [progress for progress, _ in heard if progress.level == level]
        assert [one.best for one in of_it] == sorted((one.best for one in of_it), reverse=fewer_is_better)
        assert [one.bound for one in of_it] == sorted(
            (one.bound for one in of_it), reverse=not fewer_is_better
        )
    for progress, plan in heard:
        said = {level.code: level for level in plan.check(given_problem).certificate.levels}
        assert said[progress.level].objective == progress.best


def test_without_time_there_is_still_a_plan_and_an_honest_bound() -> None:
    given_problem = demand(Family.A, seed=1, wishes=100, rooms=4, delegations=30, slots_per_day=8).problem()
    hasty = solve(given_problem, seed=1, seconds=0.0).check(given_problem).certificate
    best = solved(given_problem).certificate
    # a quick machine may have proven it within the moment that every stage is given
    assert hasty.objective <= best.objective <= hasty.bound


def test_many_meetings_that_are_held_to_rooms_of_their_own_leave_the_others_theirs() -> None:
    """More sets of rooms than are counted over: those that are tied to a room choose it, and no slot is overfilled."""
    rooms = tuple(OpenRoom(f"R{number:02}", 8, frozenset({0})) for number in range(66))
    tied = [
        Meeting(f"t{number:02}", (f"T{number}", f"U{number}"), 1, 2, 1, (0,), room=room.code, is_fixed=True)
        for number, room in enumerate(rooms)
    ]
    free = [Meeting(f"f{number}", (f"F{number}", f"G{number}"), 16, 2, 1, (0,)) for number in range(3)]
    given_problem = replace(
        crowded_problem(Random(1), most_meetings=1, most_slots=1, most_rooms=1),
        rooms=rooms, meetings=(*tied, *free), resources={}, limits=(), published=(), vetoes=(), classes={},
    )  # fmt: skip
    plan = solve(given_problem, seed=1, seconds=60.0).check(given_problem)
    assert {one.meeting for one in plan.assignments} == {one.key for one in tied}
