"""Why not: the rules named block the meeting, no fewer do, and what is said to help helps; held against trying all plans."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest

from summit_contracts.values import Interval, Rank
from summit_scheduling.domain.availability import Availability, Representative
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.obstacles import Against, Ask, Obstacle, Question, Said
from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem
from summit_scheduling.domain.questioning import Circumstances
from summit_scheduling.domain.rulings import Absence, Closure, Pin, Rulings
from summit_scheduling.domain.whynot import WhyNot, why_not
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.placing import Proofs, placed_as_well
from summit_testkit.builders.scheduling import (
    EDITION_ID,
    FIRST_DAY,
    a_grid,
    an_agreed_bilateral,
    in_new_york,
)
from summit_testkit.demand import Family, demand
from summit_testkit.plans import hard_rules_broken
from summit_testkit.problems import crowded_problem, ruled

GRID = a_grid()
NOW = datetime(2022, 8, 1, tzinfo=UTC)


def answered(question: Question, others: Any = (), place: Callable[[Ask], Said] = placed_as_well) -> WhyNot:
    """The answer, with the solver asked for real."""
    asking = why_not(question, others)
    try:
        ask = next(asking)
        while True:
            ask = asking.send(place(ask))
    except StopIteration as answer:
        found: WhyNot = answer.value
        return found


def can_all_be_placed(ask: Ask) -> bool:
    """By trying every plan: the meeting asked about first, then the others wherever nothing is broken."""
    given = ask.problem
    its = given.by_key[ask.meeting]
    others = [one for one in given.meetings if one.key != ask.meeting]
    again = tuple(f"{one}/again" if one in ask.two_at_a_time else one for one in its.parties)

    def is_whole(plan: tuple[Assignment, ...]) -> bool:
        """Its parties that may be in two meetings count for their caps, and for nothing else."""
        apart = tuple(replace(one, parties=again) if one is its else one for one in given.meetings)
        together = [fault for fault in hard_rules_broken(given, plan) if "too many" in fault]
        return not together and not hard_rules_broken(replace(given, meetings=apart), plan)

    def rest(left: list[Meeting], plan: tuple[Assignment, ...]) -> bool:
        if not is_whole(plan):
            return False
        if not left:
            return True
        return any(
            rest(left[1:], (*plan, Assignment(left[0].key, start, room.code)))
            for start in left[0].starts
            for room in given.rooms
        )

    return any(
        rest(others, (Assignment(its.key, start, room.code),)) for start in its.starts for room in given.rooms
    )


def a_question(seed: int) -> Question | None:
    """A small summit under rules, one meeting of which the best plan has left out; none where it places all."""
    chance = Random(seed)
    given = ruled(chance, crowded_problem(chance, most_meetings=5, most_slots=3, most_rooms=2))
    given = replace(
        given, published=(), limits=tuple(replace(one, moves=None) for one in given.limits), vetoes=()
    )
    given = replace(given, meetings=tuple(replace(one, is_fixed=False) for one in given.meetings))
    now = solve(given, seed=1, seconds=60.0).assignments
    held = {one.meeting for one in now}
    left = [one for one in given.meetings if one.key not in held]
    if not left:
        return None
    meeting = replace(left[0], weight=1)
    others = tuple(replace(one, weight=1) for one in given.meetings if one.key in held)
    possible = range(len(given.slots) - meeting.length + 1)
    kinds = [Obstacle(Against.TERMS, meeting.key), Obstacle(Against.PARTY_AWAY, meeting.parties[0])]
    against = {
        start: frozenset()
        if start in meeting.starts
        else frozenset(chance.sample(kinds, chance.randint(1, 2)))
        for start in possible
    }
    problem = replace(given, meetings=(*others, meeting), classes={})
    return Question(problem, problem.by_key[meeting.key], against, now)


QUESTIONS = {seed: one for seed in range(90) if (one := a_question(seed))}


@pytest.mark.parametrize("seed", QUESTIONS)
def test_the_rules_named_block_it_and_without_any_one_of_them_the_others_do_not(seed: int) -> None:
    question = QUESTIONS[seed]
    found = answered(question)
    assert found.is_certain
    everything = frozenset(question.rules)
    assert bool(found.blocking) == (not can_all_be_placed(question.under(everything)))
    named = frozenset(found.blocking)
    if named and found.blocking[0].rule is not Against.TOO_LONG:
        assert not can_all_be_placed(question.under(named))
        assert all(can_all_be_placed(question.under(named - {rule})) for rule in named)


@pytest.mark.parametrize("seed", QUESTIONS)
def test_no_fewer_rules_than_those_named_block_it(seed: int) -> None:
    question = QUESTIONS[seed]
    found = answered(question)
    for fewer in range(len(found.blocking)):
        for rules in combinations(question.rules, fewer):
            assert can_all_be_placed(question.under(rules)), f"{rules} instead of {found.blocking}"


@pytest.mark.parametrize("seed", QUESTIONS)
def test_what_is_said_to_help_makes_the_meeting_feasible_with_all_other_rules_in_force(seed: int) -> None:
    question = QUESTIONS[seed]
    found = answered(question)
    everything = frozenset(question.rules)
    if found.blocking and found.blocking[0].rule is not Against.TOO_LONG:
        assert found.ways, "something always helps: lifting all of them does"
    for way in found.ways:
        assert can_all_be_placed(question.under(everything.difference(way.gives_way)))
        spared = (everything.difference(way.gives_way) | {rule} for rule in way.gives_way)
        assert not any(can_all_be_placed(question.under(rules)) for rules in spared)


@pytest.mark.parametrize("seed", sorted(QUESTIONS)[:60])
def test_the_solver_answers_as_trying_all_plans_does(seed: int) -> None:
    """Also where it remembers what earlier questions were proven impossible by."""
    question, chance, proofs = QUESTIONS[seed], Random(seed), Proofs()
    for _ in range(6):
        ask = question.under([rule for rule in question.rules if chance.random() < 0.6])
        said = placed_as_well(ask, proofs=proofs)
        assert said.is_certain
        assert (said.plan is not None) == can_all_be_placed(ask)
        if said.plan and not ask.two_at_a_time:
            assert hard_rules_broken(ask.problem, said.plan) == []
            assert {one.meeting for one in said.plan} == set(ask.problem.by_key)


def test_time_that_runs_out_is_said_and_names_a_rule_too_many_rather_than_too_few() -> None:
    question = next(iter(QUESTIONS.values()))
    found = answered(question, place=lambda _: Said(None, is_certain=False))
    assert not found.is_certain
    assert set(found.blocking) == set(question.rules)
    assert found.ways == ()


def around(
    *agreed: Bilateral,
    rulings: Rulings | None = None,
    known: Mapping[str, Availability] | None = None,
    placed: tuple[Assignment, ...] = (),
) -> Circumstances:
    by_id = {one.bilateral_id: one for one in agreed}
    ruled_so = rulings or Rulings(edition_id=EDITION_ID)
    return Circumstances(GRID, ruled_so, known or {}, by_id, placed, frozenset(), NOW)


def explained(here: Circumstances, bilateral_id: str = "b1") -> WhyNot:
    bilateral = here.agreed[bilateral_id]
    return answered(here.question(bilateral), here.others(bilateral))


def hours(start: int, end: int) -> Interval:
    return Interval(start_at=in_new_york(FIRST_DAY, start), end_at=in_new_york(FIRST_DAY, end))


def named(found: WhyNot) -> set[tuple[str, str]]:
    return {(one.rule.value, one.subject) for one in found.blocking}


def test_a_veto_is_the_whole_answer_and_lifting_it_is_a_way() -> None:
    found = explained(
        around(an_agreed_bilateral("b1"), rulings=Rulings(edition_id=EDITION_ID, vetoes=(("KE", "RW"),)))
    )
    assert named(found) == {("veto", "b1")}
    assert [way.gives_way for way in found.ways] == [found.blocking]


def test_where_nothing_stands_against_it_the_place_is_named() -> None:
    found = explained(around(an_agreed_bilateral("b1")))
    assert found.blocking == ()
    assert [(way.gives_way, way.moved) for way in found.ways] == [((), 0)]


def test_a_substitute_is_offered_where_one_could_come() -> None:
    """RW's minister is away; its officer is there, and the meeting was agreed among ministers."""
    minister = Representative("m", Rank.MINISTER, True, arrives_on=datetime(2022, 12, 1, tzinfo=UTC).date())
    officer = Representative("o", Rank.SENIOR_OFFICER, False)
    known = {"RW": Availability(edition_id=EDITION_ID, code="RW", representatives=(minister, officer))}
    found = explained(around(an_agreed_bilateral("b1"), known=known))
    assert named(found) == {("party_away", "RW")}
    assert ("substitute", "senior_officer") in {(way.change, way.to) for way in found.ways}


