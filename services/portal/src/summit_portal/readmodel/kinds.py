"""The kinds of records that pages are made of. Each is what facts said last about one thing, and nothing else.

A field is written by the facts of one stream only, because nothing is promised about the order between streams: so the
same facts always end in the same records. A new kind is a class here and its facts in `readmodel/hearing.py`; no migration.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from summit_contracts.explained import Explained
from summit_contracts.meetings import BilateralTerms
from summit_contracts.notifications import LetterFailed, LetterSent
from summit_contracts.pledges import NeedPublished
from summit_contracts.promises import DeliveryReport, HeldBack, PledgeState, Promise, Side
from summit_contracts.registration import BilateralRequested, DelegationState, MemberSummary, Step
from summit_contracts.scheduling import Placement, TimetablePublished
from summit_contracts.values import InviteeKind, Language


class Record(Explained):
    """What is known about one thing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    KIND: ClassVar[str]
    """What its rows are called."""


class Participation(Record):
    """Whether an invitee comes, and with whom. Its key is the invitee."""

    KIND: ClassVar[str] = "participation"

    invitee: str
    kind: InviteeKind | None = None
    language: Language | None = None
    quota: int | None = None
    nominate_by_at: datetime | None = None
    confirm_by_at: datetime | None = None
    has_declined: bool = False
    state: DelegationState | None = None
    """None while no delegation was registered."""
    members: tuple[MemberSummary, ...] = ()
    extensions: Mapping[Step, datetime] = {}

    @property
    def comes(self) -> bool:
        """Whether a delegation is registered and not withdrawn."""
        return self.state in (DelegationState.NOMINATED, DelegationState.CONFIRMED)


class Progress(BaseModel):
    """How far scheduling has brought a bilateral."""

    model_config = ConfigDict(frozen=True)

    state: Literal["awaiting", "agreed", "declined", "cancelled", "scheduled", "unplaced"]
    priority: int
    topic: str
    language: Language
    terms: BilateralTerms
    awaiting: tuple[str, ...] = ()
    by: str | None = None
    """Who said the last word; none for the secretariat and the timetable."""
    reason: str | None = None
    """A code; of a refusal, a cancellation, or of what stood against a place."""
    note: str | None = None
    timetable: int | None = None
    placement: Placement | None = None
    said_at: datetime


class Meeting(Record):
    """A bilateral, from the wish or the arrangement on. Its key is the bilateral's id."""

    KIND: ClassVar[str] = "meeting"

    bilateral_id: str
    requester: str
    counterparts: tuple[str, ...]
    wish: BilateralRequested | None = None
    """As registration heard it; none while only scheduling has spoken, and for what was arranged at the desk."""
    progress: Progress | None = None
    """None while scheduling has said nothing."""

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody in the meeting, the requester first."""
        return (self.requester, *self.counterparts)


class Timetable(Record):
    """A published timetable. Its key is its number."""

    KIND: ClassVar[str] = "timetable"

    published: TimetablePublished


class PublishedNeed(Record):
    """What UN Police requires. Its key is the need's id."""

    KIND: ClassVar[str] = "need"

    published: NeedPublished


class PublicPledge(Record):
    """What was promised, as far as it is public. Its key is the pledge's id."""

    KIND: ClassVar[str] = "pledge"

    pledge_id: str
    pledger: str
    revision: int
    state: PledgeState
    made_at: datetime
    recorded_by: Side
    promise: Promise
    held_back: tuple[HeldBack, ...] = ()
    asks: tuple[str, ...] = ()
    """What the secretariat asked for when it returned it last."""
    self_report: DeliveryReport | None = None
    evidence: DeliveryReport | None = None
    said_at: datetime


class Adherence(Record):
    """How an invitee stands to a compact. Its key is `<compact>/<adherent>`."""

    KIND: ClassVar[str] = "adherence"

    compact: str
    adherent: str
    state: Literal["intended", "adhered", "withdrawn"]
    on: date
    text_version: str | None = None
    instrument: str | None = None
    reservation: str | None = None
    reservation_language: Language | None = None


class KnownLetter(Record):
    """Whether a letter left. Its key is the letter's id."""

    KIND: ClassVar[str] = "letter"

    sent: LetterSent | None = None
    failed: LetterFailed | None = None
    """None where it left after all."""
    said_at: datetime
