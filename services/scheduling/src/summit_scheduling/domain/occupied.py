"""Who and what is taken when, as a plan grows meeting by meeting: where could one more be held without breaking a rule?"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem


class Place(NamedTuple):
    """A slot and a room in which a meeting could be held, everything else staying where it is."""

    slot: int
    room: str


class Occupied:
    """What the meetings placed so far leave free; whatever is taken where it is free breaks no rule."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment] = ()) -> None:
        self._problem = problem
        self._rooms = sorted(problem.rooms, key=lambda room: (room.seats, room.code))
        self._taken: set[tuple[str, str, int]] = set()
        self._used = Counter[Hashable]()
        for one in assignments:
            self.take(problem.by_key[one.meeting], Place(one.slot, one.room))

    def take(self, meeting: Meeting, place: Place) -> None:
        """The meeting is held there."""
        self._taken.update(self._of_people(meeting, place.slot))
        self._taken.update(self._of_room(meeting, place.slot, self._problem.room_by_code[place.room]))
        self._used.update(use for use, _ in self._uses(meeting, place))

    def release(self, meeting: Meeting, place: Place) -> None:
        """The meeting, which was held there, is not any more."""
        self._taken.difference_update(self._of_people(meeting, place.slot))
        self._taken.difference_update(
            self._of_room(meeting, place.slot, self._problem.room_by_code[place.room])
        )
        self._used.subtract(use for use, _ in self._uses(meeting, place))

    def is_free(self, meeting: Meeting, place: Place) -> bool:
        """Whether the meeting could be held there."""
        room = self._problem.room_by_code.get(place.room)
        return (
            room is not None
            and place.slot in meeting.starts
            and self._taken.isdisjoint(self._of_people(meeting, place.slot))
            and self._has(meeting, place.slot, room)
        )

    def places(self, meeting: Meeting) -> Iterator[Place]:
        """Where it could be held, the earliest first; in each slot the smallest room that does."""
        for slot in meeting.starts:
            room = self.room_in(meeting, slot)
            if room is not None:
                yield Place(slot, room)

    def room_in(self, meeting: Meeting, slot: int) -> str | None:
        """The smallest room in which it could begin in the slot, one of those it may begin in; none where there is none."""
        if not self._taken.isdisjoint(self._of_people(meeting, slot)):
            return None
        return next((room.code for room in self._rooms if self._has(meeting, slot, room)), None)

    def _has(self, meeting: Meeting, slot: int, room: OpenRoom) -> bool:
        """Whether the room can have it, and there is enough of what is counted."""
        return (
            ("room", room.code, slot) not in self._taken  # mostly it is, and this is the quickest to see
            and room.takes(meeting, slot)
            and self._taken.isdisjoint(self._of_room(meeting, slot, room))
            and all(self._used[use] < most for use, most in self._uses(meeting, Place(slot, room.code)))
        )

    def _of_people(self, meeting: Meeting, slot: int) -> Iterator[tuple[str, str, int]]:
        for kept in self._problem.kept_for_parties(meeting, slot):
            for party in meeting.parties:
                yield "party", party, kept

    def _of_room(self, meeting: Meeting, slot: int, room: OpenRoom) -> Iterator[tuple[str, str, int]]:
        for kept in self._problem.kept_for_room(room, meeting, slot):
            yield "room", room.code, kept

    def _uses(self, meeting: Meeting, place: Place) -> Iterator[tuple[Hashable, int]]:
        """What of counted things it takes one of there, with how many there are."""
        problem = self._problem
        for code in problem.counted(meeting):
            for slot in meeting.run(place.slot):
                yield ("resource", code, slot), problem.resources[code]
        is_moved = meeting.key in problem.can_stay and problem.place_before[meeting.key] != Assignment(
            meeting.key, *place
        )
        for limit in problem.limits_of(meeting):
            if limit.meetings is not None:
                yield ("meetings", limit.party), limit.meetings
            if limit.per_day is not None:
                yield ("day", limit.party, problem.days[place.slot]), limit.per_day
            if limit.moves is not None and is_moved:
                yield ("moves", limit.party), limit.moves
