"""Small timetabling problems of every shape for Hypothesis."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from summit_scheduling.domain.problem import Assignment, Limit, Meeting, OpenRoom, Problem

_FIRST = datetime(2022, 8, 31, 13, tzinfo=UTC)
_PARTIES = ("BD", "FR", "IN", "KE", "RW", "UN-POLAD")


def problem(slots: int, rooms: Iterable[OpenRoom], meetings: Iterable[Meeting]) -> Problem:
    """A problem with so many half hours in a row."""
    starts = [_FIRST + number * timedelta(minutes=30) for number in range(slots)]
    times = tuple((start, start + timedelta(minutes=20)) for start in starts)
    return Problem("small", times, tuple(rooms), tuple(meetings))


def meeting(
    key: str,
    *parties: str,
    weight: int = 1,
    seats: int = 4,
    length: int = 1,
    starts: Sequence[int],
    **ruled: Any,
) -> Meeting:
    """A meeting of these parties, KE and RW where none are named; `ruled` is what few meetings have."""
    return Meeting(key, parties or ("KE", "RW"), weight, seats, length, tuple(starts), **ruled)


@st.composite
def open_rooms(draw: st.DrawFn, slots: int, number: int) -> OpenRoom:
    """A room that may be closed in some of the slots, or in all."""
    closed = draw(_few_of(slots))
    return OpenRoom(f"R{number}", draw(st.sampled_from((2, 4, 8))), frozenset(range(slots)) - closed)


@st.composite
def meetings(draw: st.DrawFn, slots: int, number: int) -> Meeting:
    """A meeting of two or three parties, one to three slots long, that may suit no slot at all."""
    length = draw(st.sampled_from((1, 1, 1, 2, 3)))
    possible = frozenset(range(slots - length + 1))
    return Meeting(
        key=f"m{number}",
        parties=tuple(draw(st.lists(st.sampled_from(_PARTIES), min_size=2, max_size=3, unique=True))),
        weight=draw(st.sampled_from((16, 4, 1))),
        seats=draw(st.sampled_from((2, 3, 4, 8, 9))),
        length=length,
        starts=tuple(sorted(possible - draw(_few_of(slots)))),
    )


def problems(
    *, most_meetings: int, most_slots: int = 5, most_rooms: int = 3, with_rules: bool = False
) -> st.SearchStrategy[Problem]:
    """A small problem: some odd, with empty and closed parts, as Hypothesis likes them; others crowded; half of them ruled."""
    odd = _odd_problems(most_meetings, most_slots, most_rooms)
    crowded = st.integers(0, 2**32 - 1).map(
        lambda seed: crowded_problem(Random(seed), most_meetings, most_slots, most_rooms)
    )
    kinds = (odd, crowded, crowded.flatmap(_under_rules), odd.flatmap(_under_rules))
    return st.integers(0, 3 if with_rules else 1).flatmap(lambda kind: kinds[kind])


def _under_rules(given: Problem) -> st.SearchStrategy[Problem]:
    return st.integers(0, 2**32 - 1).map(lambda seed: ruled(Random(seed), given) if given.rooms else given)


def crowded_problem(chance: Random, most_meetings: int, most_slots: int, most_rooms: int) -> Problem:
    """A problem in which the meetings stand in each other's way: nearly every start suits, and parties are few."""
    slots = chance.randint(min(2, most_slots), most_slots)
    return problem(
        slots,
        [
            OpenRoom(f"R{number}", chance.choice((2, 4, 8)), _most_of(chance, slots))
            for number in range(chance.randint(1, most_rooms))
        ],
        [
            _crowding_meeting(chance, slots, number)
            for number in range(chance.randint(min(3, most_meetings), most_meetings))
        ],
    )


def _crowding_meeting(chance: Random, slots: int, number: int) -> Meeting:
    length = min(chance.choice((1, 1, 1, 2, 3)), slots)
    return Meeting(
        key=f"m{number}",
        parties=tuple(chance.sample(_PARTIES, chance.choice((2, 2, 2, 3)))),
        weight=chance.choice((16, 4, 1)),
        seats=chance.choice((2, 2, 4, 4, 8)),
        length=length,
        starts=tuple(start for start in range(slots - length + 1) if chance.random() < 0.8),
    )


def _most_of(chance: Random, slots: int) -> frozenset[int]:
    everything = range(slots)
    return frozenset(
        everything if chance.random() < 0.6 else chance.sample(everything, chance.randint(1, slots))
    )


@st.composite
def _odd_problems(draw: st.DrawFn, most_meetings: int, most_slots: int, most_rooms: int) -> Problem:
    slots = draw(st.integers(0, most_slots))
    return problem(
        slots,
        [draw(open_rooms(slots, number)) for number in range(draw(st.integers(0, most_rooms)))],
        [draw(meetings(slots, number)) for number in range(draw(st.integers(0, most_meetings)))],
    )


def _few_of(slots: int) -> st.SearchStrategy[frozenset[int]]:
    """Mostly none or a few of the slots, sometimes all."""
    if not slots:
        return st.just(frozenset[int]())
    few = st.frozensets(st.integers(0, slots - 1), max_size=2)
    return st.one_of(few, few, few, st.just(frozenset(range(slots))))


def ruled(chance: Random, given: Problem) -> Problem:
    """The same problem under some of every rule there is: equipment, counted things, rests, limits, vetoes, pins, a timetable."""
    rooms = tuple(
        replace(
            one,
            equipment=frozenset(code for code in ("booths", "flags") if chance.random() < 0.6),
            turn_round_minutes=chance.choice((0, 0, 0, 30)),
        )
        for one in given.rooms
    )
    meetings = tuple(_ruled_meeting(chance, one, rooms) for one in given.meetings)
    placed = [one for one in meetings if one.starts and chance.random() < 0.5]
    published = tuple(
        Assignment(one.key, chance.choice(one.starts), chance.choice(rooms).code) for one in placed
    )
    return replace(
        given,
        rooms=rooms,
        meetings=meetings,
        days=tuple(_FIRST.date() + timedelta(days=number // 3) for number in range(len(given.slots))),
        resources={code: chance.randint(0, 2) for code in ("booths", "flags") if chance.random() < 0.5},
        limits=tuple(_limit(chance, party) for party in _PARTIES if chance.random() < 0.4),
        vetoes=(("FR", "IN"),) if chance.random() < 0.3 else (),
        published=published if chance.random() < 0.6 else (),
        classes={
            party: chance.choice(("little", "middling", "much"))
            for party in _PARTIES
            if chance.random() < 0.6
        },
    )


def _ruled_meeting(chance: Random, one: Meeting, rooms: Sequence[OpenRoom]) -> Meeting:
    is_pinned = bool(one.starts and rooms) and chance.random() < 0.15
    return replace(
        one,
        needs=tuple(code for code in ("booths", "flags") if chance.random() < 0.25),
        rest_minutes=chance.choice((0, 0, 0, 30)),
        starts=(chance.choice(one.starts),) if is_pinned else one.starts,
        room=chance.choice(rooms).code if is_pinned and chance.random() < 0.5 else None,
        is_fixed=is_pinned,
    )


def _limit(chance: Random, party: str) -> Limit:
    return Limit(
        party,
        meetings=chance.choice((None, 0, 1, 2, 3)),
        per_day=chance.choice((None, None, 1, 2)),
        moves=chance.choice((None, None, 0, 1)),
    )
