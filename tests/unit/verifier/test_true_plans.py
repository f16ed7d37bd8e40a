"""True plans are accepted, the verifier and the domain agree on every rule, and prices prove no more than is true."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.aims import MOVES, aims_of, owed_to_small
from summit_scheduling.domain.byhand import plan_of
from summit_scheduling.domain.occupied import Occupied
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.domain.rules import breaches
from summit_scheduling.solver.engine import solve
from summit_testkit.demand import Family, demand
from summit_testkit.mutants.placements import left_out_and_called_best
from summit_testkit.plans import best_by_trying_all
from summit_testkit.problems import crowded_problem, problems, ruled
from summit_verifier.levels import AIMS
from summit_verifier.proofs import most_worth, proven_bounds, readings
from summit_verifier.reading import read
from summit_verifier.report import WORD, Report, verify
from summit_verifier.rules import RULES
from summit_verifier.taken import Taken

LAST_BOUNDS = {"gaps bound", "room_changes bound", "earliness bound"}
"""Of these only what counting proves is proven."""
unhurried = settings(deadline=None, max_examples=80)


def content_of(plan: Plan, given_problem: Problem) -> bytes:
    now = datetime(2022, 8, 1, tzinfo=UTC)
    return json.dumps(PlanFile.of(plan, given_problem, number=1, published_at=now).document).encode()


def reported(plan: Plan, given_problem: Problem) -> Report:
    return verify(content_of(plan, given_problem))


def on_its_word(report: Report) -> set[str]:
    """The bounds that nothing in the file proves."""
    return {line.what for line in report.lines if line.verdict == WORD}


def some_plan(chance: Random, given_problem: Problem) -> Plan:
    """Places drawn by chance: most of them break a rule."""
    assignments = tuple(
        Assignment(one.key, chance.choice(one.starts or (0,)), chance.choice(given_problem.rooms).code)
        for one in given_problem.meetings
        if chance.random() < 0.5
    )
    return plan_of(given_problem, assignments, "chance")


@unhurried
@given(problems(most_meetings=10, with_rules=True))
def test_every_plan_of_the_engine_is_accepted(given_problem: Problem) -> None:
    report = reported(solve(given_problem, seed=1, seconds=60.0), given_problem)
    assert report.is_true, report.to_text()


def test_the_true_plan_under_every_rule_is_accepted_and_proven(true_plan: dict[str, Any]) -> None:
    report = verify(json.dumps(true_plan).encode())
    assert report.is_true, report.to_text()
    assert on_its_word(report) == LAST_BOUNDS, "CP-SAT has proven more of a small summit than counting does"


def test_where_meetings_are_pinned_each_bound_says_of_which_plans_it_holds(true_plan: dict[str, Any]) -> None:
    lines = {line.what: line.said for line in verify(json.dumps(true_plan).encode()).lines}
    assert lines["pinned bound"].startswith("Of all plans none surpasses 1")
    assert lines["weight bound"].startswith("Of the plans that hold as many pinned and frozen meetings none")
    assert "as good at the levels before" in lines["moves bound"]
    assert "with the same meetings" in lines["gaps bound"]


def test_a_pinned_meeting_without_a_place_says_nothing_of_the_weight_of_plans_without_it(
    true_plan: dict[str, Any],
) -> None:
    (forged,) = (one.document for one in left_out_and_called_best(true_plan) if one.subject == "m01")
    assert not verify(json.dumps(forged).encode()).is_true
    forged["certificate"]["levels"][0]["bound"] = 1  # it could be held, as the certificate admits
    report = verify(json.dumps(forged).encode())
    assert report.is_true, report.to_text()
    assert "weight bound" in on_its_word(report)


@pytest.mark.parametrize("family", Family)
def test_heavy_tailed_demand_is_proven_without_the_engine(family: Family) -> None:
    given_problem = demand(
        family, seed=1, wishes=160, rooms=8, delegations=40, days=2, slots_per_day=8
    ).problem()
    report = reported(solve(given_problem, seed=1, seconds=60.0), given_problem)
    assert report.is_true, report.to_text()
    assert on_its_word(report) <= {"gaps bound", "earliness bound"}, report.to_text()


@pytest.mark.parametrize("family", Family)
def test_that_a_repair_moves_the_fewest_is_proven_without_the_engine(family: Family) -> None:
    before = demand(family, seed=1, wishes=160, rooms=8, delegations=40, days=2, slots_per_day=8).problem()
    published = solve(before, seed=1, seconds=60.0).assignments
    closed = replace(before.rooms[0], slots=before.rooms[0].slots - set(range(8)))
    given_problem = replace(before, rooms=(closed, *before.rooms[1:]), published=published)
    plan = solve(given_problem, seed=1, seconds=60.0)
    assert MOVES.count(given_problem, plan.assignments) > 0
    report = reported(plan, given_problem)
    assert report.is_true, report.to_text()
    assert on_its_word(report) <= LAST_BOUNDS, report.to_text()


@pytest.mark.parametrize("seed", range(300))
def test_verifier_and_domain_agree_whether_a_plan_breaks_a_rule(seed: int) -> None:
    chance = Random(seed)
    given_problem = ruled(chance, crowded_problem(chance, most_meetings=6, most_slots=6, most_rooms=3))
    plan = some_plan(chance, given_problem)
    file = read(content_of(plan, given_problem))
    broken = [one.rule for rule in RULES for one in rule(file)]
    assert bool(broken) == bool(breaches(given_problem, plan.assignments)), broken


@pytest.mark.parametrize("seed", range(100))
def test_verifier_and_domain_agree_on_where_one_more_could_be(seed: int) -> None:
    chance = Random(seed)
    given_problem = ruled(chance, crowded_problem(chance, most_meetings=7, most_slots=6, most_rooms=3))
    plan = solve(given_problem, seed=1, seconds=60.0)
    fewer = plan_of(given_problem, chance.sample(plan.assignments, len(plan.assignments) // 2), "fewer")
    file = read(content_of(fewer, given_problem))
    taken, occupied = Taken(file), Occupied(given_problem, fewer.assignments)
    held = {one.meeting for one in fewer.assignments}
    for key, meeting in given_problem.by_key.items():
        if key not in held:
            is_free = next(occupied.places(meeting), None) is not None
            assert (taken.free_place(file.meetings[key]) is not None) == is_free


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_prices_no_plan_is_better_than_what_they_prove(seed: int) -> None:
    """Weak duality holds for prices drawn by chance too; what every plan reaches at most is found by trying all."""
    chance = Random(seed)
    given_problem = ruled(chance, crowded_problem(chance, most_meetings=5, most_slots=5, most_rooms=2))
    document = json.loads(content_of(some_plan(chance, given_problem), given_problem))
    uses = [("party", code, str(slot)) for code in ("KE", "FR", "IN") for slot in range(5)]
    uses += [("room", room.code, str(slot)) for room in given_problem.rooms for slot in range(5)]
    uses += [("resource", code, str(slot)) for code in given_problem.resources for slot in range(5)]
    uses += [("moves", one.party, "") for one in given_problem.limits if one.moves is not None]
    uses += [("meetings", one.party, "") for one in given_problem.limits if one.meetings is not None]
    few = chance.sample(uses, len(uses) // 2)
    document["prices"] = [[*use, chance.randrange(20 << 20)] for use in few]
    best, file = best_by_trying_all(given_problem), read(json.dumps(document).encode())
    pinned, weight, *_ = best
    for reading in readings(file):
        worth = pinned * (given_problem.weight_of_all + 1) + weight
        assert most_worth(file, reading) >= worth * reading.step


@pytest.mark.parametrize("seed", range(100))
def test_what_is_said_to_be_proven_no_plan_surpasses(seed: int) -> None:
    """Bounds on moves and fairness are about plans as good at what comes before; the best of all plans is found by trying all."""
    chance = Random(seed)
    given_problem = ruled(chance, crowded_problem(chance, most_meetings=5, most_slots=5, most_rooms=2))
    plan = solve(given_problem, seed=1, seconds=60.0)
    proven = proven_bounds(read(content_of(plan, given_problem)))
    pinned, weight, stay, small = best_by_trying_all(given_problem)
    assert (proven["pinned"], proven["weight"]) >= (pinned, weight)
    assert proven["moves"] <= len(given_problem.published) - stay
    assert proven["fairness"] <= owed_to_small(given_problem) - small


def test_a_proof_that_is_cut_no_longer_proves_and_is_not_called_false(true_plan: dict[str, Any]) -> None:
    for number in range(len(true_plan["prices"])):
        cut = deepcopy(true_plan)
        cut["prices"][number][3] = 0
        report = verify(json.dumps(cut).encode())
        assert report.is_true
        assert on_its_word(report) > LAST_BOUNDS


def test_every_aim_of_the_engine_is_known_to_the_verifier(true_plan: dict[str, Any]) -> None:
    assert {level["code"] for level in true_plan["certificate"]["levels"]} == set(AIMS)


def test_a_plan_made_by_hand_says_that_it_is_only_feasible_and_is_accepted() -> None:
    given_problem = crowded_problem(Random(3), most_meetings=6, most_slots=4, most_rooms=2)
    plan = plan_of(given_problem, (), "desk")
    assert plan.certificate.status is PlanStatus.FEASIBLE
    assert reported(plan, given_problem).is_true
    assert aims_of(given_problem)


def test_the_bound_on_fairness_in_a_repair_is_judged_beside_that_on_moves(true_plan: dict[str, Any]) -> None:
    levels = {level["code"] for level in true_plan["certificate"]["levels"]}
    assert {"moves", "fairness"} <= levels
    report = verify(json.dumps(true_plan).encode())
    said = {line.what for line in report.lines}
    assert {"moves bound", "fairness bound"} <= said
