"""Facts that scheduling publishes: what became of each bilateral, and each numbered timetable.

A bilateral is born by registration's BilateralRequested, or here by BilateralArranged, and keeps its `bilateral_id` through
every fact. Nothing is held for it in any slot or room until a timetable places it (B4).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from summit_contracts.fact import Fact, Service, Stream
from summit_contracts.meetings import BilateralTerms, Priority
from summit_contracts.values import (
    Code,
    Instant,
    Interval,
    InviteeCode,
    Key,
    Language,
    LongText,
    ShortText,
    Value,
)

TimetableNumber = Annotated[int, Field(ge=1)]
"""Counts an edition's published timetables from 1, without a gap; the highest holds."""


class Placement(Value):
    """When and where a meeting is held."""

    start_at: Instant
    end_at: Instant
    """The last moment of the meeting itself; turn-round time comes after it."""
    on: date
    """The day in the edition's time zone."""
    room: Key
    """The room's code in the edition."""
    room_name: ShortText

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end_at <= self.start_at:
            raise ValueError("a meeting ends after it starts")
        return self


class DeclineReason(StrEnum):
    """Why a party does not wish to meet: the codes known today."""

    NO_TIME = "no_time"
    OTHER_LEVEL = "other_level"
    """It would meet at another level only."""
    OTHER_CHANNEL = "other_channel"
    """The matter is dealt with elsewhere."""
    NOT_STATED = "not_stated"


class CancelReason(StrEnum):
    """Why a meeting that was wished for or agreed is no longer to be held: the codes known today."""

    PARTY_WITHDREW = "party_withdrew"
    """One of the parties gave it up."""
    DELEGATION_WITHDREW = "delegation_withdrew"
    """The whole delegation of one of the parties does not come."""
    SECRETARIAT = "secretariat"
    """The secretariat cancelled it."""
    JOINED = "joined"
    """Both sides had asked for each other; the wish that came first stands for both."""
    NO_SHOW = "no_show"
    """A party did not come when the meeting was to begin."""
    RELEASED = "released"
    """The parties gave the place back, for others to use."""


class MoveReason(StrEnum):
    """Why a meeting could not, or was not to, stay where it was: the codes known today."""

    PARTY_UNAVAILABLE = "party_unavailable"
    """A party cannot be there at the former time any more, or not at the level agreed."""
    ROOM_UNAVAILABLE = "room_unavailable"
    """The former room is closed at that time, gone, or too small."""
    BETTER_PLAN = "better_plan"
    """It could have stayed, but then meetings of more weight would have had no place."""
    PINNED = "pinned"
    """The secretariat fixed it where it is now."""
    ROLLED_BACK = "rolled_back"
    """An earlier timetable was put back in force."""


class UnplacedReason(StrEnum):
    """Why an agreed meeting has no place in a timetable: the codes known today."""

    NO_COMMON_TIME = "no_common_time"
    """There is no slot on the days agreed in which every party can come at the level agreed."""
    NO_ROOM_LARGE_ENOUGH = "no_room_large_enough"
    """In no slot that suits the parties is a room open that seats the meeting."""
    NO_PLACE_LEFT = "no_place_left"
    """There are slots and rooms that would do; in this plan other meetings have them, or the parties are in other meetings."""
    NO_EQUIPMENT = "no_equipment"
    """No room that suits the parties has what the meeting needs."""
    VETOED = "vetoed"
    """The secretariat does not let these parties meet."""
    CAP_REACHED = "cap_reached"
    """A party may have no meeting at all under the fair-use cap."""


class PlanStatus(StrEnum):
    """What is known about how good a plan is."""

    OPTIMAL = "optimal"
    """No plan that holds as many of the pinned and frozen meetings places more weight: `objective` equals `bound`."""
    FEASIBLE = "feasible"
    """It breaks no rule; whether a better one that holds as many of those exists was not settled, but none exceeds `bound`."""


class Level(Value):
    """One of the things a timetable is best at, in order: each is settled before the next is looked at."""

    code: Code
    """E.g. `weight`, `moves`, `fairness`, `gaps`, `earliness`."""
    objective: int
    """What the plan reaches; whether more or less is better goes with the code."""
    bound: int
    """What no plan that is as good at the levels before can surpass; from `gaps` on, none that places the same meetings and, in
    a repair, leaves the same ones where they were.
    """
    is_proven: bool
    """Whether none of those plans is better at it: `objective` equals `bound`."""
    seconds: Annotated[float, Field(ge=0)] = 0.0


class TimetableCause(StrEnum):
    """How a timetable came about: the codes known today."""

    SOLVED = "solved"
    """From what is agreed, regardless of the timetable before."""
    REPAIRED = "repaired"
    """From the timetable before, with the fewest moves."""
    DESK = "desk"
    """A meeting was placed by hand, all others stay."""
    ROLLED_BACK = "rolled_back"
    """An earlier timetable holds again, as far as it can."""


