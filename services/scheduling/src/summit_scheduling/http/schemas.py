"""What comes in and goes out over HTTP, besides the domain's own values."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from summit_chassis.answers import Answer, Body
from summit_contracts.meetings import BilateralTerms, Days, Minutes, Size, Starts
from summit_contracts.scheduling import DeclineReason, Placement, PlanStatus, UnplacedReason
from summit_contracts.values import Interval, InviteeCode, Language, LongText, Rank
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.plan import Certificate
from summit_scheduling.domain.ports import Census
from summit_scheduling.domain.progress import PLACEABLE, Status
from summit_scheduling.domain.solve import Solve, SolveKind, SolveState
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.state_availability import BlockedStretch


class AcceptBody(Body):
    """Yes."""

    invitee: InviteeCode
    """Whose answer it is."""


class DeclineBody(AcceptBody):
    """No."""

    reason: DeclineReason = DeclineReason.NOT_STATED
    note: LongText | None = None


class CounterBody(AcceptBody):
    """Yes, but: what is left out stays as it stands."""

    level: Rank | None = None
    minutes: Minutes | None = None
    size: Size | None = None
    days: Annotated[Days, Field(min_length=1)] | None = None
    starts_at: Starts | None = None
    note: LongText | None = None


class CancelBody(Body):
    """It is not to be held after all."""

    invitee: InviteeCode | None = None
    """Who gives it up; none means the nominator's own invitee, or the secretariat."""
    note: LongText | None = None


class AvailabilityBody(Body):
    """When a delegation, or somebody of it, cannot be met."""

    blocked: Annotated[tuple[BlockedStretch, ...], Field(max_length=100)] = ()


class SolveBody(Body):
    """How a timetable is to be solved."""

    seconds: Annotated[int, Field(ge=1, le=600)] = 30
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    kind: SolveKind | None = None
    """None is a repair where a timetable holds, and else anew."""


class ProposalAnswer(Answer):
    """One turn of the thread."""

    by: str
    terms: BilateralTerms
    made_at: datetime
    note: str | None


class BilateralAnswer(Answer):
    """A bilateral as its parties and the secretariat see it."""

    bilateral_id: str
    requester: str
    counterparts: tuple[str, ...]
    priority: int
    topic: str
    language: Language
    status: Status
    awaiting: tuple[str, ...]
    """Who is to answer."""
    terms: BilateralTerms
    thread: list[ProposalAnswer]
    placement: Placement | None
    unplaced_why: str | None
    revision: int

    @classmethod
    def of(cls, bilateral: Bilateral) -> "BilateralAnswer":
        """The whole bilateral."""
        named = {name: getattr(bilateral, name) for name in cls.model_fields if name != "thread"}
        thread = [
            ProposalAnswer(by=one.by, terms=one.terms, made_at=one.made_at, note=one.note)
            for one in bilateral.thread
        ]
        return cls(thread=thread, **named)


class RepresentativeAnswer(Answer):
    """Somebody who can sit for a delegation, without a name."""

    member_id: str
    rank: Rank
    is_head: bool
    arrives_on: date | None
    leaves_on: date | None


class BlockedAnswer(Answer):
    """A blocked stretch."""

    interval: Interval
    member_id: str | None


class AvailabilityAnswer(Answer):
    """When and by whom a delegation can be met, as far as is known."""

    invitee: str
    representatives: list[RepresentativeAnswer] | None
    """None while nobody knows who comes."""
    blocked: list[BlockedAnswer]
    revision: int

    @classmethod
    def of(cls, availability: Availability) -> "AvailabilityAnswer":
        """The availability."""
        sitting = availability.representatives
        return cls(
            invitee=availability.code,
            representatives=None
            if sitting is None
            else [
                RepresentativeAnswer(
                    member_id=one.member_id,
                    rank=one.rank,
                    is_head=one.is_head,
                    arrives_on=one.arrives_on,
                    leaves_on=one.leaves_on,
                )
                for one in sitting
            ],
            blocked=[
                BlockedAnswer(interval=one.interval, member_id=one.member_id) for one in availability.blocked
            ],
            revision=availability.revision,
        )


class LevelAnswer(Answer):
    """How good a plan is at one thing, among the plans as good at the things before.

    From `gaps` on, among those with the same meetings and, in a repair, the same ones where they were.
    """

    code: str
    objective: int
    bound: int
    gap: float
    """How far the bound is from the objective, as a share of the larger of the two; 0 where no plan is better at it."""
    seconds: float


