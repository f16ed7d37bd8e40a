"""What counting says no plan surpasses, none does; a claim of more is not taken for proven, and the true one is."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.problem import Assignment, OpenRoom, Problem
from summit_scheduling.solver.engine import solve
from summit_testkit.demand import Family, demand
from summit_testkit.plans import shortest_waits_by_trying_all
from summit_testkit.problems import crowded_problem, meeting, problem, ruled
from summit_verifier.counting import COUNTS, earliest, fewest_gaps, fewest_room_changes
from summit_verifier.parts import PlanFile as File
from summit_verifier.reading import read
from summit_verifier.report import HOLDS, WORD, verify

ALWAYS = frozenset(range(12))


def document_of(plan: Plan, given: Problem) -> dict[str, Any]:
    file = PlanFile.of(plan, given, number=1, published_at=datetime(2022, 8, 1, tzinfo=UTC))
    document: dict[str, Any] = json.loads(json.dumps(file.document))
    return document


def solved(given: Problem) -> dict[str, Any]:
    return document_of(solve(given, seed=1, seconds=60.0), given)


def file_of(document: dict[str, Any]) -> File:
    return read(json.dumps(document).encode())


@pytest.mark.parametrize("seed", range(150))
def test_no_plan_waits_or_walks_less_or_is_earlier_than_is_counted(seed: int) -> None:
    """The best of the plans with the same meetings is found by trying all."""
    chance = Random(seed)
    given = crowded_problem(chance, most_meetings=6, most_slots=5, most_rooms=3)
    given = ruled(chance, given) if seed % 2 else given
    plan = solve(given, seed=1, seconds=60.0)
    file = file_of(document_of(plan, given))
    counted = tuple(fewest(file) for fewest in COUNTS.values())
    shortest = shortest_waits_by_trying_all(given, plan.assignments)
    assert all(count <= least for count, least in zip(counted, shortest, strict=True)), (counted, shortest)


def test_who_has_more_meetings_than_one_stretch_holds_waits() -> None:
    few = [
        meeting(f"m{n}", "KE", code, starts=(0, 1, 4, 5, 6))
        for n, code in enumerate(("BD", "FR", "GH", "RW"))
    ]
    file = file_of(solved(problem(8, [OpenRoom("R1", 8, ALWAYS & frozenset(range(8)))], few)))
    assert fewest_gaps(file) == 1


def test_of_two_that_meet_once_one_walks_unless_it_waits_or_is_the_last_of_its_room() -> None:
    """Three parties, each with each other, in three slots: six steps less three, and of three meetings one is a room's last."""
    three = [
        meeting(f"m{n}", *pair, starts=(0, 1, 2))
        for n, pair in enumerate((("BD", "KE"), ("FR", "KE"), ("BD", "FR")))
    ]
    file = file_of(solved(problem(3, [OpenRoom("R1", 8, frozenset(range(3)))], three)))
    assert fewest_room_changes(file) == 0
    apart = [OpenRoom(f"R{n}", 8, frozenset({n})) for n in range(3)]
    in_a_row = [meeting(f"m{n}", "KE", code, starts=range(3)) for n, code in enumerate(("BD", "FR", "GH"))]
    assert fewest_room_changes(file_of(solved(problem(3, apart, in_a_row)))) == 2


def test_no_more_meetings_begin_in_a_slot_than_rooms_are_open() -> None:
    rooms = [OpenRoom("R1", 8, frozenset({0, 2, 3})), OpenRoom("R2", 8, frozenset({2, 3}))]
    four = [meeting(f"m{n}", f"K{n}", f"L{n}", starts=range(4)) for n in range(4)]
    assert earliest(file_of(solved(problem(4, rooms, four)))) == 0 + 2 + 2 + 3
    late = [*four[:3], meeting("m3", "K3", "L3", starts=(0,))]
    assert earliest(file_of(solved(problem(4, rooms, late)))) == 0 + 2 + 2 + 3


def test_a_party_begins_no_two_meetings_in_a_slot_and_others_make_way() -> None:
    rooms = [OpenRoom(code, 8, frozenset(range(6))) for code in ("R1", "R2")]
    of_one = [meeting(f"m{n}", "KE", f"L{n}", starts=range(6)) for n in range(3)]
    assert earliest(file_of(solved(problem(6, rooms, of_one)))) == 0 + 1 + 2
    bound = [meeting("m3", "BD", "FR", starts=(0,)), meeting("m4", "GH", "RW", starts=(0, 1))]
    assert earliest(file_of(solved(problem(6, rooms, [*of_one, *bound])))) == 0 + 0 + 1 + 1 + 2


def test_in_a_repair_who_stays_waits_and_walks_as_before() -> None:
    rooms = [OpenRoom(code, 8, frozenset(range(4))) for code in ("R1", "R2")]
    meetings = [
        meeting("m0", "BD", "KE", starts=range(4)),
        meeting("m1", "BD", "RW", starts=range(4)),
        meeting("m2", "FR", "GH", starts=range(4)),
    ]
    places = (Assignment("m0", 0, "R1"), Assignment("m1", 3, "R2"), Assignment("m2", 2, "R2"))
    given = problem(4, rooms, meetings)
    repaired = Problem(given.edition_id, given.slots, given.rooms, given.meetings, published=places)
    file = file_of(solved(repaired))
    assert tuple(fewest(file) for fewest in COUNTS.values()) == (1, 1, 5)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("code", COUNTS)
def test_a_bound_claimed_beyond_what_is_counted_is_refused_as_proof_and_the_counted_one_holds(
    family: Family, code: str, crowded: Callable[[Family], dict[str, Any]]
) -> None:
    true = crowded(family)
    number = next(n for n, one in enumerate(true["certificate"]["levels"]) if one["code"] == code)
    counted, reached = COUNTS[code](file_of(true)), true["certificate"]["levels"][number]["objective"]
    for claimed in {counted, min(counted + 1, reached)}:
        forged = deepcopy(true)
        forged["certificate"]["levels"][number]["bound"] = claimed
        report = verify(json.dumps(forged).encode())
        line = next(one for one in report.lines if one.what == f"{code} bound")
        assert line.verdict == (HOLDS if claimed == counted else WORD)
        assert report.is_true
    forged = deepcopy(true)
    forged["certificate"]["levels"][number]["bound"] = reached + 1
    assert not verify(json.dumps(forged).encode()).is_true


@pytest.fixture(scope="module")
def crowded() -> Callable[[Family], dict[str, Any]]:
    made = {
        family: solved(
            demand(family, seed=1, wishes=160, rooms=8, delegations=40, days=2, slots_per_day=8).problem()
        )
        for family in Family
    }
    return made.__getitem__