def test_a_pin_outside_of_a_partys_hours_is_named_with_the_party() -> None:
    rulings = Rulings(
        edition_id=EDITION_ID,
        pins=(Pin("b1", in_new_york(FIRST_DAY, 10)),),
        absences=(Absence("KE", hours(9, 12)),),
    )
    found = explained(around(an_agreed_bilateral("b1"), rulings=rulings))
    assert named(found) == {("pin", "b1"), ("party_away", "KE")}
    assert {way.gives_way for way in found.ways} == {(one,) for one in found.blocking}


def test_closed_rooms_are_named_and_opening_them_is_a_way() -> None:
    everywhere = Interval(start_at=in_new_york(FIRST_DAY, 0), end_at=datetime(2022, 12, 1, tzinfo=UTC))
    rulings = Rulings(
        edition_id=EDITION_ID, closures=tuple(Closure(one.code, everywhere) for one in GRID.rooms)
    )
    found = explained(around(an_agreed_bilateral("b1"), rulings=rulings))
    assert "room_closed" in {rule for rule, _ in named(found)}
    assert any([one.rule for one in way.gives_way] == [Against.ROOM_CLOSED] for way in found.ways)


@pytest.mark.parametrize("family", Family)
def test_in_a_crowded_summit_a_meeting_left_out_is_explained(family: Family) -> None:
    given = demand(family, seed=1, wishes=160, rooms=6, delegations=40, days=2, slots_per_day=8).problem()
    now = solve(given, seed=1, seconds=60.0).assignments
    held = {one.meeting for one in now}
    left = next(one for one in given.meetings if one.key not in held)
    problem = of_those(given, held | {left.key})
    away = Obstacle(Against.PARTY_AWAY, left.parties[0])
    against = {start: frozenset(() if start in left.starts else (away,)) for start in range(16)}
    found = answered(Question(problem, problem.by_key[left.key], against, now))
    assert found.is_certain
    assert found.blocking
    assert found.ways


