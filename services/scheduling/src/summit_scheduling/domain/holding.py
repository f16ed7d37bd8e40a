"""The timetable that holds, as far as the next one has to respect it: what is about to begin stays, a repair starts from all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from summit_contracts.scheduling import Placement
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.problem import Assignment, Meeting, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The placements that hold, and the moment from which it counts what is about to begin."""

    placements: Mapping[str, Placement]
    """By the bilateral's id."""
    as_of: datetime
    is_repair: bool = False
    """Whether the next timetable is to differ from it as little as can be."""

    def applied_to(self, problem: Problem, grid: Grid) -> Problem:
        """The problem in which frozen meetings are fixed where they are, and, for a repair, the published places are known.

        Where an edition freezes anything, no other meeting begins in the past. A frozen meeting whose place is not to be had
        any more, because a party cannot come or the room is closed, is no longer frozen: it is placed like any other.
        """
        before = self._assignments(problem, grid)
        if self.is_repair:
            problem = replace(problem, published=tuple(before.values()))
        if not grid.freeze:
            return problem
        frozen = self.frozen(problem, grid)
        return replace(
            problem,
            meetings=tuple(
                _fixed(meeting, before[meeting.key])
                if meeting.key in frozen
                else to_come(meeting, grid, self.as_of)
                for meeting in problem.meetings
            ),
        )

    def near(self, grid: Grid) -> frozenset[str]:
        """The meetings that are about to begin, or have begun, whether or not they can be had where they are."""
        end = self.as_of + grid.freeze
        return frozenset(key for key, one in self.placements.items() if grid.freeze and one.start_at < end)

    def frozen(self, problem: Problem, grid: Grid) -> frozenset[str]:
        """Those that can be had where they are. Pins are rules of the problem: `planning.frozen_in` leaves them aside."""
        near, before = self.near(grid), self._assignments(problem, grid)
        return frozenset(key for key, one in before.items() if key in near and problem.may_be(one))

    def moved_too_late(
        self, frozen: frozenset[str], problem: Problem, grid: Grid, plan: Iterable[Assignment]
    ) -> tuple[str, ...]:
        """The meetings that the plan takes out of a frozen place, or has begin in the past where they did not before."""
        if not grid.freeze:
            return ()
        before, after = self._assignments(problem, grid), {one.meeting: one for one in plan}
        begun = (key for key, one in after.items() if grid.slots[one.slot].start_at < self.as_of)
        return tuple(sorted(key for key in {*frozen, *begun} if before.get(key) != after.get(key)))

    def _assignments(self, problem: Problem, grid: Grid) -> Mapping[str, Assignment]:
        """The places, by meeting, as far as there are such meetings and slots; by number of slot."""
        at = {slot.start_at: slot.number for slot in grid.slots}
        return {
            key: Assignment(key, at[place.start_at], place.room)
            for key, place in self.placements.items()
            if key in problem.by_key and place.start_at in at
        }


def to_come(meeting: Meeting, grid: Grid, as_of: datetime, *, held_in: int | None = None) -> Meeting:
    """The meeting, which begins in no slot that has begun by then, unless it is held in it already; where an edition freezes."""
    if not grid.freeze:
        return meeting
    starts = tuple(
        start for start in meeting.starts if start == held_in or grid.slots[start].start_at >= as_of
    )
    return meeting if starts == meeting.starts else replace(meeting, starts=starts)


def _fixed(meeting: Meeting, at: Assignment) -> Meeting:
    return replace(meeting, starts=(at.slot,), room=at.room, is_fixed=True)
