"""A problem has one spelling and one hash, contradicts itself never, and knows a broken plan when it sees one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit_scheduling.domain.problem import Assignment, InputFlaw, Limit, OpenRoom, Problem
from summit_scheduling.domain.rules import Rule, breaches
from summit_testkit.plans import hard_rules_broken
from summit_testkit.problems import meeting, problem, problems

ALL = frozenset(range(4))
TWO_ROOMS = (OpenRoom("A", 8, ALL), OpenRoom("B", 4, frozenset({0, 1})))
CROWD = problem(
    4,
    TWO_ROOMS,
    (
        meeting("a", "KE", "RW", seats=8, starts=range(4)),
        meeting("b", "KE", "FR", starts=range(4)),
        meeting("c", "IN", "FR", starts=(0, 1, 2), length=2),
    ),
)
GOOD = (Assignment("a", 0, "A"), Assignment("b", 3, "A"), Assignment("c", 0, "B"))


def test_a_good_plan_breaks_nothing() -> None:
    assert breaches(CROWD, GOOD) == ()
    assert CROWD.weight_of(GOOD) == 3


@pytest.mark.parametrize(
    ("wrong", "rule", "subject"),
    [
        (Assignment("a", 3, "A"), Rule.ONCE, "a"),
        (Assignment("stranger", 3, "A"), Rule.ONCE, "stranger"),
        (Assignment("b", 0, "B"), Rule.ONE_PLACE_AT_A_TIME, "KE"),
        (Assignment("b", 1, "B"), Rule.ONE_MEETING_PER_ROOM, "B"),
        (Assignment("b", 3, "B"), Rule.ROOM_FITS, "B"),
        (Assignment("b", 3, "C"), Rule.ROOM_FITS, "C"),
        (Assignment("b", 4, "A"), Rule.ALLOWED_START, "4"),
    ],
)
def test_each_broken_rule_is_named_with_its_subject(wrong: Assignment, rule: Rule, subject: str) -> None:
    plan = (GOOD[0], GOOD[2], wrong)
    assert (rule, wrong.meeting, subject) in {
        (one.rule, one.meeting, one.subject) for one in breaches(CROWD, plan)
    }


def test_a_room_that_is_too_small_is_noticed() -> None:
    (only,) = breaches(CROWD, [Assignment("a", 0, "B")])
    assert only.rule is Rule.ROOM_FITS


def test_a_long_meeting_is_busy_to_its_end() -> None:
    plan = (Assignment("c", 2, "A"), Assignment("b", 3, "A"))
    assert {one.rule for one in breaches(CROWD, plan)} == {
        Rule.ONE_PLACE_AT_A_TIME,
        Rule.ONE_MEETING_PER_ROOM,
    }


RULED = replace(
    CROWD,
    rooms=(
        OpenRoom("A", 8, ALL, frozenset({"booths"}), turn_round_minutes=20),
        OpenRoom("B", 8, ALL, frozenset({"booths"})),
    ),
    meetings=(
        meeting("a", "KE", "RW", starts=range(4), needs=("booths",), rest_minutes=20),
        meeting("b", "KE", "FR", starts=range(4), needs=("booths",)),
        meeting("c", "IN", "BD", starts=range(4), room="B"),
        meeting("d", "IN", "RW", starts=range(4), needs=("webcast",)),
        meeting("e", "FR", "IN", starts=range(4)),
    ),
    resources={"booths": 1},
    limits=(Limit("KE", meetings=1), Limit("RW", per_day=0), Limit("IN", moves=0)),
    vetoes=(("IN", "FR"),),
    published=(Assignment("c", 0, "B"),),
)


@pytest.mark.parametrize(
    ("plan", "rule", "subject"),
    [
        ((Assignment("a", 0, "B"), Assignment("b", 1, "B")), Rule.REST, "KE"),
        ((Assignment("b", 1, "B"), Assignment("a", 0, "B")), Rule.REST, "KE"),
        ((Assignment("b", 0, "A"), Assignment("c", 1, "A")), Rule.TURN_ROUND, "A"),
        ((Assignment("a", 0, "A"), Assignment("b", 0, "B")), Rule.RESOURCE, "booths"),
        ((Assignment("c", 0, "A"),), Rule.ROOM_FITS, "A"),
        ((Assignment("d", 0, "A"),), Rule.ROOM_FITS, "A"),
        ((Assignment("e", 0, "A"),), Rule.VETO, "e"),
        ((Assignment("a", 0, "A"), Assignment("b", 3, "A")), Rule.MEETINGS_OF_PARTY, "KE"),
        ((Assignment("a", 0, "A"),), Rule.MEETINGS_PER_DAY, "RW"),
        ((Assignment("c", 1, "B"),), Rule.MOVES_OF_PARTY, "IN"),
    ],
)
def test_each_rule_of_the_edition_is_named_with_its_subject(
    plan: tuple[Assignment, ...], rule: Rule, subject: str
) -> None:
    assert (rule, subject) in {(one.rule, one.subject) for one in breaches(RULED, plan)}


def test_who_has_rested_may_meet_again_and_a_room_that_was_turned_round_is_used_again() -> None:
    rested = replace(RULED, limits=())
    assert breaches(rested, (Assignment("a", 0, "A"), Assignment("b", 2, "A"))) == ()
    assert breaches(rested, (Assignment("c", 0, "B"), Assignment("b", 1, "B"))) == ()


@st.composite
def plans(draw: st.DrawFn) -> tuple[Problem, Sequence[Assignment]]:
    given_problem = draw(problems(most_meetings=4, with_rules=True))
    keys = [*(one.key for one in given_problem.meetings), "stranger"]
    rooms = [*(one.code for one in given_problem.rooms), "nowhere"]
    assignments = st.builds(Assignment, st.sampled_from(keys), st.integers(-1, 5), st.sampled_from(rooms))
    return given_problem, draw(st.lists(assignments, max_size=5))


@given(plans())
def test_two_checkers_written_apart_agree_on_every_plan(
    given_plan: tuple[Problem, Sequence[Assignment]],
) -> None:
    given_problem, plan = given_plan
    assert bool(breaches(given_problem, plan)) == bool(hard_rules_broken(given_problem, plan))


@given(problems(most_meetings=5, with_rules=True))
def test_the_canonical_json_reads_back_as_the_same_problem(given_problem: Problem) -> None:
    again = Problem.from_json(given_problem.to_json())
    assert again == given_problem
    assert again.input_hash == given_problem.input_hash


@given(problems(most_meetings=5, with_rules=True), st.randoms(use_true_random=False))
def test_the_order_in_which_a_problem_is_told_does_not_matter(given_problem: Problem, chance: Any) -> None:
    def shuffled(parts: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(chance.sample(parts, len(parts)))

    again = replace(
        given_problem,
        rooms=shuffled(given_problem.rooms),
        meetings=tuple(
            replace(one, parties=shuffled(one.parties), starts=shuffled(one.starts))
            for one in shuffled(given_problem.meetings)
        ),
    )
    assert again.input_hash == given_problem.input_hash


@pytest.mark.parametrize(
    "changed",
    [
        {"weight": 2},
        {"seats": 5},
        {"starts": (0, 1, 2)},
        {"parties": ("KE", "FR")},
        {"key": "z"},
    ],
)
def test_every_change_changes_the_hash(changed: dict[str, Any]) -> None:
    first, *rest = CROWD.meetings
    assert replace(CROWD, meetings=(replace(first, **changed), *rest)).input_hash != CROWD.input_hash


@pytest.mark.parametrize(
    "flawed",
    [
        lambda: problem(4, TWO_ROOMS, [meeting("a", starts=(0,)), meeting("a", starts=(1,))]),
        lambda: problem(4, [*TWO_ROOMS, OpenRoom("A", 2, ALL)], []),
        lambda: problem(4, [OpenRoom("A", 2, frozenset({4}))], []),
        lambda: problem(4, TWO_ROOMS, [meeting("a", "KE", starts=(0,))]),
        lambda: problem(4, TWO_ROOMS, [meeting("a", "KE", "KE", starts=(0,))]),
        lambda: problem(4, TWO_ROOMS, [meeting("a", weight=0, starts=(0,))]),
        lambda: problem(4, TWO_ROOMS, [meeting("a", seats=0, starts=(0,))]),
        lambda: problem(4, TWO_ROOMS, [meeting("a", length=0, starts=(0,))]),
        lambda: problem(4, TWO_ROOMS, [meeting("a", starts=(-1,))]),
        lambda: problem(4, TWO_ROOMS, [meeting("a", length=2, starts=(3,))]),
        lambda: replace(CROWD, published=(Assignment("stranger", 0, "A"),)),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(flawed: Callable[[], Problem]) -> None:
    with pytest.raises(InputFlaw, match=r"(room|meeting) \w+ "):
        flawed()
