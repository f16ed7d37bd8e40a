"""From bilaterals and availability to the problem a solver sees, and from its plan back to reasons people understand."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from summit_contracts.editions import Room
from summit_contracts.meetings import BilateralTerms
from summit_contracts.scheduling import MoveReason, Placement, UnplacedReason
from summit_contracts.values import Rank
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.fairness import by_demand
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.holding import Holding
from summit_scheduling.domain.problem import Limit, Meeting, OpenRoom, Problem
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.terms import possible_starts

WEIGHTS: Final[Mapping[int, int]] = {1: 16, 2: 4, 3: 1}
"""What placing a must, a should and a could is worth: four of one kind weigh as much as one of the next."""


def problem_for(
    grid: Grid,
    bilaterals: Collection[Bilateral],
    availabilities: Mapping[str, Availability],
    rulings: Rulings | None = None,
    holding: Holding | None = None,
) -> Problem:
    """Every agreed bilateral with the starts that suit all its parties; who is not listed counts as available.

    Obligations, calendars, days of attendance, blocked stretches, levels and the terms agreed are folded into the starts, and
    so are the moments of pins, and absences; closed rooms into the slots of rooms, the secretariat's weights into the weights.
    With `holding`, what is about to begin keeps its place, whatever is pinned, and a repair starts from all that was published.
    """
    rulings = rulings or Rulings(edition_id=grid.edition_id)
    if holding:
        rulings = rulings.without_pins(frozen_in(holding, grid, bilaterals, availabilities, rulings))
    grid = rulings.applied_to(grid)
    folding = _Folding(grid, availabilities, rulings)
    agreed = [one for one in bilaterals if one.status in PLACEABLE]
    demand = Counter(party for one in agreed for party in one.parties)
    problem = Problem(
        edition_id=grid.edition_id,
        slots=tuple((slot.start_at, slot.end_at) for slot in grid.slots),
        rooms=tuple(
            OpenRoom(
                room.code,
                room.seats,
                _open_slots(grid, room, rulings),
                frozenset(room.equipment),
                room.turn_round_minutes or 0,
            )
            for room in grid.rooms
        ),
        meetings=tuple(folding.meeting(one) for one in agreed),
        days=tuple(slot.on for slot in grid.slots),
        resources=grid.resources,
        limits=tuple(_limits(grid, demand, is_repair=holding is not None and holding.is_repair)),
        vetoes=rulings.vetoes,
        classes=by_demand(demand),
    )
    return holding.applied_to(problem, grid) if holding else problem


def frozen_in(
    holding: Holding,
    grid: Grid,
    bilaterals: Collection[Bilateral],
    availabilities: Mapping[str, Availability],
    rulings: Rulings,
) -> frozenset[str]:
    """The meetings that have begun or are about to, and can be had where they are, whatever is pinned."""
    near = holding.near(grid)
    placed = [one for one in bilaterals if one.bilateral_id in near]
    return holding.frozen(problem_for(grid, placed, availabilities, rulings.without_pins(near)), grid)


def _limits(grid: Grid, demand: Mapping[str, int], *, is_repair: bool) -> Iterator[Limit]:
    for code in sorted(demand.keys() & grid.caps.keys()):
        cap = grid.caps[code]
        limit = Limit(code, cap.meetings, cap.meetings_per_day, cap.moves if is_repair else None)
        if limit != Limit(code):
            yield limit


def _open_slots(grid: Grid, room: Room, rulings: Rulings) -> frozenset[int]:
    return frozenset(
        number for number in grid.open_slots(room) if not rulings.is_closed(room.code, grid.stretch(number))
    )


def slots_of(
    party: str, known: Availability | None, level: Rank, length: int, grid: Grid, rulings: Rulings
) -> frozenset[int]:
    """The slots in which a meeting of this level and length could begin as far as the party goes; `known` is what it said."""
    availability = known or Availability(edition_id=grid.edition_id, code=party)
    return availability.slots(grid, level, length) - rulings.absent(party, grid, length)


def placement_of(grid: Grid, start: int, room: str, minutes: int) -> Placement:
    """When and where it is, as people say it: a meeting of so many minutes that begins in this slot."""
    slot, place = grid.slots[start], grid.room(room)
    return Placement(
        start_at=slot.start_at,
        end_at=slot.start_at + timedelta(minutes=minutes),
        on=slot.on,
        room=room,
        room_name=place.name if place else room,
    )


def why_unplaced(problem: Problem, key: str) -> UnplacedReason:
    """Why a plan for the problem can leave this meeting out."""
    meeting = problem.by_key[key]
    if not meeting.starts:
        return UnplacedReason.NO_COMMON_TIME
    if any(limit.meetings == 0 for limit in problem.limits_of(meeting)):
        return UnplacedReason.CAP_REACHED
    if not _has_room(problem, replace(meeting, needs=())):
        return UnplacedReason.NO_ROOM_LARGE_ENOUGH
    if not _has_room(problem, meeting) or any(
        problem.resources[code] == 0 for code in problem.counted(meeting)
    ):
        return UnplacedReason.NO_EQUIPMENT
    return UnplacedReason.NO_PLACE_LEFT


def why_moved(problem: Problem, grid: Grid, key: str, before: Placement) -> MoveReason:
    """Why a plan for the problem does not have this meeting where it was."""
    meeting, slot, room = (
        problem.by_key[key],
        grid.slot_at(before.start_at),
        problem.room_by_code.get(before.room),
    )
    if slot is None or slot.number not in meeting.starts:
        return MoveReason.PARTY_UNAVAILABLE if slot else MoveReason.ROOM_UNAVAILABLE
    if room is None or not room.takes(meeting, slot.number):
        return MoveReason.ROOM_UNAVAILABLE
    return MoveReason.BETTER_PLAN


def at_most(problem: Problem) -> int:
    """How many meetings any plan can place at most; by counting alone, so that anybody can check it.

    The least of: meetings with a start and a room; per slot the rooms open or the meetings that could be on, summed (a
    longer meeting needs several); per party the slots it could be in or the meetings it has, summed over the parties and
    shared among the parties of a meeting.
    """
    possible = [one for one in problem.meetings if _has_room(problem, one)]
    rooms, on, wished, free = Counter[int](), Counter[int](), Counter[str](), dict[str, set[int]]()
    for room in problem.rooms:
        rooms.update(room.slots)
    for meeting in possible:
        slots = {slot for start in meeting.starts for slot in meeting.run(start)}
        on.update(slots)
        for party in meeting.parties:
            wished[party] += 1
            free.setdefault(party, set()).update(slots)
    by_slots = sum(min(rooms[slot], count) for slot, count in on.items())
    by_parties = sum(min(count, len(free[party])) for party, count in wished.items()) // 2
    return min(len(possible), by_slots, by_parties)


def _has_room(problem: Problem, meeting: Meeting) -> bool:
    return any(room.takes(meeting, start) for start in meeting.starts for room in problem.rooms)


class _Folding:
    """Remembers the slots of each party, level and length, and those of terms: many meetings ask for the same."""

    def __init__(self, grid: Grid, availabilities: Mapping[str, Availability], rulings: Rulings) -> None:
        self._grid = grid
        self._rulings = rulings
        self._pinned = {pin.bilateral_id: pin.start_at for pin in rulings.pins}
        self._availabilities = availabilities
        self._known: dict[tuple[str, str, int], frozenset[int]] = {}
        self._possible: dict[Hashable, frozenset[int]] = {}

    def meeting(self, bilateral: Bilateral) -> Meeting:
        terms = bilateral.terms
        length = self._grid.slots_for(timedelta(minutes=terms.minutes))
        suits_all = self._starts(terms)
        for party in bilateral.parties:
            suits_all &= self._slots(party, bilateral, length)
        pinned = self._pinned.get(bilateral.bilateral_id)
        if pinned is not None:
            suits_all = frozenset(start for start in suits_all if self._grid.slots[start].start_at == pinned)
        return Meeting(
            key=bilateral.bilateral_id,
            parties=tuple(sorted(bilateral.parties)),
            weight=WEIGHTS[bilateral.priority] * self._rulings.weights.get(bilateral.bilateral_id, 1),
            seats=terms.size,
            length=length,
            starts=tuple(sorted(suits_all)),
            needs=terms.needs,
            rest_minutes=self._grid.rest_after(terms.level),
            is_fixed=pinned is not None,
        )

    def _starts(self, terms: BilateralTerms) -> frozenset[int]:
        key = (terms.minutes, terms.days, terms.starts_at)
        if key not in self._possible:
            self._possible[key] = frozenset(possible_starts(terms, self._grid))
        return self._possible[key]

    def _slots(self, party: str, bilateral: Bilateral, length: int) -> frozenset[int]:
        level = bilateral.terms.level
        key = (party, level.value, length)
        if key not in self._known:
            known = self._availabilities.get(party)
            self._known[key] = slots_of(party, known, level, length, self._grid, self._rulings)
        return self._known[key]
