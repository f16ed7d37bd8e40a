"""How much parties must wait and walk, and how late it must get, whatever the timetable: by counting, with no word to believe.

All of it is about plans that hold the same meetings as the plan in the file and, in a repair, leave those where they were
published that it leaves there.

**Waits.** The slots in which a party could be in one of its meetings are stretches of slots in a row. Without a wait it is in one
stretch of each day at most, and each wait gives it one more. So it waits at least as often as the longest stretches of all days
need others beside them to hold its meetings.

**Walks.** Two meetings of a party that follow one another on one day are a step. A party with m meetings that can meet on d days
takes m - d steps at least. Of each step one of three is true: the party waits in between; it walks to another room; or it stays,
and then its second meeting is the very next one in the room of its first. All parties of a meeting that stay are together in that
next meeting; so they are no more than it has in common with one other meeting. And nobody stays after the last meeting that a
room has on a day. What can be neither a wait nor a stay is a walk.

**Starts.** In no slot begin more meetings than rooms are open, nor two of one party; each meeting is counted for its busiest party
alone. Slots are filled from the first on, each with as many meetings as it can have beside those in the slots before, which may
change places for it: what can be filled is a gammoid, and of a matroid the greedy basis is a least one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from summit_verifier.levels import gaps, steps, waits
from summit_verifier.parts import PlanFile

Starts = Mapping[str, frozenset[int]]
"""For each meeting of the plan, the slots in which it may begin."""


def fewest_gaps(plan: PlanFile) -> int:
    """No plan with the same meetings has fewer idle periods."""
    starts, free = _starts(plan), _free_parties(plan)
    bound_to_wait = sum(party not in free for party, _, _ in waits(plan))
    return bound_to_wait + sum(
        _fewest_waits(plan, keys, starts) for party, keys in _of_parties(plan).items() if party in free
    )


def fewest_room_changes(plan: PlanFile) -> int:
    """No plan with the same meetings and no more idle periods has fewer changes of room."""
    starts, free = _starts(plan), _free_parties(plan)
    bound_to_walk = sum(one.room != then.room for party, one, then in steps(plan) if party not in free)
    fewest_steps = sum(
        max(0, len(keys) - len({plan.slots[slot].day for key in keys for slot in starts[key]}))
        for keys in _of_parties(plan).values()
    )
    return max(bound_to_walk, fewest_steps - gaps(plan) - _most_stays(plan))


def earliest(plan: PlanFile) -> int:
    """No plan with the same meetings has a smaller sum of starts."""
    rooms = Counter(slot for room in plan.rooms.values() for slot in room.open_in)
    filling = _Filling(plan)
    for slot in sorted(rooms):
        for _ in range(rooms[slot]):
            if not filling.one_more(slot):
                break
    return filling.summed_starts


COUNTS: Final[Mapping[str, Callable[[PlanFile], int]]] = {
    "gaps": fewest_gaps,
    "room_changes": fewest_room_changes,
    "earliness": earliest,
}
"""By level: what no plan as good at the levels before surpasses."""


def _starts(plan: PlanFile) -> Starts:
    """Who stays where it was published has one start, every other all that its parties agreed."""
    stay = set(plan.published.values())
    return {
        one.meeting: frozenset({one.slot}) if one in stay else plan.meetings[one.meeting].starts
        for one in plan.places
    }


def _free_parties(plan: PlanFile) -> frozenset[str]:
    """The parties of which a meeting need not stay where it is."""
    stay = set(plan.published.values())
    free = (plan.meetings[one.meeting] for one in plan.places if one not in stay)
    return frozenset(party for meeting in free for party in meeting.parties)


def _of_parties(plan: PlanFile) -> Mapping[str, Sequence[str]]:
    """The meetings that each party has."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in plan.places:
        for party in plan.meetings[one.meeting].parties:
            found[party].append(one.meeting)
    return found


