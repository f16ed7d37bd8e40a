"""What is measured of one generated summit, in a process of its own, so that its memory is known and its libraries are cold."""

import resource
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from random import Random
from time import monotonic, process_time

from tests.bench.summit.changes import CHANGES

from summit_scheduling.domain.fairness import by_demand
from summit_scheduling.domain.occupied import Occupied
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planning import at_most
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.greedy import greedy
from summit_testkit.demand import Family, demand

_SUMS = frozenset({"pinned", "weight", "moves", "fairness"})
"""The levels that are sums over columns; what comes after them is measured by `tests.bench.levels`."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took."""

    processor: float
    wall: float


@dataclass(frozen=True, slots=True)
class Placing:
    """A timetable from nothing."""

    first: Took
    """Until there is a plan that breaks no rule."""
    proven: Took
    """Until no plan is proven to place more weight; with the time that OR-tools takes to load."""
    placed: int
    weight: int
    bound: int
    countable: int
    """How many meetings any plan can place, by counting alone."""
    by_coming: tuple[int, int]
    """First come, first served: meetings placed, and their weight."""
    by_priority: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair after one change."""

    change: str
    proven: Took
    """Until the most weight and, with it, the fewest moves are proven."""
    whole: Took
    """Until all levels are done."""
    moves: int
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that is measured of one summit."""

    family: str
    wishes: int
    rooms: int
    seed: int
    placing: Placing
    repairs: tuple[Repair, ...]
    memory: float
    """Peak of the process, in MiB."""


@dataclass
class _Clock:
    """Listens to a solve and remembers when what was proven; ends it there, if asked to."""

    is_enough: frozenset[str] | None = None
    first: Took | None = None
    proven: Took | None = None
    plan: Plan | None = None
    began: tuple[float, float] = field(default_factory=lambda: (process_time(), monotonic()))

    def took(self) -> Took:
        """Since it began."""
        return Took(round(process_time() - self.began[0], 3), round(monotonic() - self.began[1], 3))

    def hear(self, _: Progress, plan: Plan) -> None:
        """A step has ended."""
        now = self.took()
        self.first, self.plan = self.first or now, plan
        levels = {level.code: level for level in plan.certificate.levels}
        sought = levels.keys() & (_SUMS - {"fairness"})
        if self.proven is None and all(levels[code].is_proven for code in sought):
            self.proven = now
        if self.is_enough and all(levels[code].is_proven for code in self.is_enough & levels.keys()):
            raise _Enough


class _Enough(Exception):
    """The rest is not measured here."""


def measured(family: Family, *, wishes: int, rooms: int, seed: int, changes: int, seconds: float) -> Run:
    """One summit: its timetable, and its repair after so many changes of each kind."""
    with get_context("spawn").Pool(1) as process:
        return process.apply(_measure, (family, wishes, rooms, seed, changes, seconds))


def _measure(family: Family, wishes: int, rooms: int, seed: int, changes: int, seconds: float) -> Run:
    given = demand(family, seed=seed, wishes=wishes, rooms=rooms).problem()
    agreed = Counter(party for one in given.meetings for party in one.parties)
    given = replace(given, classes=by_demand(agreed))
    placing, plan = _placing(given, seconds)
    published, chance = replace(given, published=plan.assignments), Random(seed)
    repairs = tuple(
        _repair(change, made(published, chance), seconds)
        for _ in range(changes)
        for change, made in CHANGES.items()
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(
        family=family.value,
        wishes=wishes,
        rooms=rooms,
        seed=seed,
        placing=placing,
        repairs=repairs,
        memory=round(memory, 1),
    )


def _placing(given: Problem, seconds: float) -> tuple[Placing, Plan]:
    clock = _Clock(is_enough=_SUMS)
    with suppress(_Enough):
        clock.plan = solve(given, seed=1, seconds=seconds, report=clock.hear)
    end, plan = clock.took(), clock.plan
    assert plan is not None, "greedy has a plan for any input"
    plan.check(given)
    served, first = _first_come(given), greedy(given)
    return (
        Placing(
            first=clock.first or end,
            proven=clock.proven or end,
            placed=len(plan.assignments),
            weight=plan.certificate.objective,
            bound=plan.certificate.bound,
            countable=at_most(given),
            by_coming=(len(served), given.weight_of(served)),
            by_priority=(len(first), given.weight_of(first)),
        ),
        plan,
    )


def _repair(change: str, given: Problem, seconds: float) -> Repair:
    clock = _Clock()
    plan = solve(given, seed=1, seconds=seconds, report=clock.hear).check(given)
    levels = {level.code: level for level in plan.certificate.levels}
    whole = clock.took()
    return Repair(
        change=change,
        proven=clock.proven or whole,
        whole=whole,
        moves=levels["moves"].objective,
        is_proven=all(levels[code].is_proven for code in levels.keys() & (_SUMS - {"fairness"})),
    )


def _first_come(given: Problem) -> tuple[Assignment, ...]:
    """Each wish in the order in which it came, into its first free slot and the smallest room that takes it."""
    occupied, plan = Occupied(given), list[Assignment]()
    for meeting in given.meetings:  # their keys are in the order in which the wishes came
        place = next(occupied.places(meeting), None)
        if place:
            occupied.take(meeting, place)
            plan.append(Assignment(meeting.key, *place))
    return tuple(plan)
