"""What comes in and goes out where the desk gives places by hand."""

from typing import Literal

from summit_chassis.answers import Answer, Body
from summit_contracts.meetings import Priority
from summit_contracts.values import Instant, InviteeCode, Key, Language, ShortText
from summit_scheduling.domain.walkin import WalkIn
from summit_scheduling.http.schemas import BilateralAnswer


class BookingBody(Body):
    """Where an agreed meeting is to be held."""

    bilateral_id: Key
    start_at: Instant
    room: Key


class ReleaseBody(Body):
    """Why a place is free."""

    reason: Literal["no_show", "released"]
    invitee: InviteeCode | None = None
    """Who did not come; none where the place is given back."""


class WalkInBody(WalkIn, Body):
    """What parties who stand at the desk arrange, and where they meet; unless other days are named, on that day alone."""

    topic: ShortText
    language: Language | None = None
    """The one that the first party would speak; none is the one that it is written to in."""
    priority: Priority = 1
    """1 must, 2 should, 3 could, for when a later timetable weighs it; a must, since they were promised the place in person."""
    start_at: Instant
    room: Key


class ReleasedAnswer(Answer):
    """The meeting that ended, and who could have its place."""

    bilateral: BilateralAnswer
    offers: list[BilateralAnswer]
    """The most important first; book the place for one of them at the desk."""
