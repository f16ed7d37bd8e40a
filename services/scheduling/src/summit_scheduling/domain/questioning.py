"""From a bilateral without a place to the question why: all it could be without rules, and which rule forbids what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from summit_contracts.meetings import BilateralTerms
from summit_contracts.values import Rank
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.holding import to_come
from summit_scheduling.domain.obstacles import Against, Obstacle, Question, Rules
from summit_scheduling.domain.planning import problem_for, slots_of
from summit_scheduling.domain.problem import Assignment
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.terms import possible_starts


@dataclass(frozen=True)
class Circumstances:
    """Everything that stands around an agreed bilateral: the other meetings, where they are, who can come when."""

    grid: Grid
    rulings: Rulings
    availabilities: Mapping[str, Availability]
    agreed: Mapping[str, Bilateral]
    placed: tuple[Assignment, ...]
    """Where the others are, as far as they can be held there."""
    frozen: frozenset[str]
    """Those of the others that are about to begin."""
    now: datetime

    def question(self, bilateral: Bilateral, terms: BilateralTerms | None = None) -> Question:
        """Why has it no place, on the terms agreed or on others?"""
        terms = terms or bilateral.terms
        key = bilateral.bilateral_id
        now = tuple(one for one in self.placed if one.meeting != key)
        places = {one.meeting: one for one in now}
        among = [one for name, one in self.agreed.items() if name in places] + [bilateral]
        problem = problem_for(self.grid, among, self.availabilities, self.rulings)
        meetings = []
        for one in problem.meetings:
            held = places.get(one.key)
            if held:
                one = to_come(one, self.grid, self.now, held_in=held.slot)  # noqa: PLW2901  # as in every solve
            tied = held if held and one.key in self.frozen else None
            starts = (tied.slot,) if tied else one.starts
            room = tied.room if tied else one.room
            if one.key == key:
                one = replace(one, seats=terms.size, rest_minutes=self.grid.rest_after(terms.level))  # noqa: PLW2901  # the same on other terms
            meetings.append(replace(one, weight=1, is_fixed=False, starts=starts, room=room))
        problem = replace(problem, meetings=tuple(meetings), vetoes=(), classes={})
        return Question(
            problem, problem.by_key[key], self._against(bilateral, terms, problem.by_key[key].length), now
        )

    def others(self, bilateral: Bilateral) -> Iterator[tuple[str, str, Question]]:
        """Changes of the meeting that might help: lower levels, the highest first; fewer people, the most first."""
        terms = bilateral.terms
        for level in Rank:
            if not level.at_least(terms.level):
                yield (
                    "substitute",
                    level.value,
                    self.question(bilateral, terms.model_copy(update={"level": level})),
                )
        least = len(bilateral.parties)
        for seats in sorted(
            {room.seats for room in self.grid.rooms if least <= room.seats < terms.size}, reverse=True
        ):
            yield "smaller", str(seats), self.question(bilateral, terms.model_copy(update={"size": seats}))

    def _against(self, bilateral: Bilateral, terms: BilateralTerms, length: int) -> Mapping[int, Rules]:
        grid = self.rulings.applied_to(self.grid)
        agreed = frozenset(possible_starts(terms, grid))
        can_come = {
            party: slots_of(party, self.availabilities.get(party), terms.level, length, grid, self.rulings)
            for party in bilateral.parties
        }
        return {
            slot.number: frozenset(self._of_start(bilateral, grid, slot.number, agreed, can_come))
            for slot in grid.slots
            if grid.run(slot.number, length)
        }

    def _of_start(
        self,
        bilateral: Bilateral,
        grid: Grid,
        start: int,
        agreed: frozenset[int],
        can_come: Mapping[str, frozenset[int]],
    ) -> Iterable[Obstacle]:
        key, begins = bilateral.bilateral_id, grid.slots[start].start_at
        if self.rulings.forbids(bilateral.parties):
            yield Obstacle(Against.VETO, key)
        if any(pin.bilateral_id == key and pin.start_at != begins for pin in self.rulings.pins):
            yield Obstacle(Against.PIN, key)
        if start not in agreed:
            yield Obstacle(Against.TERMS, key)
        if grid.freeze and begins < self.now:
            yield Obstacle(Against.PASSED, key)
        yield from (
            Obstacle(Against.PARTY_AWAY, party) for party, slots in can_come.items() if start not in slots
        )
