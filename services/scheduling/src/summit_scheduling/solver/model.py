"""The timetable as a 0/1 programme: one column per way to hold a meeting, one row per thing that cannot be had twice.

Rooms are counted here and named afterwards (`rooms.py`). A meeting of one slot fits any room with enough seats, so it is enough
that in each slot, for each number of seats, no more meetings need that many than there are rooms that have them (Hall's
condition on nested sets). A longer meeting stays in one room, for which counting is not enough; its columns therefore also
choose a class: rooms of equal seats and equal opening times, within which intervals can always be coloured.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem


@dataclass(frozen=True, slots=True)
class RoomClass:
    """Rooms that can stand in for each other at any time."""

    seats: int
    slots: frozenset[int]
    rooms: tuple[str, ...]

    def takes(self, meeting: Meeting, start: int) -> bool:
        """Whether the meeting fits in and the rooms stay open for all of it."""
        return meeting.seats <= self.seats and self.slots.issuperset(meeting.run(start))


@dataclass(frozen=True, slots=True)
class Column:
    """One way to hold one meeting."""

    meeting: int
    """Its position among the problem's meetings."""
    start: int
    room_class: int | None
    """Position among the classes, for a meeting of more than one slot; a shorter one takes whatever is free and fits."""


@dataclass(frozen=True, slots=True)
class Row:
    """At most `limit` of these columns can be chosen."""

    columns: tuple[int, ...]
    limit: int


@dataclass(frozen=True)
class Model:
    """Choose columns of the greatest summed weight so that every row holds."""

    problem: Problem
    classes: tuple[RoomClass, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, problem: Problem) -> "Model":
        """The programme whose choices are exactly the problem's plans, up to the names of rooms."""
        classes = _classes(problem.rooms)
        columns = tuple(_columns(problem, classes))
        rows = (
            *_once_each(problem, columns),
            *_parties(problem, columns),
            *_rooms(problem, classes, columns),
        )
        return cls(problem, classes, columns, rows)

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """What each column is worth."""
        return tuple(self.problem.meetings[column.meeting].weight for column in self.columns)

    @cached_property
    def rows_of(self) -> tuple[tuple[Row, ...], ...]:
        """For each column the rows it counts in."""
        found: list[list[Row]] = [[] for _ in self.columns]
        for row in self.rows:
            for column in row.columns:
                found[column].append(row)
        return tuple(map(tuple, found))

    def weight_of(self, chosen: Iterable[int]) -> int:
        """What the chosen columns are worth together."""
        return sum(self.weights[column] for column in chosen)

    def columns_of(self, plan: Iterable[Assignment]) -> tuple[int, ...]:
        """The columns that a plan stands for: naming rooms, backwards."""
        class_of = {code: number for number, one in enumerate(self.classes) for code in one.rooms}
        place = {meeting.key: position for position, meeting in enumerate(self.problem.meetings)}
        wanted = set[Column]()
        for one in plan:
            is_long = self.problem.by_key[one.meeting].length > 1
            wanted.add(Column(place[one.meeting], one.slot, class_of[one.room] if is_long else None))
        return tuple(number for number, column in enumerate(self.columns) if column in wanted)


def _classes(rooms: Iterable[OpenRoom]) -> tuple[RoomClass, ...]:
    alike: dict[tuple[int, frozenset[int]], list[str]] = defaultdict(list)
    for room in rooms:
        alike[room.seats, room.slots].append(room.code)
    found = (RoomClass(seats, slots, tuple(codes)) for (seats, slots), codes in alike.items())
    return tuple(sorted(found, key=lambda one: (one.seats, one.rooms)))


def _columns(problem: Problem, classes: tuple[RoomClass, ...]) -> Iterable[Column]:
    for position, meeting in enumerate(problem.meetings):
        for start in meeting.starts:
            fitting = [number for number, one in enumerate(classes) if one.takes(meeting, start)]
            if fitting and meeting.length == 1:
                yield Column(position, start, None)
            else:
                yield from (Column(position, start, number) for number in fitting)


def _once_each(problem: Problem, columns: tuple[Column, ...]) -> Iterable[Row]:
    """A meeting is held once."""
    of_meeting: list[list[int]] = [[] for _ in problem.meetings]
    for number, column in enumerate(columns):
        of_meeting[column.meeting].append(number)
    return (Row(tuple(numbers), 1) for numbers in of_meeting if numbers)


def _parties(problem: Problem, columns: tuple[Column, ...]) -> Iterable[Row]:
    """A party is in one meeting at a time."""
    busy: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, column in enumerate(columns):
        meeting = problem.meetings[column.meeting]
        for slot in meeting.run(column.start):
            for party in meeting.parties:
                busy[party, slot].append(number)
    return (Row(tuple(numbers), 1) for numbers in busy.values() if _meetings(numbers, columns) > 1)


def _rooms(problem: Problem, classes: tuple[RoomClass, ...], columns: tuple[Column, ...]) -> Iterable[Row]:
    """There are no more meetings in a slot than rooms that seat them."""
    on: dict[int, list[int]] = defaultdict(list)
    for number, column in enumerate(columns):
        for slot in problem.meetings[column.meeting].run(column.start):
            on[slot].append(number)
    for slot, numbers in on.items():
        open_rooms: dict[int, int] = defaultdict(int)
        for one in classes:
            if slot in one.slots:
                open_rooms[one.seats] += len(one.rooms)
        yield from _seat_rows(problem, classes, columns, numbers, open_rooms)
        yield from _class_rows(classes, columns, numbers)


def _seat_rows(
    problem: Problem,
    classes: tuple[RoomClass, ...],
    columns: tuple[Column, ...],
    numbers: list[int],
    open_rooms: Mapping[int, int],
) -> Iterable[Row]:
    sizes = sorted(open_rooms)
    needed: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        column = columns[number]
        seats = (
            problem.meetings[column.meeting].seats
            if column.room_class is None
            else classes[column.room_class].seats
        )
        needed[sizes[bisect_left(sizes, seats)]].append(number)
    asking: list[int] = []
    limit = 0
    for size in reversed(sizes):
        asking += needed[size]
        limit += open_rooms[size]
        if needed[size] and _meetings(asking, columns) > limit:
            yield Row(tuple(sorted(asking)), limit)


def _class_rows(
    classes: tuple[RoomClass, ...], columns: tuple[Column, ...], numbers: list[int]
) -> Iterable[Row]:
    staying: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        if (room_class := columns[number].room_class) is not None:
            staying[room_class].append(number)
    for room_class, inside in staying.items():
        limit = len(classes[room_class].rooms)
        if _meetings(inside, columns) > limit:
            yield Row(tuple(inside), limit)


def _meetings(numbers: Iterable[int], columns: tuple[Column, ...]) -> int:
    return len({columns[number].meeting for number in numbers})
