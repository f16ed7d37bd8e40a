"""What the timetable that holds leaves free for one more meeting, everything else staying where it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from summit_contracts.scheduling import Placement
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.byhand import still_held
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.planning import placement_of, problem_for
from summit_scheduling.domain.problem import Problem
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Vacancies:
    """Worked out once for as long as nothing changes, and asked for one meeting after the other."""

    grid: Grid
    known: Mapping[str, Availability]
    rulings: Rulings
    problem: Problem
    occupied: Occupied
    held: Mapping[str, Place]
    """Where the meetings are that have a place still to be had."""

    @classmethod
    def of(
        cls,
        grid: Grid,
        placed: Collection[Bilateral],
        known: Mapping[str, Availability],
        rulings: Rulings,
        timetable: Timetable | None,
    ) -> "Vacancies":
        """As these meetings leave it that have a place, wherever they are pinned: whoever has none takes none."""
        without = rulings.without_pins([one.bilateral_id for one in placed])
        problem = problem_for(grid, placed, known, without)
        keeping = still_held(problem, grid, timetable.placements if timetable else {})
        held = {one.meeting: Place(one.slot, one.room) for one in keeping.assignments}
        return cls(grid, known, rulings, problem, keeping.occupied, held)

    def places(self, asked: Bilateral, *, now: datetime, limit: int) -> Sequence[Placement]:
        """The next places that the agreed meeting could have, the earliest first, from `now` on."""
        alone = problem_for(self.grid, [asked], self.known, self.rulings)
        (meeting,) = alone.meetings
        if any(0 in (cap.meetings, cap.per_day) for cap in alone.limits):
            return []  # the caps of who has no meeting yet are not among those that the placed ones count in
        has = self.held.get(meeting.key)
        if has is not None:
            self.occupied.release(self.problem.by_key[meeting.key], has)
        try:
            coming = (
                place
                for place in self.occupied.places(meeting)
                if self.grid.slots[place.slot].start_at >= now
            )
            minutes = asked.terms.minutes
            return [placement_of(self.grid, *place, minutes) for place in islice(coming, limit)]
        finally:
            if has is not None:
                self.occupied.take(self.problem.by_key[meeting.key], has)
