"""Timetables that no solver makes: an earlier one put back, or a meeting placed at the desk while all others stay."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from summit_contracts.scheduling import Placement, PlanStatus
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.problem import Assignment, Problem


class StillHeld(NamedTuple):
    """What holds of earlier placements, and what it leaves free."""

    assignments: tuple[Assignment, ...]
    occupied: Occupied


def still_held(
    problem: Problem, grid: Grid, placements: Mapping[str, Placement], *, first: Collection[str] = ()
) -> StillHeld:
    """The placements that break no rule of the problem; the others have no place.

    Of two that clash, one of `first` stays, else that which begins earlier, so what is about to begin before what is not.
    """
    held: list[Assignment] = []
    occupied = Occupied(problem)
    for key, placement in sorted(
        placements.items(), key=lambda one: (one[0] not in first, one[1].start_at, one[0])
    ):
        meeting, slot = problem.by_key.get(key), grid.slot_at(placement.start_at)
        if meeting is None or slot is None:
            continue
        place = Place(slot.number, placement.room)
        if occupied.is_free(meeting, place):
            occupied.take(meeting, place)
            held.append(Assignment(key, place.slot, place.room))
    return StillHeld(tuple(held), occupied)


def plan_of(problem: Problem, assignments: Iterable[Assignment], method: str) -> Plan:
    """These assignments with what can be said of them without a solver: no plan places more than everything."""
    placed = tuple(sorted(assignments, key=lambda one: one.meeting))
    objective, bound = problem.weight_of(placed), problem.weight_of_all
    certificate = Certificate(
        input_hash=problem.input_hash,
        status=PlanStatus.OPTIMAL if objective == bound else PlanStatus.FEASIBLE,
        objective=objective,
        bound=bound,
        solver=method,
        solver_version="1",
        seed=0,
        seconds=0.0,
    )
    return Plan(placed, certificate)
