"""Rooms get their names: slot by slot, a delegation stays in the room of its last meeting where that can be.

The model has counted, so each slot's meetings and free rooms always match; among all matchings the one is taken that keeps
the most delegations where they were, then wastes the fewest seats.
"""

from collections import defaultdict
from collections.abc import Iterable

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

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
        free = [room for room in model.problem.rooms if busy_until.get(room.code, slot) <= slot]
        for column, room in _match(model, starting[slot], free, last_room):
            meeting = model.problem.meetings[column.meeting]
            plan.append(Assignment(meeting.key, slot, room.code))
            busy_until[room.code] = model.problem.kept_for_room(room, meeting, slot).stop
            last_room.update(dict.fromkeys(meeting.parties, room.code))
    return tuple(plan)


def _match(
    model: Model, columns: list[Column], rooms: list[OpenRoom], last_room: dict[str, str]
) -> Iterable[tuple[Column, OpenRoom]]:
    """Each column with a room of its own, at the least cost: one unit flows from every meeting through its room."""
    flow, pairs = SimpleMinCostFlow(), dict[int, tuple[Column, OpenRoom]]()
    source, sink = len(columns) + len(rooms), len(columns) + len(rooms) + 1
    for left, column in enumerate(columns):
        flow.add_arc_with_capacity_and_unit_cost(source, left, 1, 0)
        meeting = model.problem.meetings[column.meeting]
        for right, room in enumerate(rooms):
            if _may_have(model, column, room):
                cost = _cost(meeting, room, last_room) + right
                arc = flow.add_arc_with_capacity_and_unit_cost(left, len(columns) + right, 1, cost)
                pairs[arc] = column, room
    for right in range(len(rooms)):
        flow.add_arc_with_capacity_and_unit_cost(len(columns) + right, sink, 1, 0)
    flow.set_node_supply(source, len(columns))
    flow.set_node_supply(sink, -len(columns))
    if flow.solve() != flow.OPTIMAL:
        raise CannotNameRooms(f"{len(columns)} meetings do not fit {len(rooms)} free rooms in one slot")
    return [pair for arc, pair in pairs.items() if flow.flow(arc)]


def _may_have(model: Model, column: Column, room: OpenRoom) -> bool:
    """Whether the meeting fits in, and the room is of the class that was counted; of no class, one that it gives back at once."""
    meeting = model.problem.meetings[column.meeting]
    if not room.takes(meeting, column.start):
        return False
    if column.room_class is None:
        return len(model.problem.kept_for_room(room, meeting, column.start)) == 1
    return column.room_class == model.classes.number_of[room.code]


def _cost(meeting: Meeting, room: OpenRoom, last_room: dict[str, str]) -> int:
    moving = sum(last_room.get(party) != room.code for party in meeting.parties)
    return _STAY * moving + _SEAT * (room.seats - meeting.seats)
