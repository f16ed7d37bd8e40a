"""A numbered version of all placements, and how it differs from another one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from summit_contracts.scheduling import (
    Level,
    MovedObligation,
    MoveReason,
    Placement,
    TimetableCause,
    TimetablePublished,
    UnplacedReason,
)
from summit_scheduling.domain.bilateral import Bilateral, Change
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.planning import at_most, placement_of, why_moved, why_unplaced
from summit_scheduling.domain.problem import Problem
from summit_scheduling.domain.rulings import Rulings


@dataclass(frozen=True, slots=True)
class Placed:
    """A meeting that has a place and had none."""

    bilateral_id: str
    to: Placement


@dataclass(frozen=True, slots=True)
class Moved:
    """A meeting that has another place than it had."""

    bilateral_id: str
    was: Placement
    to: Placement
    why: MoveReason


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A meeting that has no place; `was` is the one it had, if any."""

    bilateral_id: str
    was: Placement | None
    why: UnplacedReason


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one timetable to another, each part in the order of the bilaterals' ids."""

    placed: tuple[Placed, ...]
    moved: tuple[Moved, ...]
    unplaced: tuple[Unplaced, ...]
    """Those that lost their place, and those that have none and are new."""
    kept: tuple[str, ...]
    """Those that stay exactly where they were."""
    gone: tuple[str, ...]
    """Those that had a place and are no longer to be held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """All placements of one edition at one moment. It never changes: what changes is the next number."""

    edition_id: str
    number: int
    """Counts an edition's timetables from 1."""
    published_at: datetime
    placements: Mapping[str, Placement]
    """By the bilateral's id."""
    unplaced: Mapping[str, UnplacedReason]
    """The agreed bilaterals without a place, by id."""
    moved_because: Mapping[str, MoveReason]
    """For those that the timetable before had elsewhere, by id."""
    at_most: int
    """How many meetings any plan could place at most (`planning.at_most`)."""
    certificate: Certificate
    name: str | None = None
    """What the secretariat calls this version."""
    cause: str | None = None
    """How it came about, from `TimetableCause`."""
    like: int | None = None
    """The number of the timetable that it puts back in force."""
    plan_file: PlanFile | None = field(default=None, compare=False, repr=False)
    """What anybody can check it by, with one that is to be added; that of a kept one is read by itself (`Timetables.plan_file`)."""

    def called(self, name: str | None, cause: TimetableCause, *, like: int | None = None) -> "Timetable":
        """The same under this name, with how it came about; what a roll-back moves, it moves for that reason."""
        moved = dict(self.moved_because)
        if cause is TimetableCause.ROLLED_BACK:
            moved = {
                key: MoveReason.ROLLED_BACK if why is MoveReason.BETTER_PLAN else why
                for key, why in moved.items()
            }
        return replace(self, name=name, cause=cause.value, like=like, moved_because=moved)

    @classmethod
    def of(
        cls,
        plan: Plan,
        problem: Problem,
        grid: Grid,
        bilaterals: Mapping[str, Bilateral],
        *,
        before: "Timetable | None",
        now: datetime,
    ) -> "Timetable":
        """The next timetable of the edition: what the plan says, in instants and rooms, with a reason for every change.

        Raises:
            PlanBroken: the plan breaks a rule of the problem.
        """
        plan.check(problem)
        placements = {
            one.meeting: placement_of(grid, one.slot, one.room, bilaterals[one.meeting].terms.minutes)
            for one in plan.assignments
        }
        former = before.placements if before else {}
        number = before.number + 1 if before else 1
        return cls(
            edition_id=problem.edition_id,
            number=number,
            published_at=now,
            placements=placements,
            unplaced={
                one.key: why_unplaced(problem, one.key)
                for one in problem.meetings
                if one.key not in placements
            },
            moved_because={
                key: why_moved(problem, grid, key, former[key])
                for key, placement in placements.items()
                if key in former and former[key] != placement
            },
            at_most=at_most(problem),
            certificate=plan.certificate,
            plan_file=PlanFile.of(plan, problem, number=number, published_at=now),
        )

    def under(self, rulings: Rulings, bilaterals: Mapping[str, Bilateral]) -> "Timetable":
        """The same with what the rulings explain told as such: vetoes, pins."""
        pinned = {pin.bilateral_id for pin in rulings.pins}
        return replace(
            self,
            unplaced={
                key: UnplacedReason.VETOED if rulings.forbids(bilaterals[key].parties) else why
                for key, why in self.unplaced.items()
            },
            moved_because={
                key: MoveReason.PINNED if key in pinned else why for key, why in self.moved_because.items()
            },
        )

    def since(self, before: "Timetable | None") -> Difference:
        """What changed from `before` to this one; all of it is new where there was none before.

        A reason is the one this timetable was drawn up with; over more than one number apart, the last that is known.
        """
        former = before.placements if before else {}
        known = before.unplaced if before else {}
        ids = sorted(self.placements)
        return Difference(
            placed=tuple(Placed(one, self.placements[one]) for one in ids if one not in former),
            moved=tuple(
                Moved(
                    one,
                    former[one],
                    self.placements[one],
                    self.moved_because.get(one, MoveReason.BETTER_PLAN),
                )
                for one in ids
                if one in former and former[one] != self.placements[one]
            ),
            unplaced=tuple(
                Unplaced(one, former.get(one), why)
                for one, why in sorted(self.unplaced.items())
                if known.get(one) != why
            ),
            kept=tuple(one for one in ids if former.get(one) == self.placements[one]),
            gone=tuple(sorted(former.keys() - self.placements.keys() - self.unplaced.keys())),
        )

    def carry_out(self, bilateral: Bilateral) -> Change:
        """The bilateral as this timetable has it, with the fact that says so; nothing where nothing changed for it.

        Raises:
            NotAgreed: it is pending or has ended.
            KeyError: the timetable was drawn up without it.
        """
        key = bilateral.bilateral_id
        if key in self.placements:
            why = self.moved_because.get(key, MoveReason.BETTER_PLAN)
            return bilateral.place(self.number, self.placements[key], why)
        return bilateral.unplace(self.number, self.unplaced[key])

    def published(
        self, difference: Difference, *, told: int, obligations: tuple[MovedObligation, ...] = ()
    ) -> TimetablePublished:
        """The fact that this timetable holds; `difference` is the one from the timetable before, `told` how many facts about
        single bilaterals come with it, `obligations` those it keeps clear of at another time than the edition says.
        """
        certificate = self.certificate
        return TimetablePublished(
            edition_id=self.edition_id,
            number=self.number,
            published_at=self.published_at,
            status=certificate.status,
            objective=certificate.objective,
            bound=certificate.bound,
            solver=certificate.solver,
            solver_version=certificate.solver_version,
            seed=certificate.seed,
            input_hash=certificate.input_hash,
            seconds=certificate.seconds,
            agreed=len(self.placements) + len(self.unplaced),
            at_most=self.at_most,
            placed=len(self.placements),
            newly_placed=len(difference.placed),
            moved=len(difference.moved),
            unplaced=len(self.unplaced),
            told=told,
            name=self.name,
            cause=self.cause,
            like=self.like,
            levels=tuple(
                Level(
                    code=one.code,
                    objective=one.objective,
                    bound=one.bound,
                    is_proven=one.is_proven,
                    seconds=one.seconds,
                )
                for one in certificate.levels
            ),
            obligations=obligations,
        )
