"""Rooms that stand in for each other, and which of them a meeting may have in a slot."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from summit_scheduling.domain.problem import Meeting, OpenRoom, Problem

_MOST_UNIONS = 64
"""More sets of classes in a slot, and meetings with needs or a room choose their class instead of being counted over sets of them."""


@dataclass(frozen=True, slots=True)
class RoomClass:
    """Rooms that can stand in for each other at any time."""

    rooms: tuple[OpenRoom, ...]

    @property
    def one(self) -> OpenRoom:
        """Any of them."""
        return self.rooms[0]


@dataclass(frozen=True)
class Classes:
    """Every room in its class; and for a slot, the classes whose rooms a meeting may have.

    Where a timetable is repaired, each room is a class of its own: whether a meeting stays asks which room it is in.
    """

    problem: Problem
    all: tuple[RoomClass, ...]

    @classmethod
    def of(cls, problem: Problem) -> "Classes":
        """The fewest classes that do."""
        tied = {meeting.room for meeting in problem.meetings}
        alike: dict[tuple[object, ...], list[OpenRoom]] = defaultdict(list)
        for room in problem.rooms:
            own = room.code if problem.published or room.code in tied else ""
            kind = (room.seats, own, sorted(room.equipment), room.turn_round_minutes, sorted(room.slots))
            alike[tuple(map(str, kind))].append(room)
        found = (RoomClass(tuple(rooms)) for rooms in alike.values())
        return cls(problem, tuple(sorted(found, key=lambda each: (each.one.seats, each.one.code))))

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The class of each room, by the room's code."""
        return {room.code: number for number, each in enumerate(self.all) for room in each.rooms}

    def open_in(self, slot: int) -> frozenset[int]:
        """The classes whose rooms are open in the slot."""
        return frozenset(number for number, each in enumerate(self.all) if slot in each.one.slots)

    def swift_and_slow(self, meeting: Meeting, start: int) -> tuple[frozenset[int], frozenset[int]]:
        """The classes it may have: those it gives back at the end of its first slot, and those it keeps for longer.

        For the first it is enough to count in the slot; for the second it has to be said which one it is, since it stays.
        """
        swift, slow = set[int](), set[int]()
        for number, each in enumerate(self.all):
            if each.one.takes(meeting, start):
                kept = self.problem.kept_for_room(each.one, meeting, start)
                (swift if len(kept) == 1 else slow).add(number)
        return frozenset(swift), frozenset(slow)


def unions(sets: Iterable[frozenset[int]]) -> frozenset[frozenset[int]] | None:
    """All unions of the sets that overlap one another in a chain, each set itself included; none where there are too many.

    Source: Hall (1935), On Representatives of Subsets: meetings find rooms if, and only if, no union of what they may have is
    asked for by more meetings than it has rooms. A union of sets that do not touch asks for nothing that its parts do not.
    """
    single = frozenset(sets)
    found = set(single)
    new = set(single)
    while new:
        new = {one | other for one in new for other in single if one & other} - found
        found |= new
        if len(found) > _MOST_UNIONS:
            return None
    return frozenset(found)
