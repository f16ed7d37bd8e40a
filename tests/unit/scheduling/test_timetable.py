"""A timetable is numbered, never changes, and says what it changed from the one before."""

from dataclasses import replace
from typing import Any

import pytest

from summit_contracts.scheduling import (
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    MoveReason,
    PlanStatus,
    UnplacedReason,
)
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.timetables import PlanBroken
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.planning import placement_of, problem_for
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.domain.timetable import Timetable
from summit_testkit.builders.scheduling import BEFORE, a_grid, an_agreed_bilateral

GRID = a_grid()
PAIRS = {"b1": ("KE", "RW"), "b2": ("KE", "FR"), "b3": ("FR", "RW")}


def bilaterals(*ids: str) -> dict[str, Bilateral]:
    return {one: an_agreed_bilateral(one, *PAIRS[one]) for one in ids}


def plan(problem: Problem, *places: tuple[str, int, str], bound: int | None = None) -> Plan:
    assignments = tuple(Assignment(*place) for place in places)
    weight = 4 * len(places)
    bound = weight if bound is None else bound
    return Plan(
        assignments,
        Certificate(
            input_hash=problem.input_hash,
            status=PlanStatus.OPTIMAL if weight == bound else PlanStatus.FEASIBLE,
            objective=weight,
            bound=bound,
            solver="by_hand",
            solver_version="1",
            seed=1,
            seconds=0.5,
        ),
    )


def timetable(
    of: dict[str, Bilateral], *places: tuple[str, int, str], before: Timetable | None = None
) -> Timetable:
    problem = problem_for(GRID, of.values(), {})
    return Timetable.of(plan(problem, *places), problem, GRID, of, before=before, now=BEFORE)


def test_the_first_one_is_all_new() -> None:
    first = timetable(bilaterals("b1", "b2"), ("b1", 0, "A"))
    difference = first.since(None)
    assert first.number == 1
    assert [(one.bilateral_id, one.to) for one in difference.placed] == [
        ("b1", placement_of(GRID, 0, "A", 20))
    ]
    assert [(one.bilateral_id, one.was, one.why) for one in difference.unplaced] == [
        ("b2", None, UnplacedReason.NO_PLACE_LEFT)
    ]
    assert (difference.moved, difference.kept, difference.gone) == ((), (), ())


def test_a_later_one_says_what_was_kept_moved_placed_lost_and_gone() -> None:
    first = timetable(bilaterals("b1", "b2", "b3"), ("b1", 0, "A"), ("b2", 1, "A"), ("b3", 2, "A"))
    second = timetable(bilaterals("b1", "b2"), ("b1", 0, "A"), ("b2", 3, "A"), before=first)
    difference = second.since(first)
    assert (second.number, difference.kept, difference.gone) == (2, ("b1",), ("b3",))
    (moved,) = difference.moved
    assert (moved.was, moved.to) == (placement_of(GRID, 1, "A", 20), placement_of(GRID, 3, "A", 20))
    assert moved.why is MoveReason.BETTER_PLAN
    third = timetable(bilaterals("b1", "b2", "b3"), ("b3", 0, "A"), ("b2", 3, "A"), before=second)
    difference = third.since(second)
    assert [one.bilateral_id for one in difference.placed] == ["b3"]
    assert [(one.bilateral_id, one.was) for one in difference.unplaced] == [
        ("b1", placement_of(GRID, 0, "A", 20))
    ]


def test_what_stays_without_a_place_is_not_said_again() -> None:
    first = timetable(bilaterals("b1"))
    second = timetable(bilaterals("b1"), before=first)
    assert first.since(None).unplaced
    assert second.since(first).unplaced == ()


def test_a_timetable_differs_from_itself_in_nothing() -> None:
    only = timetable(bilaterals("b1", "b2"), ("b1", 0, "A"))
    difference = only.since(only)
    assert (difference.placed, difference.moved, difference.unplaced, difference.gone) == ((), (), (), ())


def test_carrying_it_out_says_of_every_bilateral_what_the_difference_says() -> None:
    agreed = bilaterals("b1", "b2", "b3")
    first = timetable(agreed, ("b1", 0, "A"), ("b2", 1, "A"))
    held = {key: first.carry_out(one) for key, one in agreed.items()}
    assert [type(change.facts[0]) for change in held.values()] == [
        BilateralScheduled,
        BilateralScheduled,
        BilateralUnplaced,
    ]
    now = {key: change.after for key, change in held.items()}
    second = timetable(now, ("b1", 0, "A"), ("b2", 2, "A"), before=first)
    facts = [fact for one in now.values() for fact in second.carry_out(one).facts]
    assert [(type(fact), fact.key) for fact in facts] == [(BilateralMoved, "b2")]


def test_the_published_fact_counts_what_the_difference_lists() -> None:
    first = timetable(bilaterals("b1", "b2"), ("b1", 0, "A"))
    second = timetable(bilaterals("b1", "b2", "b3"), ("b1", 1, "A"), ("b3", 0, "A"), before=first)
    fact = second.published(second.since(first), told=1)
    assert (fact.number, fact.agreed, fact.placed, fact.newly_placed, fact.moved, fact.unplaced) == (
        2,
        3,
        2,
        1,
        1,
        1,
    )
    assert (fact.objective, fact.bound, fact.status) == (8, 8, PlanStatus.OPTIMAL)
    assert fact.placed <= fact.at_most <= fact.agreed


@pytest.mark.parametrize(
    ("places", "changed"),
    [
        ((("b1", 0, "A"), ("b2", 0, "A")), {}),
        ((("b1", 0, "A"),), {"objective": 8, "bound": 8}),
        ((("b1", 0, "A"),), {"bound": 3}),
        ((("b1", 0, "A"),), {"bound": 8}),
        ((("b1", 0, "A"),), {"status": PlanStatus.FEASIBLE}),
        ((("b1", 0, "A"),), {"input_hash": "0" * 64}),
    ],
)
def test_a_plan_that_breaks_a_rule_or_overstates_itself_makes_no_timetable(
    places: tuple[tuple[str, int, str], ...], changed: dict[str, Any]
) -> None:
    agreed = bilaterals("b1", "b2")
    problem = problem_for(GRID, agreed.values(), {})
    good = plan(problem, *places)
    bad = replace(good, certificate=replace(good.certificate, **changed))
    with pytest.raises(PlanBroken):
        Timetable.of(bad, problem, GRID, agreed, before=None, now=BEFORE)
