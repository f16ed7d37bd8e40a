"""Who is where, as meetings change places: chains of meetings that make way for one another, and moves that break no rule."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.problem import Assignment, Meeting, Problem

_LONGEST_CHAIN = 12


class Board:
    """The places of meetings that are all held; some of them may move."""

    def __init__(self, problem: Problem, plan: Collection[Assignment], movable: Collection[str]) -> None:
        self.problem = problem
        self.at = {one.meeting: Place(one.slot, one.room) for one in plan}
        self.movable = sorted(movable)
        self.days = {day: number for number, day in enumerate(sorted(set(problem.days)))}
        self.day_of = [self.days[day] for day in problem.days]
        self.busy: dict[tuple[str, int], str] = {}
        """For a party and a slot, the meeting that it is in."""
        self.held: dict[tuple[str, int], str] = {}
        """For a room and a slot, the meeting that is in it."""
        self.inside: dict[int, list[str]] = defaultdict(list)
        """For a slot, the meetings that take it."""
        self._may_move = frozenset(movable)
        self._occupied = Occupied(problem, plan)
        for key, place in self.at.items():
            self._enter(problem.by_key[key], place)

    def plan(self) -> tuple[Assignment, ...]:
        """As it stands."""
        return tuple(Assignment(key, *place) for key, place in self.at.items())

    def may_go(self, key: str, slot: int) -> bool:
        """Whether the meeting may move, and begin there."""
        return key in self._may_move and slot in self.problem.by_key[key].starts

    def chain(self, key: str, slot: int) -> dict[str, int]:
        """Where each meeting goes so that this one can begin there, and nobody is in two: those in its way come to its slot, those
        in theirs go to the other, and so on; empty where one of them cannot.
        """
        home = self.at[key].slot
        to, open_ends = {key: slot}, [key]
        while open_ends:
            one = self.problem.by_key[open_ends.pop()]
            for taken in one.run(to[one.key]):
                for party in one.parties:
                    other = self.busy.get((party, taken))
                    if other is None or other in to:
                        continue
                    back = home if to[one.key] == slot else slot
                    if not self.may_go(other, back) or self.at[other].slot != to[one.key]:
                        return {}
                    to[other] = back
                    open_ends.append(other)
            if len(to) > _LONGEST_CHAIN:
                return {}
        return to

    def carry_out(self, to: Mapping[str, int], rooms: Mapping[str, str]) -> bool:
        """All of it, in these rooms or else the smallest that do; or nothing, where a rule or the rooms stand against it."""
        by_key, before = self.problem.by_key, {key: self.at[key] for key in to}
        for key, place in before.items():
            self._occupied.release(by_key[key], place)
        after: dict[str, Place] = {}
        for key in sorted(to, key=lambda one: -by_key[one].seats):
            free = self._free(by_key[key], to[key], rooms.get(key))
            if free is None:
                break
            after[key] = free
            self._occupied.take(by_key[key], free)
        if len(after) < len(to):
            for key, place in after.items():
                self._occupied.release(by_key[key], place)
            for key, place in before.items():
                self._occupied.take(by_key[key], place)
            return False
        for key, place in before.items():
            self._leave(by_key[key], place)
        for key, place in after.items():
            self.at[key] = place
            self._enter(by_key[key], place)
        return True

    def _free(self, meeting: Meeting, slot: int, wanted: str | None) -> Place | None:
        room = self._occupied.room_in(meeting, slot) if wanted is None else wanted
        if room is None or (wanted and not self._occupied.is_free(meeting, Place(slot, room))):
            return None
        return Place(slot, room)

    def _enter(self, meeting: Meeting, place: Place) -> None:
        for taken in meeting.run(place.slot):
            self.inside[taken].append(meeting.key)
            self.held[place.room, taken] = meeting.key
            for party in meeting.parties:
                self.busy[party, taken] = meeting.key

    def _leave(self, meeting: Meeting, place: Place) -> None:
        for taken in meeting.run(place.slot):
            self.inside[taken].remove(meeting.key)
            del self.held[place.room, taken]
            for party in meeting.parties:
                del self.busy[party, taken]
