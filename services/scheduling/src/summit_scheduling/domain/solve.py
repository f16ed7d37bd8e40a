"""A solve: asked for, taken by a worker, solved or failed, and then published as a timetable or left aside.

waiting ──take──▶ solving ──▶ solved ──publish──▶ published
   ▲                │  └────▶ failed
   └──(worker left)─┘
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from summit_scheduling.domain.errors.timetables import SolveNotReady
from summit_scheduling.domain.holding import Holding
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.timetable import Timetable

LEASE: Final = timedelta(seconds=20)
"""A worker that was not heard of for so long is taken for dead, and its solve is taken by another."""


class SolveState(StrEnum):
    """How far a solve has come."""

    WAITING = "waiting"
    SOLVING = "solving"
    SOLVED = "solved"
    FAILED = "failed"
    PUBLISHED = "published"


class SolveKind(StrEnum):
    """What a solve makes of the timetable that holds."""

    ANEW = "anew"
    """Nothing, beside what is frozen."""
    REPAIR = "repair"
    """It moves as few meetings as can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solve:
    """One request for a timetable; it survives whoever works on it."""

    solve_id: str
    edition_id: str
    seconds: int
    """How long the solver may take."""
    seed: int
    requested_by: str
    requested_at: datetime
    """From then on it counts what is about to begin, and is frozen."""
    kind: SolveKind = SolveKind.ANEW
    state: SolveState = SolveState.WAITING
    taken_at: datetime | None = None
    """When its worker was last heard of."""
    progress: Progress | None = None
    plan: Plan | None = None
    at_most: int | None = None
    """How many meetings any plan could place at most."""
    agreed: int | None = None
    """How many meetings were to be placed."""
    failure: str | None = None
    number: int | None = None
    """The timetable it became."""
    is_stopping: bool = False
    """Whether its worker is to end and keep the best plan so far."""
    what_if: Rulings | None = None
    """The rulings it is tried with, for a what-if; none for a solve under those in force."""

    def respects(self, before: Timetable | None) -> Holding:
        """What of the timetable that holds it has to respect."""
        return Holding(
            placements=before.placements if before else {},
            as_of=self.requested_at,
            is_repair=self.kind is SolveKind.REPAIR,
        )

    def take(self, *, now: datetime) -> "Solve":
        """A worker works on it, or still does."""
        return replace(self, state=SolveState.SOLVING, taken_at=now)

    def stop(self) -> "Solve":
        """Its worker ends within a moment and keeps the best plan so far; nothing changes where it has ended.

        One that nobody has taken yet has no plan to keep, and has failed.
        """
        if self.state is SolveState.WAITING:
            return self.failed("it was stopped before anybody had begun")
        return replace(self, is_stopping=True) if self.state is SolveState.SOLVING else self

    def put_back(self) -> "Solve":
        """Its worker has to leave, and another one begins anew."""
        return replace(self, state=SolveState.WAITING, taken_at=None, progress=None)

    def solved(self, plan: Plan, *, at_most: int, agreed: int) -> "Solve":
        """There is a plan."""
        return replace(self, state=SolveState.SOLVED, plan=plan, at_most=at_most, agreed=agreed, failure=None)

    def failed(self, why: str) -> "Solve":
        """There is none, and this is why."""
        return replace(self, state=SolveState.FAILED, failure=why)

    def published(self, number: int) -> "Solve":
        """It became the timetable of this number."""
        return replace(self, state=SolveState.PUBLISHED, number=number)

    def ready_plan(self) -> Plan:
        """The plan, to be published.

        Raises:
            SolveNotReady: it is not solved yet, failed, or was published already.
        """
        if self.state is not SolveState.SOLVED or self.plan is None:
            raise SolveNotReady(self.solve_id, self.state, self.failure)
        return self.plan
