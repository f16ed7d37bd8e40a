"""What comes in and goes out at the secretariat's desk for the timetable."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from summit_chassis.answers import Answer, Body
from summit_contracts.scheduling import MoveReason, Placement, UnplacedReason
from summit_contracts.values import Instant, Interval, InviteeCode, Key, ShortText
from summit_scheduling.domain.fairness import Share
from summit_scheduling.domain.obstacles import Against
from summit_scheduling.domain.questioning import Circumstances
from summit_scheduling.domain.rulings import Absence, Closure, Duty, Pin, Rulings
from summit_scheduling.domain.solve import SolveKind
from summit_scheduling.domain.timetable import Difference
from summit_scheduling.domain.whynot import WhyNot


class ClosureBody(Body):
    """A room that is not to be used for a while."""

    room: Key
    interval: Interval


class AbsenceBody(Body):
    """Somebody who cannot be met for a while, e.g. because the delegation arrives late."""

    invitee: InviteeCode
    interval: Interval


class DutyBody(Body):
    """An obligation of the edition, e.g. a plenary, that is held at another time."""

    code: Key
    interval: Interval


class PinBody(Body):
    """A meeting that begins at this moment or is not held."""

    bilateral_id: Key
    start_at: Instant


class RulingsBody(Body):
    """These rulings, and no others."""

    closures: Annotated[tuple[ClosureBody, ...], Field(max_length=500)] = ()
    absences: Annotated[tuple[AbsenceBody, ...], Field(max_length=500)] = ()
    duties: Annotated[tuple[DutyBody, ...], Field(max_length=100)] = ()
    vetoes: Annotated[tuple[tuple[InviteeCode, InviteeCode], ...], Field(max_length=1000)] = ()
    """Pairs that are not to meet."""
    pins: Annotated[tuple[PinBody, ...], Field(max_length=1000)] = ()
    weights: Annotated[
        dict[Key, Annotated[int, Field(ge=1, le=10)]], Field(default_factory=dict, max_length=2000)
    ]
    """By bilateral, how many times its own weight it counts."""

    def rulings(self, edition_id: str) -> Rulings:
        """The rulings, each once and in order."""
        return Rulings(
            edition_id=edition_id,
            closures=tuple(Closure(one.room, one.interval) for one in self.closures),
            absences=tuple(Absence(one.invitee, one.interval) for one in self.absences),
            duties=tuple(Duty(one.code, one.interval) for one in self.duties),
            vetoes=tuple(sorted({(min(pair), max(pair)) for pair in self.vetoes})),
            pins=tuple(Pin(one.bilateral_id, one.start_at) for one in self.pins),
            weights={key: times for key, times in sorted(self.weights.items()) if times > 1},
        )


class RulingsAnswer(Answer):
    """What is ruled."""

    closures: list[ClosureBody]
    absences: list[AbsenceBody]
    duties: list[DutyBody]
    vetoes: list[tuple[str, str]]
    pins: list[PinBody]
    weights: dict[str, int]
    revision: int

    @classmethod
    def of(cls, rulings: Rulings) -> "RulingsAnswer":
        """The rulings."""
        return cls(
            closures=[ClosureBody(room=one.room, interval=one.interval) for one in rulings.closures],
            absences=[AbsenceBody(invitee=one.invitee, interval=one.interval) for one in rulings.absences],
            duties=[DutyBody(code=one.code, interval=one.interval) for one in rulings.duties],
            vetoes=list(rulings.vetoes),
            pins=[PinBody(bilateral_id=one.bilateral_id, start_at=one.start_at) for one in rulings.pins],
            weights=dict(rulings.weights),
            revision=rulings.revision,
        )


class WhatIfBody(Body):
    """What is to be tried, and how long it may be solved."""

    rulings: RulingsBody
    seconds: Annotated[int, Field(ge=1, le=600)] = 10
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    kind: SolveKind | None = None
    """None is a repair where a timetable holds, and else anew."""


class NameBody(Body):
    """What a version is called."""

    name: ShortText | None = None


class PlacedAnswer(Answer):
    """A meeting that has a place and had none."""

    bilateral_id: str
    to: Placement


class MovedAnswer(Answer):
    """A meeting that has another place than it had."""

    bilateral_id: str
    was: Placement
    to: Placement
    why: MoveReason


class UnplacedAnswer(Answer):
    """A meeting that has no place."""

    bilateral_id: str
    was: Placement | None
    why: UnplacedReason


class DifferenceAnswer(Answer):
    """What changes from one timetable to another: from where, to where, why."""

    placed: list[PlacedAnswer]
    moved: list[MovedAnswer]
    unplaced: list[UnplacedAnswer]
    kept: int
    gone: list[str]

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceAnswer":
        """The difference."""
        return cls(
            placed=[PlacedAnswer(bilateral_id=one.bilateral_id, to=one.to) for one in difference.placed],
            moved=[
                MovedAnswer(bilateral_id=one.bilateral_id, was=one.was, to=one.to, why=one.why)
                for one in difference.moved
            ],
            unplaced=[
                UnplacedAnswer(bilateral_id=one.bilateral_id, was=one.was, why=one.why)
                for one in difference.unplaced
            ],
            kept=len(difference.kept),
            gone=list(difference.gone),
        )


class ObstacleAnswer(Answer):
    """A rule that stands in the way, and whose or of what it is."""

    rule: Against
    subject: str


class WayAnswer(Answer):
    """A way out that the solver has found to work, all that is not named holding."""

    gives_way: list[ObstacleAnswer]
    """These rules; nothing where the meeting can be placed as it is, or is changed instead."""
    change: str | None
    """`substitute` or `smaller`: the meeting is held at a lower level, or with fewer people."""
    to: str | None
    """The level, or the number of people."""
    start_at: datetime
    end_at: datetime
    room: str | None
    """None where it takes one more room than there are."""
    moved: int
    """How many others move for it."""


class WhyNotAnswer(Answer):
    """Why a meeting has no place, and what would help."""

    blocking: list[ObstacleAnswer]
    """These rules alone keep it from one, and no fewer of them do; empty where nothing does."""
    ways: list[WayAnswer]
    is_certain: bool
    """Whether every question was settled in time; else a rule may be named that need not be."""

    @classmethod
    def of(cls, found: WhyNot, around: Circumstances, bilateral_id: str) -> "WhyNotAnswer":
        """The answer, in instants and rooms."""
        minutes = timedelta(minutes=around.agreed[bilateral_id].terms.minutes)
        ways = []
        for one in found.ways:
            start = around.grid.slots[one.place.slot].start_at
            ways.append(
                WayAnswer(
                    gives_way=[
                        ObstacleAnswer(rule=each.rule, subject=each.subject) for each in one.gives_way
                    ],
                    change=one.change,
                    to=one.to,
                    start_at=start,
                    end_at=start + minutes,
                    room=one.place.room if around.grid.room(one.place.room) else None,
                    moved=one.moved,
                )
            )
        blocking = [ObstacleAnswer(rule=one.rule, subject=one.subject) for one in found.blocking]
        return cls(blocking=blocking, ways=ways, is_certain=found.is_certain)


class ShareAnswer(Answer):
    """What the delegations of one class of demand got."""

    demand: str
    delegations: int
    wished: int
    agreed: int
    placed: int
    success: float | None
    """Placed of agreed, 0 to 1."""

    @classmethod
    def of(cls, share: Share) -> "ShareAnswer":
        """The share."""
        return cls(**{name: getattr(share, name) for name in cls.model_fields})


class VersionAnswer(Answer):
    """One timetable among others."""

    number: int
    name: str | None
    cause: str | None
    like: int | None
    published_at: datetime
    placed: int
    unplaced: int
