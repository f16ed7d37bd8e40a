"""Timetables that no solver makes: an earlier one put back, or a meeting placed at the desk while all others stay."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from summit_contracts.scheduling import Placement, PlanStatus
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem


class Place(NamedTuple):
    """A slot and a room in which a meeting could be held now, everything else staying where it is."""

    slot: int
    room: str


class Occupied:
    """Who and what is taken in which slot."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment]) -> None:
        self._problem = problem
        self._taken: set[tuple[str, str, int]] = set()
        for one in assignments:
            self.take(problem.by_key[one.meeting], Place(one.slot, one.room))

    def take(self, meeting: Meeting, place: Place) -> None:
        """The meeting is held there."""
        self._taken |= set(_claims(meeting, place))

    def is_free(self, meeting: Meeting, place: Place) -> bool:
        """Whether its parties and the room are free, the room is open and large enough, and it may begin then."""
        room = self._problem.room_by_code.get(place.room)
        return (
            room is not None
            and place.slot in meeting.starts
            and room.takes(meeting, place.slot)
            and self._taken.isdisjoint(_claims(meeting, place))
        )

    def places(self, meeting: Meeting) -> Iterator[Place]:
        """Where it could be held, the earliest first; in each slot the smallest room that does."""
        for slot in meeting.starts:
            fitting = (
                room
                for room in sorted(self._problem.rooms, key=_size)
                if self.is_free(meeting, Place(slot, room.code))
            )
            if (room := next(fitting, None)) is not None:
                yield Place(slot, room.code)


def still_held(problem: Problem, grid: Grid, placements: Mapping[str, Placement]) -> tuple[Assignment, ...]:
    """The placements that break no rule of the problem, by the meetings' keys; the others have no place."""
    held: list[Assignment] = []
    occupied = Occupied(problem, ())
    for key, placement in sorted(placements.items()):
        meeting, slot = problem.by_key.get(key), grid.slot_at(placement.start_at)
        if meeting is None or slot is None:
            continue
        place = Place(slot.number, placement.room)
        if occupied.is_free(meeting, place):
            occupied.take(meeting, place)
            held.append(Assignment(key, place.slot, place.room))
    return tuple(held)


def plan_of(problem: Problem, assignments: Iterable[Assignment], method: str) -> Plan:
    """These assignments with what can be said of them without a solver: no plan places more than everything."""
    placed = tuple(sorted(assignments, key=lambda one: one.meeting))
    objective, bound = problem.weight_of(placed), sum(one.weight for one in problem.meetings)
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


def _claims(meeting: Meeting, place: Place) -> Iterator[tuple[str, str, int]]:
    for slot in meeting.run(place.slot):
        yield "room", place.room, slot
        for party in meeting.parties:
            yield "party", party, slot


def _size(room: OpenRoom) -> tuple[int, str]:
    return room.seats, room.code
