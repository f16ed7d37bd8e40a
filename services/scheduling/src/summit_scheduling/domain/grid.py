"""An edition's days cut into slots, and the rooms open in them: where and when a bilateral could be held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from summit_contracts.editions import Cap, Edition, Obligation, Room, TurnRound
from summit_contracts.values import Interval, Rank


@dataclass(frozen=True, slots=True)
class Slot:
    """One stretch of time in which a meeting can be held; the turn-round time after it is not part of it."""

    number: int
    """0 for the edition's first slot, then one by one in order of time; it means nothing outside its grid."""
    on: date
    """The day in the edition's own time zone."""
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Grid:
    """Every slot and every room of one edition; neighbours in number are neighbours in time only within a session."""

    edition_id: str
    zone: str
    """IANA name; `Slot.on` and `Room.days` are dates in it."""
    slots: tuple[Slot, ...]
    rooms: tuple[Room, ...]
    length: timedelta
    """How long one slot lasts."""
    gap: timedelta
    """Turn-round time between two slots of one session."""
    obligations: tuple[Obligation, ...] = ()
    calendars: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    """When somebody can be met at all, by code; who is not listed, whenever a slot is open."""
    resources: Mapping[str, int] = field(default_factory=dict)
    """How many there are at a time of what is counted, by code."""
    turn_round: tuple[TurnRound, ...] = ()
    """The time after a meeting that its parties have free, by the meeting's level."""
    caps: Mapping[str, Cap] = field(default_factory=dict)
    """Fair use, by invitee."""
    freeze: timedelta = timedelta(0)
    """How long before its start a meeting keeps its place; 0 where nothing is frozen."""
    _stretches: dict[int, Mapping[int, Interval]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _clashing: dict[tuple[datetime, datetime, int], frozenset[int]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @classmethod
    def of(cls, edition: Edition) -> "Grid":
        """The grid that the edition's bilateral days, pauses, slots and rooms describe."""
        length = timedelta(minutes=edition.slots.minutes)
        gap = timedelta(minutes=edition.slots.gap_minutes)
        slots = tuple(
            Slot(number, on, start, start + length)
            for number, (on, start) in enumerate(edition.slot_starts())
        )
        rooms = tuple(sorted(edition.rooms, key=lambda room: room.code))
        calendars = {one.invitee: one.open for one in edition.calendars}
        return cls(
            edition.edition_id,
            edition.time_zone,
            slots,
            rooms,
            length,
            gap,
            edition.obligations,
            calendars,
            resources={one.code: one.count for one in edition.resources},
            turn_round=edition.turn_round,
            caps={one.code: edition.cap_of(one) for one in edition.invitees} if edition.caps else {},
            freeze=timedelta(minutes=edition.freeze_minutes),
        )

    @property
    def days(self) -> tuple[date, ...]:
        """The days that have at least one slot, in order."""
        return tuple(dict.fromkeys(slot.on for slot in self.slots))

    def slots_for(self, duration: timedelta) -> int:
        """How many slots in a row a meeting of this duration takes; the gaps between them count as meeting time."""
        taken = 1
        while taken * self.length + (taken - 1) * self.gap < duration:
            taken += 1
        return taken

    def run(self, start: int, length: int) -> tuple[Slot, ...]:
        """The `length` slots from `start` on; empty where the day, a pause or the edition ends before they do."""
        slots = self.slots[start : start + length]
        if start < 0 or len(slots) < length:
            return ()
        unbroken = all(after.start_at == before.end_at + self.gap for before, after in pairwise(slots))
        return slots if unbroken else ()

    def stretch(self, start: int, length: int = 1) -> Interval:
        """From the first moment of the `length` slots from `start` on to their last; they have to be a run."""
        return _between(self.slots[start].start_at, self.slots[start + length - 1].end_at)

    def stretches(self, length: int = 1) -> Mapping[int, Interval]:
        """Every stretch that a meeting of `length` slots could take, by the slot it begins in; worked out once."""
        if length not in self._stretches:
            self._stretches[length] = {
                slot.number: self.stretch(slot.number, length)
                for slot in self.slots
                if self.run(slot.number, length)
            }
        return self._stretches[length]

    def clashing(self, interval: Interval, length: int = 1) -> frozenset[int]:
        """The slots in which a meeting of `length` slots would begin that is on in the interval; worked out once."""
        key = (interval.start_at, interval.end_at, length)
        if key not in self._clashing:
            stretches = self.stretches(length).items()
            self._clashing[key] = frozenset(
                start for start, stretch in stretches if stretch.overlaps(interval)
            )
        return self._clashing[key]

    def slot_at(self, start_at: datetime) -> Slot | None:
        """The slot that starts at this very moment, or none."""
        return next((slot for slot in self.slots if slot.start_at == start_at), None)

    def room(self, code: str) -> Room | None:
        """The room of this code, or none."""
        return next((room for room in self.rooms if room.code == code), None)

    def open_slots(self, room: Room) -> frozenset[int]:
        """The numbers of the slots on the days the room is reserved for bilaterals."""
        days = frozenset(room.days)
        return frozenset(slot.number for slot in self.slots if slot.on in days)

    def rest_after(self, level: Rank) -> int:
        """How many minutes the parties of a meeting at this level have free after it."""
        return max((one.minutes for one in self.turn_round if level.at_least(one.level)), default=0)

    def bound(self, code: str, length: int = 1) -> frozenset[int]:
        """Where no meeting of `length` slots could begin, as an obligation (plenary, side event, speaking slot) or its own calendar
        keeps this invitee from it.
        """
        duties = (one.interval for one in self.obligations if not one.invitees or code in one.invitees)
        bound = frozenset[int]().union(*(self.clashing(one, length) for one in duties))
        hours = self.calendars.get(code)
        if hours is None:
            return bound
        return bound.union(
            start
            for start, stretch in self.stretches(length).items()
            if not any(one.start_at <= stretch.start_at and stretch.end_at <= one.end_at for one in hours)
        )


@lru_cache(maxsize=4096)
def _between(start_at: datetime, end_at: datetime) -> Interval:
    """The same for each of hundreds of delegations: checking an interval takes longer than looking it up."""
    return Interval(start_at=start_at, end_at=end_at)