class _SchedulingFact(Fact):
    OWNER: ClassVar[Service] = Service.SCHEDULING
    STREAM: ClassVar[Stream] = Stream.SCHEDULING


class _BilateralFact(_SchedulingFact):
    """The bilateral as it stands after this fact."""

    AGGREGATE: ClassVar[str] = "bilateral/{edition_id}/{bilateral_id}"

    bilateral_id: Key
    requester: InviteeCode
    """Who asked for it; of those who arranged it together, the one named first."""
    counterparts: Annotated[tuple[InviteeCode, ...], Field(min_length=1, max_length=9)]
    """Whom it asked; with the requester they are the parties."""
    priority: Priority
    """1 must, 2 should, 3 could; where both sides asked for each other, the stronger of the two wishes."""
    topic: ShortText
    """In the requester's words."""
    language: Language
    """The language the requester would speak, and the one `topic` is presumed to be written in."""
    terms: BilateralTerms
    """The terms that stand: the latest proposed, and once it is agreed, the ones agreed."""


class BilateralArranged(_BilateralFact):
    """All parties agreed in person, at the secretariat's desk, to meet on these terms (B23).

    Why: they walked up to the desk together, and the secretariat noted what they said. Published by: scheduling. Rely on: it is
    the first fact of this bilateral, and no BilateralRequested went before; nobody is awaited, so the meeting is agreed and may
    be placed. Not promised: a time, a room; that any of them had wished for it in a form.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_arranged.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_arranged.v1.{bilateral_id}"

    arranged_at: Instant


class BilateralAccepted(_BilateralFact):
    """A party said yes to the terms that stand.

    Why: its nominator accepted the request or the latest counter-proposal; or it had asked for the same meeting itself, and
    the two wishes fit. Published by: scheduling. Rely on: `by` was awaited; the meeting is agreed when nobody is awaited any
    more, and only then is it placed; where two wishes were joined, `terms` is what suits both. Not promised: a time, a room.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_accepted.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_accepted.v1.{bilateral_id}"

    by: InviteeCode
    awaiting: Annotated[tuple[InviteeCode, ...], Field(max_length=9)] = ()
    """Who is still to answer; empty when the meeting is agreed."""
    answered_at: Instant


class BilateralDeclined(_BilateralFact):
    """A party said no, and the meeting will not be held.

    Why: its nominator declined the request or the latest counter-proposal (B2). Published by: scheduling. Rely on: it is the
    last fact of this bilateral, also where other parties had accepted. Not promised: a reason other than the code; that the
    requester does not ask again under another `bilateral_id`.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_declined.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_declined.v1.{bilateral_id}"

    by: InviteeCode
    reason: Code
    """From `DeclineReason`; a later publisher may know more."""
    note: LongText | None = None
    """In the decliner's words, for the other parties and the secretariat; public as the fact is, and not confidential."""
    answered_at: Instant


class BilateralCountered(_BilateralFact):
    """A party answered with other terms (B3).

    Why: its nominator made a counter-proposal when it was its turn to answer. Published by: scheduling. Rely on: `terms` are
    the ones proposed and replace all earlier ones; every earlier acceptance is void; all other parties are `awaiting`.
    Not promised: that the proposal is possible for those who are to answer.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_countered.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_countered.v1.{bilateral_id}"

    by: InviteeCode
    round: Annotated[int, Field(ge=1)]
    """Counts the counter-proposals of this bilateral from 1."""
    awaiting: Annotated[tuple[InviteeCode, ...], Field(min_length=1, max_length=9)]
    """Who is to answer: all parties but `by`."""
    note: LongText | None = None
    """In the proposer's words, for the other parties and the secretariat; public as the fact is, and not confidential."""
    countered_at: Instant


