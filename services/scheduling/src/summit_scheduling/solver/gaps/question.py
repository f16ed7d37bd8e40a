"""What is asked: meetings that must all be held, the starts they may have, and what bounds them together.

Plain numbers throughout: a slot is its position, a meeting its position among `meetings`. Rooms are not named here; whatever
rooms, interpreters and equipment allow is said as `AtMost`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise


class QuestionFlaw(ValueError):
    """The question contradicts its own numbering; `str()` says where."""


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that must be held, once, beginning in one of its starts."""

    parties: tuple[str, ...]
    """None of them is in two meetings at a time."""
    starts: tuple[int, ...]
    """The slots it may begin in; one only, where it is pinned."""
    length: int = 1
    """How many slots in a row it takes: 1 or more."""

    def run(self, start: int) -> range:
        """The slots it takes when it begins in `start`."""
        return range(start, start + self.length)


Choice = tuple[int, int]
"""A meeting, and the slot it begins in."""


@dataclass(frozen=True, slots=True)
class AtMost:
    """No more than `limit` of these choices together: the tables of a slot, the rooms that seat a meeting, one interpreter."""

    choices: tuple[Choice, ...]
    limit: int


@dataclass(frozen=True)
class Question:
    """Hold every meeting so that the idle periods, summed over parties, are fewest.

    An idle period is a stretch without a meeting between two meetings of one party on one day; it counts once, however long.

    Raises:
        QuestionFlaw: a number that names no slot or meeting, a length below 1, a party twice in a meeting.
    """

    days: tuple[int, ...]
    """How many slots each day has; slots are numbered through. Idle time does not reach over the end of a day."""
    meetings: tuple[Held, ...]
    limits: tuple[AtMost, ...] = ()
    precedences: tuple[tuple[int, int], ...] = ()
    """Pairs of meetings: the first ends before the second begins."""
    largest_difference: int | None = None
    """The numbers of idle periods of any two parties differ by no more than this; parties without a meeting have none."""
    idle_parties: bool = False
    """Whether there is a party without any meeting, which counts in the comparison."""

    def __post_init__(self) -> None:
        for number, meeting in enumerate(self.meetings):
            if meeting.length < 1 or len(set(meeting.parties)) != len(meeting.parties):
                raise QuestionFlaw(f"meeting {number} has no length, or a party twice")
            if any(start < 0 or start + meeting.length > self.slots for start in meeting.starts):
                raise QuestionFlaw(f"meeting {number} may begin in a slot that leaves no room for it")
        named = {meeting for pair in self.precedences for meeting in pair}
        named |= {meeting for row in self.limits for meeting, _start in row.choices}
        if named and not (min(named) >= 0 and max(named) < len(self.meetings)):
            raise QuestionFlaw("a limit or a precedence names a meeting that does not exist")

    @cached_property
    def needed(self) -> tuple[int, ...]:
        """For each limit, how many of its choices are taken in any answer: those that no other slot has room for.

        Each slot lends one limit that counts everything in it; together they count every meeting once per slot it takes.
        """
        whole = dict[int, int]()
        for place, row in enumerate(self.limits):
            for slot in self.common_slots(row):
                if set(row.choices) >= self._choices_in[slot]:
                    whole.setdefault(slot, place)
        if set(whole) != set(self._choices_in):
            return (0,) * len(self.limits)
        most = {slot: self._most(self.limits[place]) for slot, place in whole.items()}
        spare = sum(most.values()) - sum(meeting.length for meeting in self.meetings)
        fewest = {place: most[slot] - spare for slot, place in whole.items()}
        return tuple(max(0, fewest.get(place, 0)) for place in range(len(self.limits)))

    @cached_property
    def _choices_in(self) -> dict[int, set[Choice]]:
        """For each slot, the choices that take it."""
        found: dict[int, set[Choice]] = defaultdict(set)
        for number, meeting in enumerate(self.meetings):
            for start in meeting.starts:
                for slot in meeting.run(start):
                    found[slot].add((number, start))
        return dict(found)

    def common_slots(self, row: AtMost) -> set[int]:
        """The slots that every choice of the row takes."""
        runs = [set(self.meetings[number].run(start)) for number, start in row.choices]
        return set.intersection(*runs) if runs else set()

    def _most(self, row: AtMost) -> int:
        """No more of its choices than this are taken: by its limit, or for want of parties."""
        meetings = [self.meetings[number] for number, _start in row.choices]
        there = {party for meeting in meetings for party in meeting.parties}
        smallest = min((len(meeting.parties) for meeting in meetings), default=0)
        return min(row.limit, len(there) // smallest) if smallest else row.limit

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return sum(self.days)

    @cached_property
    def day_of(self) -> tuple[int, ...]:
        """For each slot, its day."""
        return tuple(day for day, length in enumerate(self.days) for _ in range(length))

    @cached_property
    def of_party(self) -> dict[str, tuple[int, ...]]:
        """For each party, in order of its first meeting, the meetings it is in."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, meeting in enumerate(self.meetings):
            for party in meeting.parties:
                found[party].append(number)
        return {party: tuple(numbers) for party, numbers in found.items()}

    def gaps(self, starts: Sequence[int]) -> dict[str, int]:
        """For each party, how many idle periods these starts leave it."""
        counted = dict.fromkeys(self.of_party, 0)
        for party, numbers in self.of_party.items():
            taken = sorted(slot for number in numbers for slot in self.meetings[number].run(starts[number]))
            counted[party] = sum(
                later > earlier + 1 and self.day_of[earlier] == self.day_of[later]
                for earlier, later in pairwise(taken)
            )
        return counted

    def breach(self, starts: Sequence[int]) -> str | None:
        """The first rule that these starts break, in words; none where they keep all of them."""
        if len(starts) != len(self.meetings):
            return "not every meeting has a start"
        taken = Counter[tuple[str, int]]()
        for number, (meeting, start) in enumerate(zip(self.meetings, starts, strict=True)):
            if start not in meeting.starts:
                return f"meeting {number} may not begin in slot {start}"
            taken.update((party, slot) for party in meeting.parties for slot in meeting.run(start))
        if taken and max(taken.values()) > 1:
            return f"{max(taken, key=taken.__getitem__)} is taken twice"
        for row in self.limits:
            if sum(starts[meeting] == start for meeting, start in row.choices) > row.limit:
                return f"more than {row.limit} of {row.choices[:3]}..."
        for first, second in self.precedences:
            if starts[first] + self.meetings[first].length > starts[second]:
                return f"meeting {first} does not end before meeting {second}"
        return self._unfairness(starts)

    def _unfairness(self, starts: Sequence[int]) -> str | None:
        counted = list(self.gaps(starts).values()) + [0] * self.idle_parties
        if self.largest_difference is None or not counted:
            return None
        if max(counted) - min(counted) <= self.largest_difference:
            return None
        return f"idle periods from {min(counted)} to {max(counted)}"


class Outcome(StrEnum):
    """What is known at the end."""

    OPTIMAL = "optimal"
    """No starts leave fewer idle periods."""
    INFEASIBLE = "infeasible"
    """Proven: the meetings cannot all be held."""
    UNKNOWN = "unknown"
    """Not proven yet: there are no starts, and `bound` is what is proven."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The best starts, or what is proven about them so far."""

    outcome: Outcome
    starts: tuple[int, ...] | None
    """For each meeting, the slot it begins in."""
    gaps: int | None
    """How many idle periods they leave, summed over parties."""
    bound: int
    """No starts leave fewer."""
    conflicts: int
    """The solver's work, in conflicts: equal for equal questions and seeds."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be known."""
        return self.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
