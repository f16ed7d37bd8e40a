"""The timetable as a solver sees it: meetings with the starts they may have, rooms with the slots they are open in.

What a person would argue about that concerns one meeting alone (wishes, ranks, obligations, blocked stretches, a pin's moment)
is folded into `Meeting.starts` before; what is left is exactly what must not be broken (`rules.breaches`) and what a plan is
best at, so that a plan can be checked against it alone.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
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
    needs: tuple[str, ...] = ()
    """What its room has to be equipped with; of what is counted (`Problem.resources`) it takes one while it lasts."""
    rest_minutes: int = 0
    """How long after its last slot its parties are in no other meeting."""
    room: str | None = None
    """The only room it may have: it is pinned or frozen there."""
    is_fixed: bool = False
    """Pinned or frozen: it has its place before anything else is weighed."""

    def run(self, start: int) -> range:
        """The slots it takes when it begins in `start`."""
        return range(start, start + self.length)


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """A room and the slots in which it can be used."""

    code: str
    seats: int
    slots: frozenset[int]
    equipment: frozenset[str] = frozenset()
    turn_round_minutes: int = 0
    """How long after a meeting's last slot the next one may begin in it."""

    def takes(self, meeting: Meeting, start: int) -> bool:
        """Whether the meeting fits in, finds what it needs, is not tied to another room, and the room stays open for all of it."""
        return (
            meeting.seats <= self.seats
            and meeting.room in (None, self.code)
            and self.equipment.issuperset(meeting.needs)
            and self.slots.issuperset(meeting.run(start))
        )


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """A meeting begins in this slot, in this room, and stays there for its whole length."""

    meeting: str
    slot: int
    room: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What a party may have at most: meetings in all, meetings on one day, meetings moved by one repair; none is no limit."""

    party: str
    meetings: int | None = None
    per_day: int | None = None
    moves: int | None = None
    """Of its meetings that could stay where they were published, how many may be placed elsewhere."""


@dataclass(frozen=True)
class Problem:
    """One complete input; equal problems have equal hashes, in whatever order their parts were given.

    Raises:
        InputFlaw: two of one name, a start outside the slots, slots out of order, a meeting of one party or no weight, a
            placement of a meeting that there is not.
    """

    edition_id: str
    slots: tuple[tuple[datetime, datetime], ...]
    """Start and end of each slot, UTC, one after the other; the position is the slot's number."""
    rooms: tuple[OpenRoom, ...]
    meetings: tuple[Meeting, ...]
    days: tuple[date, ...] = ()
    """The day of each slot, in the edition's zone; the UTC date where none are given."""
    resources: Mapping[str, int] = field(default_factory=dict)
    """How many there are of what is counted, by the code that meetings name as a need."""
    limits: tuple[Limit, ...] = ()
    """By party; who is not listed has none."""
    vetoes: tuple[tuple[str, str], ...] = ()
    """Pairs that are in no meeting together: such a meeting has no start."""
    published: tuple[Assignment, ...] = ()
    """Where meetings are by the timetable that holds, to be repaired with the fewest moves; empty for a solve from nothing."""
    classes: Mapping[str, str] = field(default_factory=dict)
    """The demand class of each party that fairness looks at."""

    def __post_init__(self) -> None:
        ordered: Mapping[str, object] = {
            "vetoes": tuple(sorted({(min(pair), max(pair)) for pair in self.vetoes})),
            "rooms": tuple(sorted(self.rooms, key=lambda room: room.code)),
            "days": tuple(self.days) or tuple(start.date() for start, _ in self.slots),
            "limits": tuple(sorted(self.limits, key=lambda limit: limit.party)),
            "published": tuple(sorted(self.published)),
            "resources": dict(sorted(self.resources.items())),
            "classes": dict(sorted(self.classes.items())),
        }
        for name, value in ordered.items():
            object.__setattr__(self, name, value)
        meetings = sorted(map(self._in_order, self.meetings), key=lambda one: one.key)
        object.__setattr__(self, "meetings", tuple(meetings))
        self._refuse_flaws()

    @cached_property
    def by_key(self) -> Mapping[str, Meeting]:
        """The meetings by their key."""
        return {meeting.key: meeting for meeting in self.meetings}

    @cached_property
    def room_by_code(self) -> Mapping[str, OpenRoom]:
        """The rooms by their code."""
        return {room.code: room for room in self.rooms}

    @cached_property
    def limit_of(self) -> Mapping[str, Limit]:
        """The limits by party."""
        return {limit.party: limit for limit in self.limits}

    @cached_property
    def place_before(self) -> Mapping[str, Assignment]:
        """The published placements by meeting."""
        return {one.meeting: one for one in self.published}

    @cached_property
    def can_stay(self) -> frozenset[str]:
        """The meetings that could be where they are published, as far as they and their room alone are concerned."""
        return frozenset(one.meeting for one in self.published if self.may_be(one))

    @cached_property
    def input_hash(self) -> str:
        """The SHA-256 of the canonical JSON, in hexadecimal: what a certificate is about."""
        return sha256(self.to_json().encode()).hexdigest()

    def may_be(self, one: Assignment) -> bool:
        """Whether the meeting may begin then and the room takes it, all other meetings left aside."""
        meeting, room = self.by_key[one.meeting], self.room_by_code.get(one.room)
        return room is not None and one.slot in meeting.starts and room.takes(meeting, one.slot)

    def kept_for_parties(self, meeting: Meeting, start: int) -> range:
        """The slots in which its parties can begin no other meeting: its own, and those that begin before they have rested."""
        return range(start, self._free_after(start + meeting.length - 1, meeting.rest_minutes))

    def kept_for_room(self, room: OpenRoom, meeting: Meeting, start: int) -> range:
        """The slots in which no other meeting can begin in the room: its own, and those before it is turned round."""
        return range(start, self._free_after(start + meeting.length - 1, room.turn_round_minutes))

    def counted(self, meeting: Meeting) -> tuple[str, ...]:
        """What it takes one of."""
        return tuple(code for code in meeting.needs if code in self.resources)

    def limits_of(self, meeting: Meeting) -> Iterator[Limit]:
        """The limits of its parties."""
        return (self.limit_of[party] for party in meeting.parties if party in self.limit_of)

    def is_vetoed(self, parties: Iterable[str]) -> bool:
        """Whether two of these are not to meet."""
        if not self.vetoes:
            return False
        there = frozenset(parties)
        return any(one in there and other in there for one, other in self.vetoes)

    @cached_property
    def weight_of_all(self) -> int:
        """What no plan can exceed, since it places everything."""
        return sum(meeting.weight for meeting in self.meetings)

    def weight_of(self, assignments: Iterable[Assignment]) -> int:
        """The summed weight of the meetings that are placed."""
        return sum(self.by_key[assignment.meeting].weight for assignment in assignments)

    def to_json(self) -> str:
        """The canonical JSON: sorted, no blanks, the same bytes for the same problem."""
        return json.dumps(self.document(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def document(self) -> dict[str, object]:
        """What the canonical JSON says; what is empty, absent or as usual is left out."""
        return _without_blanks(
            {
                "edition_id": self.edition_id,
                "slots": [
                    [start.isoformat(), end.isoformat(), on.isoformat()]
                    for (start, end), on in zip(self.slots, self.days, strict=True)
                ],
                "rooms": [
                    _without_blanks(
                        _fields(one) | {"slots": sorted(one.slots), "equipment": sorted(one.equipment)}
                    )
                    for one in self.rooms
                ],
                "meetings": [_without_blanks(_fields(one)) for one in self.meetings],
                "resources": dict(self.resources),
                "limits": [_without_blanks(_fields(one)) for one in self.limits],
                "vetoes": self.vetoes,
                "published": [[one.meeting, one.slot, one.room] for one in self.published],
                "classes": dict(self.classes),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Problem":
        """The problem that `to_json` wrote.

        Raises:
            InputFlaw: when it contradicts itself.
        """
        document = json.loads(text)
        slots = document.get("slots", ())
        rooms = (
            one | {name: frozenset(one.get(name, ())) for name in ("slots", "equipment")}
            for one in document.get("rooms", ())
        )
        meetings = (
            one | {name: tuple(one.get(name, ())) for name in ("parties", "starts", "needs")}
            for one in document.get("meetings", ())
        )
        return cls(
            edition_id=document["edition_id"],
            slots=tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end, _ in slots
            ),
            rooms=tuple(OpenRoom(**one) for one in rooms),
            meetings=tuple(Meeting(**one) for one in meetings),
            days=tuple(date.fromisoformat(on) for _, _, on in slots),
            resources=document.get("resources", {}),
            limits=tuple(Limit(**one) for one in document.get("limits", ())),
            vetoes=tuple((one, other) for one, other in document.get("vetoes", ())),
            published=tuple(Assignment(*one) for one in document.get("published", ())),
            classes=document.get("classes", {}),
        )

    def _in_order(self, meeting: Meeting) -> Meeting:
        parties, needs = tuple(sorted(meeting.parties)), tuple(sorted(set(meeting.needs)))
        starts = () if self.is_vetoed(meeting.parties) else tuple(sorted(set(meeting.starts)))
        if (parties, needs, starts) == (meeting.parties, meeting.needs, meeting.starts):
            return meeting
        return replace(meeting, parties=parties, needs=needs, starts=starts)

    @cached_property
    def _begins(self) -> tuple[datetime, ...]:
        return tuple(start for start, _ in self.slots)

    def _free_after(self, last: int, minutes: int) -> int:
        """The first slot after `last` that begins when so many minutes have passed since `last` ended."""
        if minutes <= 0:
            return last + 1
        return max(bisect_left(self._begins, self.slots[last][1] + timedelta(minutes=minutes)), last + 1)

    def _refuse_flaws(self) -> None:
        _refuse_twins("room", (room.code for room in self.rooms))
        _refuse_twins("meeting", (meeting.key for meeting in self.meetings))
        _refuse_twins("limit of", (limit.party for limit in self.limits))
        _refuse_twins("placement of", (one.meeting for one in self.published))
        if len(self.days) != len(self.slots):
            raise InputFlaw(f"there are {len(self.slots)} slots and {len(self.days)} days of slots")
        if list(self._begins) != sorted(set(self._begins)):
            raise InputFlaw("the slots do not follow one another")
        for meeting in self.meetings:
            _refuse_flaws(meeting, len(self.slots))
        for room in self.rooms:
            if any(slot not in range(len(self.slots)) for slot in room.slots):
                raise InputFlaw(f"room {room.code} is open in a slot that does not exist")
        for one in self.published:
            if one.meeting not in self.by_key:
                raise InputFlaw(f"meeting {one.meeting} has a place and does not exist")


def _fields(one: Meeting | OpenRoom | Limit) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _without_blanks(document: Mapping[str, object]) -> dict[str, object]:
    return {
        name: said
        for name, said in document.items()
        if said is not None and said is not False and said not in ((), [], {})
    }


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
