"""What the secretariat rules for an edition's timetable, beside what delegations wish: one set per edition, kept as a whole.

A what-if is another set of rulings that a solve is tried with; nothing is ruled until it is committed.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from summit_contracts.scheduling import MovedObligation, Placement
from summit_contracts.values import Interval
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.rulings import (
    NoSuchDuty,
    NoSuchRoom,
    PinFrozen,
    PinImpossible,
    PinsContradict,
    RulingsChanged,
    VetoUnfit,
)
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.terms import possible_starts


@dataclass(frozen=True, slots=True)
class Closure:
    """A room that is not to be used for a while."""

    room: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody who cannot be met for a while, e.g. because the delegation arrives late; beside what it says of itself."""

    invitee: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation of the edition, by its code, that is held at another time."""

    code: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting that begins at this moment or is not held."""

    bilateral_id: str
    start_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """Everything that is ruled. `revision` rises with every change; 0 before the first."""

    edition_id: str
    closures: tuple[Closure, ...] = ()
    absences: tuple[Absence, ...] = ()
    duties: tuple[Duty, ...] = ()
    vetoes: tuple[tuple[str, str], ...] = ()
    """Pairs that are not to meet, in whatever company."""
    pins: tuple[Pin, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    """By bilateral, how many times its own weight it counts: 2 to 10; what is not listed counts once."""
    revision: int = 0

    def check_revision(self, expected: int | None) -> None:
        """Nothing, where they are still as they were when something was decided on them; `expected` none means however they are.

        Raises:
            RulingsChanged: they were changed since.
        """
        if expected is not None and expected != self.revision:
            raise RulingsChanged(expected, self.revision)

    def replaced_by(self, other: "Rulings", *, expected: int | None) -> "Rulings":
        """The other's rulings in force; nothing where they are the same.

        Raises:
            RulingsChanged: they were changed since the revision they were decided on.
        """
        self.check_revision(expected)
        if replace(other, revision=self.revision) == self:
            return self
        return replace(other, revision=self.revision + 1)

    def check(self, grid: Grid, bilaterals: Mapping[str, Bilateral]) -> "Rulings":
        """The same, each pin once, when a timetable could follow all of it.

        Raises:
            NoSuchRoom, NoSuchDuty, VetoUnfit: it names what the edition does not have.
            PinImpossible: a pin is for a meeting that is not agreed, no slot, a vetoed pair, somebody absent, or a moment that
                its parties have not agreed to.
            PinsContradict: two pins bring one meeting to two moments, or one party, or more meetings than there are rooms, to one.
        """
        for place, closure in enumerate(self.closures):
            if grid.room(closure.room) is None:
                raise NoSuchRoom(place, closure.room, [room.code for room in grid.rooms])
        known = [duty.code for duty in grid.obligations if duty.code]
        for place, duty in enumerate(self.duties):
            if duty.code not in known:
                raise NoSuchDuty(place, duty.code, known)
        for place, (one, other) in enumerate(self.vetoes):
            if one == other:
                raise VetoUnfit(place, one)
        self._check_pins(grid, bilaterals)
        return replace(self, pins=tuple(dict.fromkeys(self.pins)))

    def check_freeze(
        self, in_force: "Rulings", frozen: Collection[str], placements: Mapping[str, Placement]
    ) -> None:
        """Nothing, where no pin moves what is frozen. One that is in force already waits, and moves nothing either.

        Raises:
            PinFrozen: a pin is to another moment than that at which a frozen meeting begins.
        """
        for place, pin in enumerate(self.pins):
            if pin.bilateral_id in frozen and pin not in in_force.pins:
                begins = placements[pin.bilateral_id].start_at
                if pin.start_at != begins:
                    raise PinFrozen(place, pin.bilateral_id, begins)

    def without_pins(self, meetings: Collection[str]) -> "Rulings":
        """The same, with none of these meetings pinned."""
        return replace(self, pins=tuple(pin for pin in self.pins if pin.bilateral_id not in meetings))

    def forbids(self, parties: tuple[str, ...]) -> bool:
        """Whether two of these are not to meet."""
        return any(one in parties and other in parties for one, other in self.vetoes)

    def is_closed(self, room: str, stretch: Interval) -> bool:
        """Whether the room cannot be used during part of the stretch."""
        return any(one.room == room and one.interval.overlaps(stretch) for one in self.closures)

    def absent(self, invitee: str, grid: Grid, length: int) -> frozenset[int]:
        """The slots in which no meeting of `length` slots could begin, as the invitee cannot be met during part of it."""
        away = (one.interval for one in self.absences if one.invitee == invitee)
        return frozenset[int]().union(*(grid.clashing(one, length) for one in away))

    def applied_to(self, grid: Grid) -> Grid:
        """The grid with the obligations at the times ruled."""
        moved = {duty.code: duty.interval for duty in self.duties}
        duties = tuple(
            one.model_copy(update={"interval": moved[one.code]}) if one.code in moved else one
            for one in grid.obligations
        )
        return replace(grid, obligations=duties)

    def moved(self, grid: Grid) -> tuple[MovedObligation, ...]:
        """The obligations of the edition, which the grid is of, that are held at another time than it says."""
        return tuple(
            MovedObligation(code=now.code, interval=now.interval)
            for now, before in zip(self.applied_to(grid).obligations, grid.obligations, strict=True)
            if now.code and now != before
        )

    def _check_pins(self, grid: Grid, bilaterals: Mapping[str, Bilateral]) -> None:
        grid = self.applied_to(grid)
        moments: dict[str, datetime] = {}
        busy: set[tuple[str, int]] = set()
        used = Counter[int]()
        for place, pin in enumerate(self.pins):
            if pin.bilateral_id in moments:
                if moments[pin.bilateral_id] != pin.start_at:
                    raise PinsContradict(place, "the meeting is pinned to two moments")
                continue
            moments[pin.bilateral_id] = pin.start_at
            bilateral, slots = self._pinned(place, pin, grid, bilaterals)
            for party in bilateral.parties:
                if not busy.isdisjoint((party, slot) for slot in slots):
                    raise PinsContradict(place, f"{party} is pinned to two meetings at a time")
                busy.update((party, slot) for slot in slots)
            used.update(slots)
            for slot in slots:
                if used[slot] > (rooms := self._rooms_open(grid, slot)):
                    raise PinsContradict(place, f"only {rooms} rooms are open at that moment")

    def _pinned(
        self, place: int, pin: Pin, grid: Grid, bilaterals: Mapping[str, Bilateral]
    ) -> tuple[Bilateral, range]:
        """The meeting, and the slots that it takes.

        Raises:
            PinImpossible: it cannot be held there.
        """
        bilateral, slot = bilaterals.get(pin.bilateral_id), grid.slot_at(pin.start_at)
        if bilateral is None or bilateral.status not in PLACEABLE:
            raise PinImpossible(place, pin.bilateral_id, "it is not agreed")
        if slot is None:
            raise PinImpossible(place, pin.bilateral_id, "no slot begins at that moment")
        if self.forbids(bilateral.parties):
            raise PinImpossible(place, pin.bilateral_id, "its parties are not to meet")
        if slot.number not in possible_starts(bilateral.terms, grid):
            raise PinImpossible(place, pin.bilateral_id, "its parties have not agreed to that moment")
        length = grid.slots_for(timedelta(minutes=bilateral.terms.minutes))
        for party in bilateral.parties:
            if slot.number in self.absent(party, grid, length) | grid.bound(party, length):
                raise PinImpossible(place, pin.bilateral_id, f"{party} cannot be met then")
        return bilateral, range(slot.number, slot.number + length)

    def _rooms_open(self, grid: Grid, slot: int) -> int:
        on, stretch = grid.slots[slot].on, grid.stretch(slot)
        return sum(on in room.days and not self.is_closed(room.code, stretch) for room in grid.rooms)
