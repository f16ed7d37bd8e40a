"""One summit as data: what an edition file says and EditionPublished carries."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from summit_contracts.values import (
    Code,
    EditionId,
    Instant,
    Interval,
    InviteeCode,
    InviteeKind,
    Key,
    Language,
    Rank,
    ShortText,
    TimeZone,
    Value,
)

Dated = TypeVar("Dated", date, datetime)

YEARS_OF_SUMMITS = range(1945, 2201)
"""A summit of the United Nations is in none before; after these, a moment has no place in the calendar of every time zone."""


def in_a_year_of_summits(day: Dated) -> Dated:
    """The day or moment itself.

    Raises:
        ValueError: no summit is in that year.
    """
    if day.year not in YEARS_OF_SUMMITS:
        first, last = YEARS_OF_SUMMITS[0], YEARS_OF_SUMMITS[-1]
        raise ValueError(f"a summit is in a year from {first} to {last}, not in {day.year}")
    return day


SummitDay = Annotated[date, AfterValidator(in_a_year_of_summits)]
"""A day in a year that a summit may be in: 1945 to 2200."""
SummitInstant = Annotated[Instant, AfterValidator(in_a_year_of_summits)]
"""A moment, in UTC, in a year that a summit may be in: 1945 to 2200."""


class DayPurpose(StrEnum):
    """What a day of the summit is reserved for."""

    PLENARY = "plenary"
    BILATERALS = "bilaterals"
    SIDE_EVENTS = "side_events"


class Day(Value):
    """One day of the summit, in the edition's own time zone."""

    on: SummitDay
    purposes: Annotated[tuple[DayPurpose, ...], Field(min_length=1)]
    opens: time
    """Local wall-clock time at which the day's first slot begins."""
    closes: time
    """Local wall-clock time by which the day's last slot has ended."""
    pauses: tuple["Pause", ...] = ()
    """Stretches without meetings, e.g. lunch; local wall-clock time."""


class Pause(Value):
    """A stretch of a day in which nothing is scheduled."""

    start: time
    end: time
    title: ShortText | None = None


class Room(Value):
    """A room that is reserved for bilaterals on some of the days."""

    code: Key
    name: ShortText
    seats: Annotated[int, Field(ge=2, le=2000)]
    """Seats at the table and behind it, for all parties together."""
    days: Annotated[tuple[SummitDay, ...], Field(min_length=1)]
    equipment: tuple[Code, ...] = ()
    """What the room has: `interpretation`, `flags`, `webcast`."""
    turn_round_minutes: Annotated[int, Field(ge=0, le=240)] | None = None
    """Turn-round time of its own after each meeting; none means the edition's `slots.gap_minutes`."""


class Resource(Value):
    """Something movable that meetings share, counted: a meeting that needs it takes one, in a room equipped for it."""

    code: Code
    """What rooms name as equipment and meetings as a need: `interpretation`, `flags`, `nameplates`, `webcast`."""
    count: Annotated[int, Field(ge=0, le=1000)]
    """How many there are at a time: interpreter teams, sets of flags."""
    title: ShortText | None = None


class TurnRound(Value):
    """The time that the parties of a meeting at this level, or a higher one, have free after it before they meet again."""

    level: Rank
    minutes: Annotated[int, Field(ge=0, le=240)]


class Cap(Value):
    """Fair use for one invitee, for a kind of invitee, or for everybody; the narrowest line that says a figure holds (B15)."""

    kind: InviteeKind | None = None
    invitee: InviteeCode | None = None
    wishes: Annotated[int, Field(ge=0, le=200)] | None = None
    """Bilaterals it may ask for; none leaves it to the wider line, in the end to `wishes_per_delegation`."""
    meetings: Annotated[int, Field(ge=0, le=500)] | None = None
    """Meetings that a timetable places for it at most, the whole summit long."""
    meetings_per_day: Annotated[int, Field(ge=0, le=100)] | None = None
    moves: Annotated[int, Field(ge=0, le=100)] | None = None
    """Meetings of its that one repair of a published timetable may move."""

    @model_validator(mode="after")
    def _not_for_a_kind_and_an_invitee(self) -> Self:
        if self.kind is not None and self.invitee is not None:
            raise ValueError(
                "a cap is for a kind, for an invitee or for everybody, not for both of the first"
            )
        return self


class Calendar(Value):
    """The hours in which somebody can be met at all, e.g. a principal whose office opens its calendar to bilaterals."""

    invitee: InviteeCode
    open: Annotated[tuple[Interval, ...], Field(min_length=1, max_length=100)]


class Slots(Value):
    """How a day is cut into meetings."""

    minutes: Annotated[int, Field(ge=5, le=240)]
    gap_minutes: Annotated[int, Field(ge=0, le=120)]
    """Turn-round time between two meetings in one room."""


class Deadlines(Value):
    """The moments after which a step needs a secretariat's override."""

    nominate_by_at: SummitInstant
    confirm_by_at: SummitInstant
    wishes_by_at: SummitInstant
    pledges_by_at: SummitInstant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.confirm_by_at < self.nominate_by_at:
            raise ValueError("confirm_by_at lies before nominate_by_at")
        return self


