"""Why not? For a meeting without a place: what stands against each place it could have, and what would have to give way.

A place is possible once everything that stands against it is lifted; the ones against which least stands come first. All other
meetings stay where they are: that a whole new plan would do is what a solve answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from summit_contracts.scheduling import Placement
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.planning import placement_of, stretch_of
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.terms import possible_starts


class Against(StrEnum):
    """What can stand against a place."""

    VETO = "veto"
    """The secretariat does not let these parties meet."""
    PIN = "pin"
    """The meeting is pinned to another moment."""
    PARTY_AWAY = "party_away"
    """The party cannot come then at the level agreed: blocked, absent, obliged elsewhere, or its calendar is closed."""
    PARTY_BUSY = "party_busy"
    """The party is in another meeting."""
    ROOM_CLOSED = "room_closed"
    ROOM_TOO_SMALL = "room_too_small"
    ROOM_TAKEN = "room_taken"


@dataclass(frozen=True, slots=True, order=True)
class Obstacle:
    """One thing that stands against a place, and whose or which it is."""

    rule: Against
    subject: str
    """A party, a room or the meeting itself."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A place, and everything that would have to give way for it; nothing where it is free."""

    placement: Placement
    obstacles: tuple[Obstacle, ...]


class WhyNot:
    """Looks at every place that the terms of a bilateral leave, as things stand."""

    def __init__(
        self,
        problem: Problem,
        grid: Grid,
        rulings: Rulings,
        availabilities: Mapping[str, Availability],
        placed: Iterable[Assignment],
    ) -> None:
        self._problem = problem
        self._grid = rulings.applied_to(grid)
        self._rulings = rulings
        self._availabilities = availabilities
        self._taken = {
            (subject, slot)
            for one in placed
            for slot in problem.by_key[one.meeting].run(one.slot)
            for subject in (*problem.by_key[one.meeting].parties, f"room/{one.room}")
        }

    def alternatives(self, bilateral: Bilateral, *, limit: int = 5) -> tuple[Alternative, ...]:
        """The places with the fewest obstacles, then the earliest, then the smallest room; one for each moment at most."""
        minutes = bilateral.terms.minutes
        length = self._grid.slots_for(timedelta(minutes=minutes))
        best = []
        for start in possible_starts(bilateral.terms, self._grid, any_start=True):
            run = range(start, start + length)
            people = sorted(set(self._of_people(bilateral, start, length)))
            found = [
                (len(obstacles), room.seats, room.code, obstacles)
                for room in self._problem.rooms
                for obstacles in [(*people, *self._of_room(bilateral, room.code, run))]
            ]
            if found:
                count, _, code, obstacles = min(found)
                best.append(
                    (count, start, Alternative(placement_of(self._grid, start, code, minutes), obstacles))
                )
        best.sort(key=lambda one: one[:2])
        return tuple(alternative for _, _, alternative in best[:limit])

    def _of_people(self, bilateral: Bilateral, start: int, length: int) -> Iterator[Obstacle]:
        key = bilateral.bilateral_id
        if self._rulings.forbids(bilateral.parties):
            yield Obstacle(Against.VETO, key)
        begins = self._grid.slots[start].start_at
        if any(pin.bilateral_id == key and pin.start_at != begins for pin in self._rulings.pins):
            yield Obstacle(Against.PIN, key)
        for party in bilateral.parties:
            known = self._availabilities.get(party) or Availability(
                edition_id=self._grid.edition_id, code=party
            )
            run = range(start, start + length)
            is_absent = any(
                self._rulings.is_absent(party, stretch_of(self._grid.slots[slot])) for slot in run
            )
            if is_absent or start not in known.slots(self._grid, bilateral.terms.level, length):
                yield Obstacle(Against.PARTY_AWAY, party)
            if any((party, slot) in self._taken for slot in run):
                yield Obstacle(Against.PARTY_BUSY, party)

    def _of_room(self, bilateral: Bilateral, code: str, run: range) -> Iterator[Obstacle]:
        room = self._problem.room_by_code[code]
        if not room.slots.issuperset(run):
            yield Obstacle(Against.ROOM_CLOSED, code)
        if room.seats < bilateral.terms.size:
            yield Obstacle(Against.ROOM_TOO_SMALL, code)
        if any((f"room/{code}", slot) in self._taken for slot in run):
            yield Obstacle(Against.ROOM_TAKEN, code)