class CertificateAnswer(Answer):
    """How good a plan is, for which input, and who says so."""

    status: PlanStatus
    objective: int
    bound: int
    gap: float
    """(bound - objective) / bound; 0 where no plan that holds as many of the pinned and frozen meetings places more weight."""
    solver: str
    solver_version: str
    seed: int
    seconds: float
    input_hash: str
    levels: list[LevelAnswer]
    """What it is best at, in order."""

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateAnswer":
        """The certificate with its gaps."""
        named = {
            name: getattr(certificate, name) for name in cls.model_fields if name not in ("gap", "levels")
        }
        levels = [
            LevelAnswer(
                code=one.code,
                objective=one.objective,
                bound=one.bound,
                gap=_gap(one.objective, one.bound),
                seconds=one.seconds,
            )
            for one in certificate.levels
        ]
        return cls(gap=_gap(certificate.objective, certificate.bound), levels=levels, **named)


class SolveAnswer(Answer):
    """A solve and how far it is."""

    solve_id: str
    kind: SolveKind
    state: SolveState
    requested_by: str
    requested_at: datetime
    stage: str | None
    level: str | None
    """What it is being made best at; `best` and `bound` are about that."""
    best: int | None
    bound: int | None
    gap: float | None
    """How far they are from each other so far; none before the first plan."""
    seconds: float | None
    is_stopping: bool
    is_what_if: bool
    """Whether it is tried under other rulings than those in force; publishing it puts them in force."""
    agreed: int | None
    placed: int | None
    at_most: int | None
    certificate: CertificateAnswer | None
    failure: str | None
    number: int | None
    """The timetable it became."""

    @classmethod
    def of(cls, solve: Solve) -> "SolveAnswer":
        """The solve."""
        progress, plan = solve.progress, solve.plan
        return cls(
            solve_id=solve.solve_id,
            kind=solve.kind,
            state=solve.state,
            requested_by=solve.requested_by,
            requested_at=solve.requested_at,
            stage=progress.stage if progress else None,
            level=progress.level if progress else None,
            best=progress.best if progress else None,
            bound=progress.bound if progress else None,
            gap=_gap(progress.best, progress.bound) if progress else None,
            seconds=progress.seconds if progress else None,
            is_stopping=solve.is_stopping,
            is_what_if=solve.what_if is not None,
            agreed=solve.agreed,
            placed=len(plan.assignments) if plan else None,
            at_most=solve.at_most,
            certificate=CertificateAnswer.of(plan.certificate) if plan else None,
            failure=solve.failure,
            number=solve.number,
        )


class TimetableAnswer(Answer):
    """A published timetable."""

    number: int
    published_at: datetime
    placed: int
    unplaced: int
    at_most: int
    """How many meetings any plan could place at most, by counting."""
    certificate: CertificateAnswer

    @classmethod
    def of(cls, timetable: Timetable) -> "TimetableAnswer":
        """The timetable without its placements."""
        return cls(
            number=timetable.number,
            published_at=timetable.published_at,
            placed=len(timetable.placements),
            unplaced=len(timetable.unplaced),
            at_most=timetable.at_most,
            certificate=CertificateAnswer.of(timetable.certificate),
        )


class SlotAnswer(Answer):
    """A stretch of time in which a meeting can be held."""

    on: date
    """The day in the edition's time zone."""
    start_at: datetime
    end_at: datetime
    rooms: list[str]
    """The codes of the rooms that are reserved for bilaterals on that day."""


class PlacementsAnswer(Answer):
    """Who meets when and where."""

    number: int
    placements: dict[str, Placement]
    unplaced: dict[str, UnplacedReason]


class PlanFileAnswer(Answer):
    """A timetable as one document; `verifier/` says what each part means, and refuses what it does not know."""

    format: Literal["summit-plan"]
    version: Literal[1]
    timetable: int
    published_at: str
    input: dict[str, Any]
    """The whole input; its hash is that of its canonical JSON."""
    placements: list[tuple[str, int, str]]
    """Meeting, slot, room."""
    certificate: dict[str, Any]
    prices: list[tuple[str, str, str, int]]
    """Kind, subject, slot or day, price in 1/1,048,576 of a step of worth."""


class CountsAnswer(Answer):
    """What scheduling itself counts."""

    requested: int
    """Every bilateral: each wish that was ever heard of, and what was arranged at the desk."""
    agreed: int
    """All parties have said yes: placed or to be placed."""
    placed: int
    unplaced: int
    pending: int
    declined: int
    cancelled: int
    timetables: int

    @classmethod
    def of(cls, census: Census) -> "CountsAnswer":
        """The counts in the words of the facts."""
        count = census.by_status.get
        return cls(
            requested=sum(census.by_status.values()),
            agreed=sum(count(status, 0) for status in PLACEABLE),
            placed=count(Status.SCHEDULED, 0),
            unplaced=count(Status.UNPLACED, 0),
            pending=count(Status.REQUESTED, 0) + count(Status.COUNTERED, 0),
            declined=count(Status.DECLINED, 0),
            cancelled=count(Status.CANCELLED, 0),
            timetables=census.timetables,
        )


def _gap(objective: int, bound: int) -> float:
    return abs(bound - objective) / max(abs(bound), abs(objective), 1)
