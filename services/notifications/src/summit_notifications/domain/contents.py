"""What a letter says, in no language: codes, instants and other people's words. Kept as JSON until the letter has left."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from summit_contracts.meetings import BilateralTerms
from summit_contracts.notifications import LetterEnding
from summit_contracts.promises import DeliveryReport, PledgeState, Promise
from summit_contracts.registration import DelegationState, MemberSummary, RefusalReason, Step
from summit_contracts.scheduling import Placement
from summit_contracts.values import (
    Code,
    FieldChange,
    Function,
    Instant,
    InviteeCode,
    Key,
    Language,
    LongText,
    Rank,
    ShortText,
    Value,
)
from summit_notifications.domain.calendar import CalendarEntry


class Content(Value):
    """What stands in one letter, besides who it is to and from."""

    IS_SECRET: ClassVar[bool] = False
    """Whether it opens a door, and so must be forgotten once the letter has left or lapsed."""

    calendar: tuple[CalendarEntry, ...] = ()
    """Meetings that go along as calendar objects."""


class Invitation(Content):
    """Who may send how many people, until when, and the link to do it with."""

    IS_SECRET = True

    quota: int
    nominate_by_at: Instant
    confirm_by_at: Instant
    secret: str
    expires_at: Instant


class SignInCode(Content):
    """The second key, besides the link."""

    IS_SECRET = True

    secret: str
    expires_at: Instant


class Regret(Content):
    """An invitation was declined."""

    reason: LongText | None = None


class Extension(Content):
    """More time for one step."""

    step: Step
    until_at: Instant
    reason: LongText


class Standing(Content):
    """How a delegation stands, and what it still has to do."""

    state: DelegationState
    members: tuple[MemberSummary, ...]
    confirm_by_at: Instant
    wishes_by_at: Instant | None = None
    """None where it has passed."""
    changes: tuple[FieldChange, ...] = ()

    @property
    def pending(self) -> int:
        """How many members are still to be accredited."""
        return sum(member.accreditation == "pending" for member in self.members)

    def member(self, member_id: str) -> MemberSummary | None:
        """The member of this id; none where it is not in the delegation any more."""
        return next((one for one in self.members if one.member_id == member_id), None)


class Withdrawal(Content):
    """A delegation does not come."""

    reason: LongText | None = None


class Admission(Content):
    """Whether one person may enter."""

    function: Function | None = None
    rank: Rank | None = None
    refusal: RefusalReason | None = None


class Bilateral(Content):
    """A meeting, and what one side has said about it."""

    bilateral_id: Key
    requester: InviteeCode
    counterparts: tuple[InviteeCode, ...]
    topic: ShortText
    language: Language
    level: Rank
    size: int
    days: tuple[date, ...]
    starts_at: tuple[Instant, ...] = ()
    minutes: int | None = None
    needs: tuple[Code, ...] = ()
    by: InviteeCode | None = None
    """Who has said it; none for the secretariat."""
    awaiting: tuple[InviteeCode, ...] = ()
    reason: Code | None = None
    note: LongText | None = None
    joined_with: Key | None = None
    was: Placement | None = None

    @property
    def parties(self) -> tuple[InviteeCode, ...]:
        """Everybody who is to meet, the requester first."""
        return (self.requester, *self.counterparts)

    @classmethod
    def terms_of(cls, terms: BilateralTerms) -> dict[str, object]:
        """The fields that the terms of a meeting fill."""
        told = ("level", "minutes", "size", "days", "starts_at", "needs")
        return {name: getattr(terms, name) for name in told}


class TimetableChange(Value):
    """What one timetable did to one meeting."""

    kind: Literal["scheduled", "moved", "unplaced"]
    bilateral_id: Key
    parties: Annotated[tuple[InviteeCode, ...], Field(min_length=2)]
    topic: ShortText
    placement: Placement | None = None
    """Where it is now; none where it has no place."""
    was: Placement | None = None
    why: Code | None = None


class Timetable(Content):
    """All that one timetable changed for one delegation."""

    number: int
    changes: Annotated[tuple[TimetableChange, ...], Field(min_length=1)]

    def of_kind(self, kind: str) -> tuple[TimetableChange, ...]:
        """The changes of one kind, in order of time."""
        chosen = [change for change in self.changes if change.kind == kind]
        return tuple(sorted(chosen, key=lambda change: (_begins(change), change.bilateral_id)))


class Pledge(Content):
    """A pledge as it stands, and what has just become of it."""

    pledge_id: Key
    state: PledgeState
    promise: Promise
    made_at: Instant
    asks: tuple[Code, ...] = ()
    is_by_secretariat: bool = False
    report: DeliveryReport | None = None
    reason: LongText | None = None


class Compact(Content):
    """Where an invitee stands towards a text."""

    compact: Code
    on: date
    text_version: ShortText | None = None
    instrument: Code | None = None
    reservation: LongText | None = None
    reason: LongText | None = None


class Undelivered(Content):
    """Another letter did not arrive."""

    letter_id: Key
    ending: LetterEnding


def _begins(change: TimetableChange) -> str:
    place = change.placement or change.was
    return place.start_at.isoformat() if place else ""
