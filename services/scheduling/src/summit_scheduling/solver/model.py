"""The timetable as a 0/1 programme: one column per way to hold a meeting, one row per thing of which there is not enough.

Rooms are counted here and named afterwards (`rooms.py`). A meeting of one slot takes any room of some set: in each slot, no
union of such sets is asked for by more meetings than it has rooms (Hall's condition). A meeting that keeps its room for
longer, because it is long or the room has to be turned round, stays in it, for which counting is not enough; its columns
therefore also choose a class: rooms alike in everything, within which intervals can always be coloured.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from summit_scheduling.domain.problem import Assignment, Meeting, Problem
from summit_scheduling.solver.classes import Classes, unions

Use = tuple[str, str, str]
"""Something of which there is not enough: what kind of thing, whose, and in which slot or on which day (`plan.Price`)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One way to hold one meeting."""

    meeting: int
    """Its position among the problem's meetings."""
    start: int
    room_class: int | None
    """Position among the classes, for a meeting that keeps its room beyond the slot, or stays where it was published; any
    other takes whatever is free and fits."""


@dataclass(frozen=True, slots=True)
class Row:
    """At most `limit` of these columns can be chosen."""

    columns: tuple[int, ...]
    limit: int
    uses: tuple[Use, ...] = ()
    """What there is not enough of: a chosen column takes one of each of these at most, and together they are `limit`, or each is."""


@dataclass(frozen=True)
class Model:
    """Choose columns of the greatest summed worth so that every row holds."""

    problem: Problem
    classes: Classes
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    weights: tuple[int, ...]
    """What each column is worth; there may be more of them than columns, for figures that are no meetings."""

    @classmethod
    def of(cls, problem: Problem) -> "Model":
        """The programme whose choices are exactly the problem's plans, up to the names of rooms.

        A pinned meeting is worth more than all that are not.
        """
        classes = Classes.of(problem)
        ways = _Ways(problem, classes)
        columns = tuple(dict.fromkeys(ways.columns()))
        worth = tuple(worth_of(problem, one) for one in problem.meetings)
        rows = tuple(_Rows(problem, classes, columns, ways).rows())
        return cls(problem, classes, columns, rows, tuple(worth[one.meeting] for one in columns))

    @cached_property
    def rows_of(self) -> tuple[tuple[Row, ...], ...]:
        """For each column the rows it counts in."""
        found: list[list[Row]] = [[] for _ in self.weights]
        for row in self.rows:
            for column in row.columns:
                found[column].append(row)
        return tuple(map(tuple, found))

    def weight_of(self, chosen: Iterable[int]) -> int:
        """What the chosen columns are worth together."""
        return sum(self.weights[column] for column in chosen)

    def only(self, kept: Iterable[int]) -> "Model":
        """The same with no other columns than these, renumbered in their order, and without the rows that cannot be broken."""
        place = {column: number for number, column in enumerate(kept)}
        rows = []
        for row in self.rows:
            inside = tuple(place[column] for column in row.columns if column in place)
            if len(inside) > row.limit:
                rows.append(Row(inside, row.limit, row.uses))
        return replace(
            self,
            columns=tuple(self.columns[column] for column in place if column < len(self.columns)),
            rows=tuple(rows),
            weights=tuple(self.weights[column] for column in place),
        )

    def columns_of(self, plan: Iterable[Assignment]) -> tuple[int, ...]:
        """The columns that a plan stands for: naming rooms, backwards."""
        place = {meeting.key: position for position, meeting in enumerate(self.problem.meetings)}
        number_of = {column: number for number, column in enumerate(self.columns)}
        found = []
        for one in plan:
            in_class = Column(place[one.meeting], one.slot, self.classes.number_of[one.room])
            number = number_of.get(in_class)
            found.append(number_of[Column(place[one.meeting], one.slot, None)] if number is None else number)
        return tuple(sorted(found))


def worth_of(problem: Problem, meeting: Meeting) -> int:
    """Its weight; a pinned meeting is worth more than all weights together."""
    return meeting.weight + (first_of(problem) if meeting.is_fixed else 0)


def first_of(problem: Problem) -> int:
    """What being pinned adds to a meeting's weight."""
    return problem.weight_of_all + 1


def stays(problem: Problem, classes: Classes, column: Column) -> bool:
    """Whether the meeting is in the slot and in the room in which it was published."""
    before = problem.place_before.get(problem.meetings[column.meeting].key)
    return (
        before is not None
        and column.room_class is not None
        and (before.slot, classes.number_of.get(before.room)) == (column.start, column.room_class)
    )


class _Ways:
    """Every way to hold every meeting."""

    def __init__(self, problem: Problem, classes: Classes) -> None:
        self._problem = problem
        self._classes = classes
        self._known: dict[Hashable, tuple[frozenset[int], frozenset[int]]] = {}
        asked: dict[int, set[frozenset[int]]] = defaultdict(set)
        for meeting in problem.meetings:
            for start in meeting.starts:
                if swift := self.swift(meeting, start):
                    asked[start].add(swift)
        self._tangled = frozenset(slot for slot, sets in asked.items() if unions(sets) is None)

    def columns(self) -> Iterator[Column]:
        """The ways, by meeting and start."""
        for position, meeting in enumerate(self._problem.meetings):
            before = self._problem.place_before.get(meeting.key)
            for start in meeting.starts:
                swift, slow = self._rooms(meeting, start)
                if start in self._tangled and (meeting.needs or meeting.room):
                    swift, slow = frozenset(), swift | slow
                if swift:
                    yield Column(position, start, None)
                if before and before.slot == start and meeting.key in self._problem.can_stay:
                    yield Column(position, start, self._classes.number_of[before.room])
                yield from (Column(position, start, number) for number in sorted(slow))

    def swift(self, meeting: Meeting, start: int) -> frozenset[int]:
        """The classes of which it may have any room for this one slot."""
        return self._rooms(meeting, start)[0]

    def _rooms(self, meeting: Meeting, start: int) -> tuple[frozenset[int], frozenset[int]]:
        alike = (meeting.seats, meeting.needs, meeting.room, meeting.length, start)
        if alike not in self._known:
            self._known[alike] = self._classes.swift_and_slow(meeting, start)
        return self._known[alike]


