"""Few idle gaps: what is proven best is the best of all, by trying them."""

from itertools import product
from random import Random

import pytest

from summit_scheduling.solver.gaps.below import climb
from summit_scheduling.solver.gaps.portfolio import solve
from summit_scheduling.solver.gaps.question import Answer, AtMost, Held, Outcome, Question, QuestionFlaw


def question(seed: int) -> Question:
    """A few meetings of a few parties on one or two days, with every kind of rule now and then."""
    chance = Random(seed)
    days = chance.choice(((5,), (6,), (3, 3), (2, 4)))
    slots = sum(days)
    parties = [f"party {number}" for number in range(chance.randint(3, 5))]
    meetings = []
    for _number in range(chance.randint(3, 5)):
        length = 2 if chance.random() < 0.2 else 1
        possible = range(slots - length + 1)
        size = 3 if chance.random() < 0.15 else 2
        starts = sorted(chance.sample(possible, chance.randint(2, len(possible))))
        meetings.append(Held(tuple(chance.sample(parties, size)), tuple(starts), length))
    pairs = [(0, 1)] if chance.random() < 0.3 else []
    return Question(
        days=days,
        meetings=tuple(meetings),
        limits=tuple(tables(meetings, slot, chance.choice((1, 2))) for slot in range(slots))
        if chance.random() < 0.8
        else (),
        precedences=tuple(pairs),
        largest_difference=chance.choice((None, 0, 1, 2)),
        idle_parties=chance.random() < 0.3,
    )


def tables(meetings: list[Held], slot: int, limit: int) -> AtMost:
    taking = [
        (number, start)
        for number, meeting in enumerate(meetings)
        for start in meeting.starts
        if slot in meeting.run(start)
    ]
    return AtMost(tuple(taking), limit)


def fewest_of_all(asked: Question) -> int | None:
    possible = product(*(meeting.starts for meeting in asked.meetings))
    return min(
        (sum(asked.gaps(starts).values()) for starts in possible if asked.breach(starts) is None),
        default=None,
    )


def last(asked: Question, *, patient: bool = False) -> Answer:
    *_before, answer = climb(asked, seed=1, patient=patient)
    return answer


@pytest.mark.parametrize("seed", range(150))
def test_no_starts_leave_fewer_idle_periods_than_the_proven_ones(seed: int) -> None:
    asked = question(seed)
    answer = last(asked, patient=bool(seed % 2))
    assert answer.gaps == fewest_of_all(asked)
    if answer.starts is None:
        assert answer.outcome is Outcome.INFEASIBLE
    else:
        assert answer.outcome is Outcome.OPTIMAL
        assert asked.breach(answer.starts) is None
        assert answer.bound == answer.gaps == sum(asked.gaps(answer.starts).values())


def test_the_small_questions_are_of_every_kind() -> None:
    fewest = {fewest_of_all(question(seed)) for seed in range(150)}
    assert fewest >= {None, 0, 1, 2}


def test_the_bound_only_rises_and_the_last_word_settles_it() -> None:
    heard = list(climb(question(7), seed=1))
    assert [one.bound for one in heard] == sorted(one.bound for one in heard)
    assert [one.is_settled for one in heard] == [False] * (len(heard) - 1) + [True]


def test_the_same_question_and_seed_give_the_same_answer_with_the_same_work() -> None:
    asked = fair(12, 40, 9)
    assert last(asked) == last(asked)


def test_several_climbers_prove_what_one_proves() -> None:
    asked = fair(12, 40, 9)
    answer = solve(asked, seed=1, seconds=120)
    assert (answer.outcome, answer.gaps, answer.bound) == (
        Outcome.OPTIMAL,
        last(asked).gaps,
        last(asked).bound,
    )
    assert answer.starts is not None
    assert asked.breach(answer.starts) is None


def test_without_time_there_is_no_answer_and_a_bound_that_holds() -> None:
    answer = solve(fair(12, 40, 9), seed=1, seconds=0)
    assert (answer.outcome, answer.starts, answer.bound) == (Outcome.UNKNOWN, None, 0)


def test_meetings_that_fill_every_table_in_every_slot_are_placed() -> None:
    asked = fair(16, 64, 8)
    full = Question(asked.days, asked.meetings, tuple(AtMost(row.choices, 8) for row in asked.limits))
    assert full.needed == (8,) * 8
    assert last(full).gaps == 0


@pytest.mark.parametrize(
    ("meetings", "precedences", "said"),
    [
        ((Held(("a", "a"), (0,)),), (), "a party twice"),
        ((Held(("a", "b"), (0,), 0),), (), "no length"),
        ((Held(("a", "b"), (2,), 2),), (), "no room for it"),
        ((Held(("a", "b"), (0,)),), ((0, 1),), "does not exist"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(
    meetings: tuple[Held, ...], precedences: tuple[tuple[int, int], ...], said: str
) -> None:
    with pytest.raises(QuestionFlaw, match=said):
        Question((3,), meetings, (), precedences)


def test_a_meeting_without_any_start_cannot_be_held() -> None:
    assert last(Question((3,), (Held(("a", "b"), ()),))).outcome is Outcome.INFEASIBLE


def fair(parties: int, count: int, slots: int) -> Question:
    """Everybody may meet everybody else at any time, as on the floor of a fair: neighbours first."""
    pairs = [(one, (one + apart) % parties) for apart in range(1, parties // 2) for one in range(parties)]
    meetings = [Held((f"{one}", f"{other}"), tuple(range(slots))) for one, other in pairs[:count]]
    return Question(
        (slots,), tuple(meetings), tuple(tables(meetings, slot, parties // 2) for slot in range(slots))
    )
