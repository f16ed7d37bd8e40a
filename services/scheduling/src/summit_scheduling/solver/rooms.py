"""Rooms get their names: slot by slot, a delegation stays in the room of its last meeting where that can be.

The model has counted, so each slot's meetings and free rooms always match; among all matchings the one is taken that keeps
the most delegations where they were, then wastes the fewest seats.
"""

from collections import defaultdict
from collections.abc import Iterable

from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom
from summit_scheduling.solver.model import Column, Model

_STAY = 1_000_000
"""Keeping one delegation in its room outweighs any waste of seats in the slot."""
_SEAT = 100
"""A seat wasted outweighs the order of room codes."""


class CannotNameRooms(Exception):
    """The chosen columns do not fit the rooms: the model has counted wrongly."""


def name_rooms(model: Model, chosen: Iterable[int]) -> tuple[Assignment, ...]:
    """The plan that the chosen columns stand for.

    Raises:
        CannotNameRooms: they break a rule of the model.
    """
    starting: dict[int, list[Column]] = defaultdict(list)
    for column in (model.columns[number] for number in sorted(chosen)):
        starting[column.start].append(column)
    last_room: dict[str, str] = {}
    busy_until: dict[str, int] = {}
    plan: list[Assignment] = []
    for slot in sorted(starting):
        free = [
            room
            for room in model.problem.rooms
            if slot in room.slots and busy_until.get(room.code, slot) <= slot
        ]
        for column, room in _match(model, starting[slot], free, last_room):
            meeting = model.problem.meetings[column.meeting]
            plan.append(Assignment(meeting.key, slot, room.code))
            busy_until[room.code] = slot + meeting.length
            last_room.update(dict.fromkeys(meeting.parties, room.code))
    return tuple(plan)


def _match(
    model: Model, columns: list[Column], rooms: list[OpenRoom], last_room: dict[str, str]
) -> Iterable[tuple[Column, OpenRoom]]:
    matching = SimpleLinearSumAssignment()
    for left, column in enumerate(columns):
        meeting = model.problem.meetings[column.meeting]
        allowed = None if column.room_class is None else model.classes[column.room_class].rooms
        for right, room in enumerate(rooms):
            if room.takes(meeting, column.start) and (allowed is None or room.code in allowed):
                matching.add_arc_with_cost(left, right, _cost(meeting, room, last_room) + right)
    for left in range(len(columns), len(rooms)):  # rooms that stay empty: the matching wants both sides equal
        for right in range(len(rooms)):
            matching.add_arc_with_cost(left, right, 0)
    if len(columns) > len(rooms) or matching.solve() != matching.OPTIMAL:
        raise CannotNameRooms(f"{len(columns)} meetings do not fit {len(rooms)} free rooms in one slot")
    return [(column, rooms[matching.right_mate(left)]) for left, column in enumerate(columns)]


def _cost(meeting: Meeting, room: OpenRoom, last_room: dict[str, str]) -> int:
    staying = sum(last_room.get(party) == room.code for party in meeting.parties)
    return _SEAT * (room.seats - meeting.seats) - _STAY * staying