class BilateralCancelled(_BilateralFact):
    """A meeting that was wished for, agreed or placed will not be held.

    Why: see `reason`. Published by: scheduling. Rely on: it is the last fact of this bilateral; whatever calendar entry there
    was is void; its place is free from now on. Not promised: that somebody else gets the place before the next timetable.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_cancelled.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_cancelled.v1.{bilateral_id}"

    by: InviteeCode | None = None
    """The party it goes back to; none where it goes back to the secretariat."""
    reason: Code
    """From `CancelReason`; a later publisher may know more."""
    joined_with: Key | None = None
    """For `joined`: the bilateral that goes on."""
    note: LongText | None = None
    """In the words of who gave it up; public as the fact is, and not confidential."""
    was: Placement | None = None
    """The place it had; none where it had none."""
    cancelled_at: Instant


class MovedObligation(Value):
    """An obligation of the edition that is held at another time than the edition says."""

    code: Key
    """What the edition calls it."""
    interval: Interval
    """When it is held."""


class TimetablePublished(_SchedulingFact):
    """A timetable of all bilaterals holds from now on, and it says how good it is (B9).

    Why: the secretariat had it solved and published it. Published by: scheduling, in one transaction with a
    BilateralScheduled, BilateralMoved or BilateralUnplaced for each bilateral that it changes. Rely on: the highest number
    holds; the plan breaks no hard rule; no plan for the same input that holds as many of its pinned and frozen meetings has an
    objective above `bound`. Not promised: the order of those facts; that a later timetable keeps what this one placed.
    """

    TYPE: ClassVar[str] = "summit.scheduling.timetable_published.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.timetable_published.v1.timetable"
    AGGREGATE: ClassVar[str] = "timetable/{edition_id}"

    number: TimetableNumber
    published_at: Instant
    status: PlanStatus
    objective: Annotated[int, Field(ge=0)]
    """The summed weight of the meetings placed: 16 for a must, 4 for a should, 1 for a could."""
    bound: Annotated[int, Field(ge=0)]
    """What no plan that holds as many of the pinned and frozen meetings can exceed, rounded down to a whole weight."""
    solver: Code
    """The method, e.g. `lp_then_highs`."""
    solver_version: ShortText
    seed: Annotated[int, Field(ge=0)]
    input_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the canonical JSON of the input: equal hashes are equal problems."""
    seconds: Annotated[float, Field(ge=0)]
    """Wall-clock time of the solve."""
    agreed: Annotated[int, Field(ge=0)]
    """Meetings that were to be placed."""
    at_most: Annotated[int, Field(ge=0)]
    """How many of them any plan could place at most, by counting slots, rooms and parties; often fewer can."""
    placed: Annotated[int, Field(ge=0)]
    """Meetings that have a place, moved ones and unchanged ones included."""
    newly_placed: Annotated[int, Field(ge=0)]
    """Meetings that had no place in the timetable before."""
    moved: Annotated[int, Field(ge=0)]
    """Meetings that have another place than in the timetable before."""
    unplaced: Annotated[int, Field(ge=0)]
    """Meetings that have no place."""
    told: Annotated[int, Field(ge=0)] | None = None
    """How many facts about single bilaterals came about with it: whoever has heard so many of this number has heard all of them."""
    name: ShortText | None = None
    """What the secretariat calls this version."""
    cause: Code | None = None
    """From `TimetableCause`; a later publisher may know more."""
    like: TimetableNumber | None = None
    """For `rolled_back`: the number of the timetable that was put back in force."""
    levels: Annotated[tuple[Level, ...], Field(max_length=20)] = ()
    """What it is best at, in order, each with its proof; `objective` and `bound` are those of `weight`."""
    obligations: Annotated[tuple[MovedObligation, ...], Field(max_length=100)] = ()
    """Those of the edition that are moved, as the secretariat ruled; the meetings of this timetable keep clear of them there."""


class BilateralScheduled(_BilateralFact):
    """An agreed meeting has a time and a room.

    Why: a timetable placed it that had no place before. Published by: scheduling, with its TimetablePublished. Rely on: every
    party can come then, at the level agreed, and is in no other meeting; the room seats `size`. It holds until
    BilateralMoved, BilateralUnplaced or BilateralCancelled. Not promised: interpretation or equipment in the room.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_scheduled.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_scheduled.v1.{bilateral_id}"

    timetable: TimetableNumber
    placement: Placement


class BilateralMoved(_BilateralFact):
    """A meeting that had a time and a room has another time, another room, or both.

    Why: see `why`; a later timetable placed it elsewhere. Published by: scheduling, with its TimetablePublished. Rely on:
    `moved_from` is what the last fact about this bilateral said; `moved_to` holds as after BilateralScheduled.
    Not promised: that the parties were asked.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_moved.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_moved.v1.{bilateral_id}"

    timetable: TimetableNumber
    moved_from: Placement
    moved_to: Placement
    why: Code
    """From `MoveReason`; a later publisher may know more."""


class BilateralUnplaced(_BilateralFact):
    """An agreed meeting has no place in the timetable, or none any more.

    Why: see `why`. Published by: scheduling, with its TimetablePublished; once, also if later timetables have no place for it
    either, unless the reason changes. Rely on: the bilateral stays agreed and each later timetable tries again.
    Not promised: which other meetings stand against it.
    """

    TYPE: ClassVar[str] = "summit.scheduling.bilateral_unplaced.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.scheduling.bilateral_unplaced.v1.{bilateral_id}"

    timetable: TimetableNumber
    why: Code
    """From `UnplacedReason`; a later publisher may know more."""
    was: Placement | None = None
    """The place it had; none where it had none."""


FACTS: tuple[type[Fact], ...] = (
    BilateralArranged,
    BilateralAccepted,
    BilateralDeclined,
    BilateralCountered,
    BilateralCancelled,
    TimetablePublished,
    BilateralScheduled,
    BilateralMoved,
    BilateralUnplaced,
)
