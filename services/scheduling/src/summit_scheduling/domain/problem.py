"""The timetable as a solver sees it: meetings with the starts they may have, rooms with the slots they are open in.

Everything a person would argue about (wishes, ranks, obligations, blocked stretches) is folded into `Meeting.starts`
before; what is left is exactly what must not be broken, so that a plan can be checked against it alone.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256


class InputFlaw(ValueError):
    """The problem contradicts itself; `str()` names the meeting or room and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something to be placed once or not at all."""

    key: str
    """Unique within the problem: the bilateral's identifier."""
    parties: tuple[str, ...]
    """Two invitee codes or more; none of them can be in two meetings in the same slot."""
    weight: int
    """What placing it is worth: 1 or more."""
    seats: int
    """A room needs at least as many."""
    length: int
    """How many slots in a row it takes: 1 or more."""
    starts: tuple[int, ...]
    """The slots it may begin in; each leaves room for its whole length within one session."""

    def run(self, start: int) -> range:
        """The slots it takes when it begins in `start`."""
        return range(start, start + self.length)


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room and the slots in which it can be used."""

    code: str
    seats: int
    slots: frozenset[int]

    def takes(self, meeting: Meeting, start: int) -> bool:
        """Whether the meeting fits in and the room stays open for all of it."""
        return meeting.seats <= self.seats and self.slots.issuperset(meeting.run(start))


@dataclass(frozen=True, slots=True)
class Assignment:
    """A meeting begins in this slot, in this room, and stays there for its whole length."""

    meeting: str
    slot: int
    room: str


@dataclass(frozen=True)
class Problem:
    """One complete input; equal problems have equal hashes, in whatever order their parts were given.

    Raises:
        InputFlaw: two meetings or rooms of one name, a start outside the slots, a meeting of one party or no weight.
    """

    edition_id: str
    slots: tuple[tuple[datetime, datetime], ...]
    """Start and end of each slot, UTC; the position is the slot's number."""
    rooms: tuple[OpenRoom, ...]
    meetings: tuple[Meeting, ...]

    def __post_init__(self) -> None:
        rooms = tuple(sorted(self.rooms, key=lambda room: room.code))
        meetings = tuple(sorted(map(_in_order, self.meetings), key=lambda meeting: meeting.key))
        object.__setattr__(self, "rooms", rooms)
        object.__setattr__(self, "meetings", meetings)
        _refuse_twins("room", (room.code for room in rooms))
        _refuse_twins("meeting", (meeting.key for meeting in meetings))
        for meeting in meetings:
            _refuse_flaws(meeting, len(self.slots))
        for room in rooms:
            if any(slot not in range(len(self.slots)) for slot in room.slots):
                raise InputFlaw(f"room {room.code} is open in a slot that does not exist")

    @cached_property
    def by_key(self) -> Mapping[str, Meeting]:
        """The meetings by their key."""
        return {meeting.key: meeting for meeting in self.meetings}

    @cached_property
    def room_by_code(self) -> Mapping[str, OpenRoom]:
        """The rooms by their code."""
        return {room.code: room for room in self.rooms}

    @cached_property
    def input_hash(self) -> str:
        """The SHA-256 of the canonical JSON, in hexadecimal: what a certificate is about."""
        return sha256(self.to_json().encode()).hexdigest()

    def weight_of(self, assignments: Iterable[Assignment]) -> int:
        """The summed weight of the meetings that are placed."""
        return sum(self.by_key[assignment.meeting].weight for assignment in assignments)

    def to_json(self) -> str:
        """The canonical JSON: sorted, no blanks, the same bytes for the same problem."""
        return json.dumps(
            {
                "edition_id": self.edition_id,
                "slots": [[start.isoformat(), end.isoformat()] for start, end in self.slots],
                "rooms": [[room.code, room.seats, sorted(room.slots)] for room in self.rooms],
                "meetings": [
                    [one.key, list(one.parties), one.weight, one.seats, one.length, list(one.starts)]
                    for one in self.meetings
                ],
            },
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=True,
        )

    @classmethod
    def from_json(cls, text: str) -> "Problem":
        """The problem that `to_json` wrote.

        Raises:
            InputFlaw: when it contradicts itself.
        """
        document = json.loads(text)
        return cls(
            edition_id=document["edition_id"],
            slots=tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end))
                for start, end in document["slots"]
            ),
            rooms=tuple(OpenRoom(code, seats, frozenset(slots)) for code, seats, slots in document["rooms"]),
            meetings=tuple(
                Meeting(key, tuple(parties), weight, seats, length, tuple(starts))
                for key, parties, weight, seats, length, starts in document["meetings"]
            ),
        )


class Rule(StrEnum):
    """What no plan may break."""

    ONCE = "once"
    """A meeting that exists is held once at most."""
    ALLOWED_START = "allowed_start"
    """A meeting begins where all its parties can come."""
    ONE_PLACE_AT_A_TIME = "one_place_at_a_time"
    """A party is in one meeting at a time."""
    ONE_MEETING_PER_ROOM = "one_meeting_per_room"
    """A room holds one meeting at a time."""
    ROOM_FITS = "room_fits"
    """The room exists, is open for the whole meeting and seats it."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that an assignment breaks, and with whom: a meeting, a party or a room."""

    rule: Rule
    meeting: str
    subject: str


def breaches(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Breach, ...]:
    """Every rule that the plan breaks, in the order of its assignments; empty for a plan that may be published."""
    found: list[Breach] = []
    held: set[str] = set()
    occupied: set[tuple[str, str, int]] = set()
    for one in assignments:
        meeting, room = problem.by_key.get(one.meeting), problem.room_by_code.get(one.room)
        if meeting is None or one.meeting in held:
            found.append(Breach(Rule.ONCE, one.meeting, one.meeting))
            continue
        held.add(one.meeting)
        if one.slot not in meeting.starts:
            found.append(Breach(Rule.ALLOWED_START, one.meeting, str(one.slot)))
        if room is None or not room.takes(meeting, one.slot):
            found.append(Breach(Rule.ROOM_FITS, one.meeting, one.room))
        claims = [(Rule.ONE_PLACE_AT_A_TIME, party) for party in meeting.parties] + [
            (Rule.ONE_MEETING_PER_ROOM, one.room)
        ]
        for rule, subject in claims:
            taken = {(rule.value, subject, slot) for slot in meeting.run(one.slot)}
            if taken & occupied:
                found.append(Breach(rule, one.meeting, subject))
            occupied |= taken
    return tuple(found)


def _in_order(meeting: Meeting) -> Meeting:
    parties, starts = tuple(sorted(meeting.parties)), tuple(sorted(set(meeting.starts)))
    return Meeting(meeting.key, parties, meeting.weight, meeting.seats, meeting.length, starts)


def _refuse_twins(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputFlaw(f"{what} {name} occurs twice")
        seen.add(name)


def _refuse_flaws(meeting: Meeting, slots: int) -> None:
    if len(set(meeting.parties)) < 2 or len(set(meeting.parties)) != len(meeting.parties):
        raise InputFlaw(f"meeting {meeting.key} needs two different parties or more")
    if min(meeting.weight, meeting.seats, meeting.length) < 1:
        raise InputFlaw(f"meeting {meeting.key} needs a weight, seats and a length of 1 or more")
    if meeting.starts and not (meeting.starts[0] >= 0 and meeting.starts[-1] + meeting.length <= slots):
        raise InputFlaw(f"meeting {meeting.key} may begin in a slot that leaves no room for it")
