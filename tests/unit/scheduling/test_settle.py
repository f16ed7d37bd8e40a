"""Nobody waits or walks more than need be, and no small delegation pays for a large one, once it is settled who meets."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from summit_scheduling.domain.aims import EARLINESS, FAIRNESS, GAPS, ROOM_CHANGES
from summit_scheduling.domain.plan import LevelProof, Plan
from summit_scheduling.domain.problem import Assignment, OpenRoom, Problem
from summit_scheduling.solver.counting import fewest_room_changes
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.greedy import greedy
from summit_scheduling.solver.swaps import swapped
from summit_scheduling.solver.walks import walked
from summit_testkit.demand import Family, demand
from summit_testkit.plans import hard_rules_broken, shortest_waits_by_trying_all, waits_of
from summit_testkit.problems import meeting, problem, problems

EIGHT = frozenset(range(8))


def solved(given_problem: Problem) -> Plan:
    return solve(given_problem, seed=1, seconds=60).check(given_problem)


def levels(plan: Plan) -> dict[str, LevelProof]:
    return {level.code: level for level in plan.certificate.levels}


@settings(deadline=None, max_examples=80)
@given(problems(most_meetings=6, most_slots=4, with_rules=True))
def test_no_plan_of_a_small_summit_waits_or_walks_less_or_is_earlier_and_all_of_it_is_proven(
    given_problem: Problem,
) -> None:
    plan = solved(given_problem)
    if not given_problem.meetings:
        return
    reached = waits_of(given_problem, plan.assignments)
    assert reached == shortest_waits_by_trying_all(given_problem, plan.assignments)
    said = [levels(plan)[aim.code] for aim in (GAPS, ROOM_CHANGES, EARLINESS)]
    assert tuple(level.objective for level in said) == reached
    assert all(level.is_proven for level in plan.certificate.levels)


@settings(deadline=None, max_examples=80)
@given(problems(most_meetings=6, most_slots=4, with_rules=True))
def test_no_plan_has_fewer_changes_of_room_than_are_counted(given_problem: Problem) -> None:
    """Whether or not anything else is proven: of the same meetings, the best plan by trying all."""
    plan = greedy(given_problem)
    gaps, changes, _ = shortest_waits_by_trying_all(given_problem, plan)
    stay = set(plan) & set(given_problem.published)
    allowed = {
        one.meeting: (one.slot,) if one in stay else given_problem.by_key[one.meeting].starts for one in plan
    }
    assert fewest_room_changes(given_problem, allowed, gaps=gaps) <= changes


def test_a_delegation_meets_without_a_pause_in_one_room_and_early() -> None:
    rooms = [OpenRoom(code, 4, EIGHT) for code in ("A", "B")]
    others = ("RW", "FR", "IN", "BD")
    starts = ((0, 5), (1, 7), (2, 4), (3, 6))
    given_problem = problem(
        8, rooms, [meeting(code, "KE", code, starts=two) for code, two in zip(others, starts, strict=True)]
    )
    plan = solved(given_problem)
    assert waits_of(given_problem, plan.assignments) == (0, 0, 6)
    assert all(level.is_proven for level in plan.certificate.levels)


def test_three_parties_that_meet_each_other_begin_with_the_day_in_one_room() -> None:
    """One of them has to wait; that no two meetings are at a time, which the relaxation does not see, is proven exactly."""
    rooms = [OpenRoom(code, 4, EIGHT) for code in ("A", "B")]
    pairs = (("KE", "RW"), ("FR", "KE"), ("FR", "RW"))
    given_problem = problem(8, rooms, [meeting("".join(pair), *pair, starts=range(8)) for pair in pairs])
    plan = solved(given_problem)
    assert waits_of(given_problem, plan.assignments) == (1, 0, 3)
    assert all(level.is_proven for level in plan.certificate.levels)


def test_fewest_gaps_are_proven_where_there_have_to_be_some() -> None:
    rooms = [OpenRoom("A", 4, EIGHT)]
    three = [meeting(code, "KE", code, starts=starts) for code, starts in (("RW", (0, 1)), ("FR", (4, 7)))]
    level = levels(solved(problem(8, rooms, three)))[GAPS.code]
    assert (level.objective, level.bound) == (1, 1)


def test_no_small_delegation_pays_for_a_large_one() -> None:
    """One slot, two meetings of equal weight: the one of the small delegation is held, whatever it is called."""
    for small, large in (("a", "z"), ("z", "a")):
        meetings = [meeting(small, "KE", "TV", starts=(0,)), meeting(large, "KE", "FR", starts=(0,))]
        given_problem = replace(
            problem(1, [OpenRoom("A", 4, frozenset({0}))], meetings),
            classes={"KE": "much", "FR": "much", "TV": "little"},
        )
        plan = solved(given_problem)
        assert [one.meeting for one in plan.assignments] == [small]
        assert (levels(plan)[FAIRNESS.code].objective, levels(plan)[FAIRNESS.code].bound) == (0, 0)


def test_fairness_never_costs_weight() -> None:
    meetings = [meeting("small", "KE", "TV", starts=(0,)), meeting("must", "KE", "FR", weight=4, starts=(0,))]
    given_problem = replace(
        problem(1, [OpenRoom("A", 4, frozenset({0}))], meetings), classes={"TV": "little", "KE": "much"}
    )
    plan = solved(given_problem)
    assert [one.meeting for one in plan.assignments] == ["must"]
    assert levels(plan)[FAIRNESS.code].is_proven


@pytest.mark.parametrize("family", Family)
def test_swaps_break_no_rule_lose_no_meeting_and_leave_fewer_gaps_each_time(family: Family) -> None:
    given_problem = demand(family, seed=4, wishes=90, rooms=6, delegations=30, slots_per_day=8).problem()
    first = solve(given_problem, seed=1, seconds=0.01)
    keys = [one.meeting for one in first.assignments]
    found = [
        first.assignments,
        *swapped(given_problem, first.assignments, keys, seed=1, left=lambda: 60.0),
    ]
    assert len(found) > 1
    for plan in found:
        assert hard_rules_broken(given_problem, plan) == []
        assert sorted(one.meeting for one in plan) == sorted(keys)
    gaps = [waits_of(given_problem, plan)[0] for plan in found]
    assert all(later <= earlier for earlier, later in pairwise(gaps))
    assert gaps[-1] < gaps[0]


@pytest.mark.parametrize("family", Family)
def test_walks_break_no_rule_lose_no_meeting_and_each_plan_is_better_than_the_one_before(
    family: Family,
) -> None:
    given_problem = demand(family, seed=4, wishes=90, rooms=6, delegations=30, slots_per_day=8).problem()
    first = greedy(given_problem)
    keys = [one.meeting for one in first]

    def found() -> list[tuple[Assignment, ...]]:
        walk = walked(given_problem, first, keys, seed=1, left=lambda: 60.0, is_early=False)
        return [tuple(sorted(plan)) for plan in walk]

    plans = found()
    for plan in plans:
        assert hard_rules_broken(given_problem, plan) == []
        assert [one.meeting for one in plan] == sorted(keys)
    burdens = [waits_of(given_problem, plan) for plan in (first, *plans)]
    assert burdens == sorted(burdens, reverse=True)
    assert burdens[-1][1] < burdens[0][1]
    assert found() == plans


def test_a_medium_summit_walks_little_more_than_it_must_and_says_how_much() -> None:
    given_problem = demand(Family.A, seed=1, wishes=80, rooms=5, delegations=30, slots_per_day=12).problem()
    changes = levels(solved(given_problem))[ROOM_CHANGES.code]
    assert 0 < changes.bound <= changes.objective <= 1.5 * changes.bound


def test_what_need_not_move_in_a_repair_does_not_move_for_the_sake_of_gaps() -> None:
    rooms = [OpenRoom("A", 4, EIGHT)]
    meetings = [meeting(code, "KE", code, starts=range(8)) for code in ("RW", "FR", "IN")]
    apart = solved(problem(8, rooms, [replace(one, starts=(3 * n,)) for n, one in enumerate(meetings)]))
    repaired = solved(replace(problem(8, rooms, meetings), published=apart.assignments))
    assert repaired.assignments == apart.assignments
    assert levels(repaired)[GAPS.code].objective == 2
    assert levels(repaired)[GAPS.code].is_proven