class Quota(Value):
    """How many people one kind of invitee may send; an invitee's own line goes before its kind's."""

    kind: InviteeKind | None = None
    invitee: InviteeCode | None = None
    members: Annotated[int, Field(ge=1, le=500)]
    """Head included."""

    @model_validator(mode="after")
    def _for_a_kind_or_an_invitee(self) -> Self:
        if (self.kind is None) == (self.invitee is None):
            raise ValueError("a quota is for a kind or for an invitee, not both or neither")
        return self


class Obligation(Value):
    """A stretch for which everybody (or the named) is expected elsewhere: no bilateral is placed over it."""

    title: ShortText
    interval: Interval
    invitees: tuple[InviteeCode, ...] = ()
    """Whom it binds; empty means everybody."""
    code: Key | None = None
    """What it is called where it is spoken of alone, e.g. in a what-if that moves it."""
    purpose: Code | None = None
    """What it is: `plenary`, `side_event`, `speaking_slot`, `reception`; others may follow."""


class EditionInvitee(Value):
    """Somebody who is invited, and the language the invitation is written in."""

    code: InviteeCode
    kind: InviteeKind
    language: Language


class Edition(Value):
    """One summit as data. Days and rooms are as the organiser reserved them; instants are UTC, wall-clock times local."""

    edition_id: EditionId
    title: ShortText
    place: ShortText
    time_zone: TimeZone
    """An IANA name; every wall-clock time of the edition is read in it."""
    days: Annotated[tuple[Day, ...], Field(min_length=1)]
    rooms: tuple[Room, ...]
    slots: Slots
    deadlines: Deadlines
    quotas: Annotated[tuple[Quota, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    fallback_language: Language
    invitees: Annotated[tuple[EditionInvitee, ...], Field(min_length=1)]
    obligations: tuple[Obligation, ...] = ()
    wishes_per_delegation: Annotated[int, Field(ge=0, le=200)] = 20
    """Fair use: how many bilaterals one delegation may ask for, shown before it asks (B15)."""
    resources: tuple[Resource, ...] = ()
    """What is counted; equipment that is not listed is never short."""
    turn_round: tuple[TurnRound, ...] = ()
    """By level, the highest first; none means that a slot's gap is enough."""
    caps: tuple[Cap, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    """Who is not listed can be met whenever a slot is open."""
    freeze_minutes: Annotated[int, Field(ge=0, le=20160)] = 0
    """A meeting that begins within so many minutes from now keeps its place in every later timetable."""

    def invitee(self, code: str) -> EditionInvitee | None:
        """Whoever has this code, or none where nobody of that code is invited."""
        return self._invitee_by_code.get(code)

    @cached_property
    def _invitee_by_code(self) -> dict[str, EditionInvitee]:
        return {one.code: one for one in self.invitees}

    def quota_of(self, invitee: EditionInvitee) -> int:
        """How many people this invitee may send, head included; its own line goes before its kind's; 0 without a line."""
        own = next((line.members for line in self.quotas if line.invitee == invitee.code), None)
        return (
            own
            if own is not None
            else next((line.members for line in self.quotas if line.kind == invitee.kind), 0)
        )

    def cap_of(self, invitee: EditionInvitee) -> Cap:
        """What holds for this invitee: each figure from its own line, else from its kind's, else from everybody's."""
        own = [line for line in self.caps if line.invitee == invitee.code]
        kind = [line for line in self.caps if line.kind == invitee.kind]
        everybody = [line for line in self.caps if line.invitee is None and line.kind is None]
        lines = (*own, *kind, *everybody)
        found = {
            figure: next((value for line in lines if (value := getattr(line, figure)) is not None), None)
            for figure in ("wishes", "meetings", "meetings_per_day", "moves")
        }
        wishes = found["wishes"] if found["wishes"] is not None else self.wishes_per_delegation
        return Cap(invitee=invitee.code, **(found | {"wishes": wishes}))

    def bilateral_days(self) -> tuple[date, ...]:
        """The days on which bilaterals may be held."""
        return tuple(day.on for day in self.days if DayPurpose.BILATERALS in day.purposes)

    def slot_starts(self) -> Iterator[tuple[date, datetime]]:
        """The moments (UTC) at which the slots of bilaterals begin, each with its day, in order of time.

        A slot that would touch a pause begins when the pause has ended; a slot that would end after the day closes does not
        exist. Wall-clock times are read in the edition's zone, lengths are counted in real minutes.
        """
        for day in sorted(self.days, key=lambda day: day.on):
            if DayPurpose.BILATERALS in day.purposes:
                yield from ((day.on, start) for start in self._starts_on(day))

    def _starts_on(self, day: Day) -> Iterator[datetime]:
        length, gap = timedelta(minutes=self.slots.minutes), timedelta(minutes=self.slots.gap_minutes)
        closes = self._instant(day.on, day.closes)
        pauses = sorted(
            (self._instant(day.on, pause.start), self._instant(day.on, pause.end)) for pause in day.pauses
        )
        start = self._instant(day.on, day.opens)
        while start + length <= closes:
            in_the_way = next(
                (ends for begins, ends in pauses if begins < start + length and start < ends), None
            )
            if in_the_way is None:
                yield start
                start += length + gap
            else:
                start = in_the_way

    def _instant(self, on: date, at: time) -> datetime:
        return datetime.combine(on, at, tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)

    @property
    def first_day(self) -> date:
        """Its first day, in its own time zone."""
        return min(day.on for day in self.days)

    @property
    def last_day(self) -> date:
        """Its last day, in its own time zone."""
        return max(day.on for day in self.days)
