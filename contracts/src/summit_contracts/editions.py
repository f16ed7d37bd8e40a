"""One summit as data: what an edition file says and EditionPublished carries."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from summit_contracts.values import (
    Code,
    EditionId,
    Instant,
    Interval,
    InviteeCode,
    InviteeKind,
    Key,
    Language,
    ShortText,
    Value,
)


class DayPurpose(StrEnum):
    """What a day of the summit is reserved for."""

    PLENARY = "plenary"
    BILATERALS = "bilaterals"
    SIDE_EVENTS = "side_events"


class Day(Value):
    """One day of the summit, in the edition's own time zone."""

    on: date
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
    days: Annotated[tuple[date, ...], Field(min_length=1)]
    equipment: tuple[Code, ...] = ()
    """What the room has: `interpretation`, `flags`, `webcast`."""


class Slots(Value):
    """How a day is cut into meetings."""

    minutes: Annotated[int, Field(ge=5, le=240)]
    gap_minutes: Annotated[int, Field(ge=0, le=120)]
    """Turn-round time between two meetings in one room."""


class Deadlines(Value):
    """The moments after which a step needs a secretariat's override."""

    nominate_by_at: Instant
    confirm_by_at: Instant
    wishes_by_at: Instant
    pledges_by_at: Instant

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
    time_zone: Annotated[str, Field(examples=["America/New_York"])]
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

    def invitee(self, code: str) -> EditionInvitee | None:
        """Whoever has this code, or none where nobody of that code is invited."""
        return next((one for one in self.invitees if one.code == code), None)

    def quota_of(self, invitee: EditionInvitee) -> int:
        """How many people this invitee may send, head included; its own line goes before its kind's; 0 without a line."""
        own = next((line.members for line in self.quotas if line.invitee == invitee.code), None)
        return (
            own
            if own is not None
            else next((line.members for line in self.quotas if line.kind == invitee.kind), 0)
        )

    def bilateral_days(self) -> tuple[date, ...]:
        """The days on which bilaterals may be held."""
        return tuple(day.on for day in self.days if DayPurpose.BILATERALS in day.purposes)
