"""Small timetabling problems of every shape for Hypothesis, and the plainest way to solve them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random

from hypothesis import strategies as st

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem

_FIRST = datetime(2022, 8, 31, 13, tzinfo=UTC)
_PARTIES = ("BD", "FR", "IN", "KE", "RW", "UN-POLAD")


def problem(slots: int, rooms: Iterable[OpenRoom], meetings: Iterable[Meeting]) -> Problem:
    """A problem with so many half hours in a row."""
    starts = [_FIRST + number * timedelta(minutes=30) for number in range(slots)]
    times = tuple((start, start + timedelta(minutes=20)) for start in starts)
    return Problem("small", times, tuple(rooms), tuple(meetings))


def meeting(
    key: str, *parties: str, weight: int = 1, seats: int = 4, length: int = 1, starts: Sequence[int]
) -> Meeting:
    """A meeting of these parties, KE and RW where none are named."""
    return Meeting(key, parties or ("KE", "RW"), weight, seats, length, tuple(starts))


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


def problems(*, most_meetings: int, most_slots: int = 5, most_rooms: int = 3) -> st.SearchStrategy[Problem]:
    """A small problem: some odd, with empty and closed parts, as Hypothesis likes them; others crowded."""
    odd = _odd_problems(most_meetings, most_slots, most_rooms)
    crowded = st.integers(0, 2**32 - 1).map(
        lambda seed: crowded_problem(Random(seed), most_meetings, most_slots, most_rooms)
    )
    return st.integers(0, 2).flatmap(lambda kind: crowded if kind else odd)


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


def best_weight_by_trying_all(given: Problem) -> int:
    """The greatest weight of any plan, found by trying every one; written without a look at the engine.

    A plan is built meeting by meeting: each is left out, or put into every start and room in which nobody and nothing it needs
    is taken.
    """

    def best(position: int, taken: frozenset[tuple[str, int]]) -> int:
        if position == len(given.meetings):
            return 0
        one = given.meetings[position]
        found = best(position + 1, taken)
        for start in one.starts:
            during = range(start, start + one.length)
            people = {(party, slot) for party in one.parties for slot in during}
            if people & taken:
                continue
            for room in given.rooms:
                place = {(f"room {room.code}", slot) for slot in during}
                if room.seats >= one.seats and room.slots.issuperset(during) and not place & taken:
                    found = max(found, one.weight + best(position + 1, taken | people | place))
        return found

    return best(0, frozenset())


def hard_rules_broken(given: Problem, plan: Sequence[Assignment]) -> list[str]:
    """What the plan does that no plan may do, in words; written without a look at the checker of the domain."""
    wanted = {one.key: one for one in given.meetings}
    rooms = {one.code: one for one in given.rooms}
    faults = [f"{one.meeting} is unknown" for one in plan if one.meeting not in wanted]
    faults += [f"{one.room} is unknown" for one in plan if one.room not in rooms]
    if faults:
        return faults
    held = Counter(one.meeting for one in plan)
    faults += [f"{key} is held {times} times" for key, times in held.items() if times > 1]
    claims: list[tuple[str, int]] = []
    for one in plan:
        this, room = wanted[one.meeting], rooms[one.room]
        during = range(one.slot, one.slot + this.length)
        claims += chain.from_iterable(
            ((f"room {room.code}", slot), *((party, slot) for party in this.parties)) for slot in during
        )
        if one.slot not in this.starts:
            faults.append(f"{one.meeting} begins in {one.slot}")
        if room.seats < this.seats:
            faults.append(f"{one.meeting} does not fit into {one.room}")
        faults += [f"{one.room} is closed in {slot}" for slot in during if slot not in room.slots]
    twice = (claim for claim, times in Counter(claims).items() if times > 1)
    faults += [f"{who} is taken twice in {slot}" for who, slot in twice]
    return faults