def of_those(given: Problem, keys: set[str]) -> Problem:
    kept = tuple(replace(one, weight=1) for one in given.meetings if one.key in keys)
    return replace(given, meetings=kept)


def test_a_meeting_longer_than_any_session_is_said_to_be_so() -> None:
    problem = Problem(
        "small", (), (OpenRoom("A", 4, frozenset()),), (Meeting("m", ("KE", "RW"), 1, 2, 3, ()),)
    )
    found = answered(Question(problem, problem.by_key["m"], {}, ()))
    assert [one.rule for one in found.blocking] == [Against.TOO_LONG]


def test_no_other_meeting_is_moved_into_the_past_to_make_room() -> None:
    """Where an edition freezes, no solve lets a meeting begin in a slot that has begun, and neither does a way out."""
    bilaterals = an_agreed_bilateral("b1"), an_agreed_bilateral("b2", "FR", "KE")
    here = around(*bilaterals, placed=(Assignment("b2", 4, "A"),))
    assert here.question(bilaterals[0]).problem.by_key["b2"].starts[0] < 4
    later = replace(here, grid=a_grid(freeze_minutes=60), now=GRID.slots[4].start_at + timedelta(minutes=1))
    starts = later.question(bilaterals[0]).problem.by_key["b2"].starts
    assert starts[0] == 4, "where it is, it may stay"
    assert all(GRID.slots[one].start_at > later.now for one in starts[1:])