def _fewest_waits(plan: PlanFile, keys: Sequence[str], starts: Starts) -> int:
    """How many stretches a party needs beside the longest one of each day."""
    lengths = {key: plan.meetings[key].length for key in keys}
    could_be_in = {slot + n for key in keys for slot in starts[key] for n in range(lengths[key])}
    of_day: dict[str, list[int]] = defaultdict(list)
    for day, stretch in _stretches(plan, could_be_in):
        of_day[day].append(stretch)
    left = sum(lengths.values()) - sum(map(max, of_day.values()))
    others = sorted(stretch for all_of_it in of_day.values() for stretch in sorted(all_of_it)[:-1])
    waited = 0
    while left > 0 and others:
        left -= others.pop()
        waited += 1
    return waited


def _stretches(plan: PlanFile, slots: Iterable[int]) -> Iterator[tuple[str, int]]:
    """The day and the length of each stretch of slots in a row."""
    length, before = 0, None
    for slot in sorted(slots):
        day = plan.slots[slot].day
        if before is not None and (slot - 1, day) != before:
            yield before[1], length
            length = 0
        length, before = length + 1, (slot, day)
    if before is not None:
        yield before[1], length


def _most_stays(plan: PlanFile) -> int:
    """How many steps of parties can be stays at most, whatever the order."""
    of_party = _of_parties(plan)
    together = []
    for one in plan.places:
        others = Counter(key for party in plan.meetings[one.meeting].parties for key in of_party[party])
        del others[one.meeting]
        together.append(max(others.values(), default=0))
    return sum(sorted(together)[_fewest_last_meetings(plan) :])


def _fewest_last_meetings(plan: PlanFile) -> int:
    """How many rooms have a last meeting, counted anew each day: all meetings need the longest days of so many rooms."""
    lengths = [plan.meetings[one.meeting].length for one in plan.places]
    days = Counter((room.code, plan.slots[slot].day) for room in plan.rooms.values() for slot in room.open_in)
    left, used = sum(lengths), 0
    for _, slots in days.most_common():
        if left <= 0:
            break
        left -= slots + max(lengths) - 1  # the last may end when the day is over
        used += 1
    return used


Seat = tuple[str, int]
"""A party in a slot."""


class _Filling:
    """Slots that are filled with meetings, as rooms and each meeting's busiest party allow."""

    def __init__(self, plan: PlanFile) -> None:
        of_party = _of_parties(plan)
        self._party = {
            one.meeting: max(plan.meetings[one.meeting].parties, key=lambda party: len(of_party[party]))
            for one in plan.places
        }
        self._could_begin: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        """For each slot and party its meetings that could begin then."""
        for key, slots in _starts(plan).items():
            for slot in slots:
                self._could_begin[slot][self._party[key]].append(key)
        self._begins: dict[str, int] = {}
        self._taken: set[Seat] = set()

    @property
    def summed_starts(self) -> int:
        """Of the meetings that have a slot."""
        return sum(self._begins.values())

    def one_more(self, slot: int) -> bool:
        """Whether one more meeting begins in the slot, others changing slots for it; the slots before stay as full as they are."""
        left: dict[Seat, tuple[str, Seat] | None] = dict.fromkeys(self._empty(slot))
        """For each seat that can be had: which meeting leaves it, or another of its slot, and for which seat."""
        to_fill = list(left)
        for seat in to_fill:
            party, begin = seat
            for key in self._could_begin[begin][party]:
                now = self._begins.get(key)
                if now is None:
                    self._follow(key, seat, left)
                    return True
                for other in ((party, now), *self._empty(now)):
                    if other not in left:
                        left[other] = key, seat
                        to_fill.append(other)
        return False

    def _empty(self, slot: int) -> Iterator[Seat]:
        return ((party, slot) for party in self._could_begin[slot] if (party, slot) not in self._taken)

    def _follow(self, key: str, to: Seat, left: Mapping[Seat, tuple[str, Seat] | None]) -> None:
        """The meeting has the seat, the one that left it or its slot has the seat that it left for, and so on."""
        moves = [(key, to)]
        while (before := left[moves[-1][1]]) is not None:
            moves.append(before)
        self._taken.difference_update((self._party[one], self._begins[one]) for one, _ in moves[1:])
        self._taken.update(seat for _, seat in moves)
        self._begins.update((one, slot) for one, (_, slot) in moves)