class _Rows:
    """Everything of which there is not enough for all columns."""

    def __init__(self, problem: Problem, classes: Classes, columns: tuple[Column, ...], ways: _Ways) -> None:
        self._problem = problem
        self._classes = classes
        self._ways = ways
        self._columns = columns
        self._ones = [
            (number, problem.meetings[column.meeting], column) for number, column in enumerate(columns)
        ]

    def rows(self) -> Iterator[Row]:
        """The rows that some choice could break."""
        yield from self._once_each()
        for uses in (self._parties(), self._resources(), self._limits()):
            yield from self._gathered(uses)
        yield from self._rooms()

    def _gathered(self, uses: Iterable[tuple[Use, int, int]]) -> Iterator[Row]:
        """A row for each use, from the columns that take one and how many there are."""
        together: dict[tuple[Use, int], list[int]] = defaultdict(list)
        for use, limit, number in uses:
            together[use, limit].append(number)
        for (use, limit), numbers in together.items():
            yield from self._row(numbers, limit, (use,))

    def _row(self, numbers: list[int], limit: int, uses: tuple[Use, ...]) -> Iterator[Row]:
        """A row, where more meetings than the limit are in it."""
        if len({self._columns[number].meeting for number in numbers}) > limit:
            yield Row(tuple(sorted(numbers)), limit, uses=uses)

    def _once_each(self) -> Iterator[Row]:
        """A meeting is held once."""
        of_meeting: list[list[int]] = [[] for _ in self._problem.meetings]
        for number, _, column in self._ones:
            of_meeting[column.meeting].append(number)
        return (Row(tuple(numbers), 1) for numbers in of_meeting if len(numbers) > 1)

    def _parties(self) -> Iterator[tuple[Use, int, int]]:
        """A party is in one meeting at a time, and rests after it."""
        for number, meeting, column in self._ones:
            for slot in self._problem.kept_for_parties(meeting, column.start):
                for party in meeting.parties:
                    yield ("party", party, str(slot)), 1, number

    def _resources(self) -> Iterator[tuple[Use, int, int]]:
        """No more is in use than there is."""
        for number, meeting, column in self._ones:
            for code in self._problem.counted(meeting):
                for slot in meeting.run(column.start):
                    yield ("resource", code, str(slot)), self._problem.resources[code], number

    def _limits(self) -> Iterator[tuple[Use, int, int]]:
        """Meetings of a party in all, on one day, and moved."""
        for number, meeting, column in self._ones:
            for limit in self._problem.limits_of(meeting):
                if limit.meetings is not None:
                    yield ("meetings", limit.party, ""), limit.meetings, number
                if limit.per_day is not None:
                    day = self._problem.days[column.start].isoformat()
                    yield ("per_day", limit.party, day), limit.per_day, number
                could_stay = meeting.key in self._problem.can_stay
                if limit.moves is not None and could_stay and not stays(self._problem, self._classes, column):
                    yield ("moves", limit.party, ""), limit.moves, number

    def _rooms(self) -> Iterator[Row]:
        """No set of classes is asked for by more meetings in a slot than it has rooms."""
        swift: dict[int, dict[frozenset[int], list[int]]] = defaultdict(lambda: defaultdict(list))
        staying: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, meeting, column in self._ones:
            if column.room_class is None:
                swift[column.start][self._ways.swift(meeting, column.start)].append(number)
                continue
            room = self._classes.all[column.room_class].one
            for slot in self._problem.kept_for_room(room, meeting, column.start):
                staying[slot][column.room_class].append(number)
        for slot in range(len(self._problem.slots)):
            yield from self._rooms_in(slot, swift[slot], staying[slot])

    def _rooms_in(
        self, slot: int, swift: Mapping[frozenset[int], list[int]], staying: Mapping[int, list[int]]
    ) -> Iterator[Row]:
        is_open = self._classes.open_in(slot)
        for number in sorted(is_open & staying.keys()):
            yield from self._room_row(slot, {number}, staying[number])
        counted = unions(swift)
        # What is left of a tangled slot is asked for by seats alone, and these sets are a chain.
        if counted is None:
            raise AssertionError(f"the rooms of slot {slot} cannot be counted")
        for union in sorted(counted, key=sorted):
            inside = [one for asked, numbers in swift.items() if asked <= union for one in numbers]
            inside += (one for number in union for one in staying.get(number, ()))
            yield from self._room_row(slot, union, inside)

    def _room_row(self, slot: int, classes: Iterable[int], numbers: list[int]) -> Iterator[Row]:
        rooms = [room.code for number in sorted(classes) for room in self._classes.all[number].rooms]
        yield from self._row(numbers, len(rooms), tuple(("room", code, str(slot)) for code in rooms))
