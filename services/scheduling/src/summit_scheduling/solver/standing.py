"""Where a solve stands: the best plan so far, what no plan can exceed, and how much time is left."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from time import monotonic

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.problem import Assignment, Problem

METHOD = "lp_then_highs"

Report = Callable[[Progress, Plan], None]


@dataclass
class Standing:
    """A solve under way. Its best plan only gains weight, its bound only falls, and they meet when the plan is proven best."""

    problem: Problem
    seed: int
    seconds: float
    report: Report
    started: float = field(default_factory=monotonic)
    best: tuple[Assignment, ...] = ()
    weight: int = 0
    bound: int = 0

    def __post_init__(self) -> None:
        self.bound = sum(meeting.weight for meeting in self.problem.meetings)

    @property
    def is_settled(self) -> bool:
        """Whether the best plan is proven best."""
        return self.weight == self.bound

    def improve(self, plan: Iterable[Assignment]) -> None:
        """The plan is the best one, if it weighs more than the one before."""
        found = _in_order(plan)
        weight = self.problem.weight_of(found)
        if weight > self.weight:
            self.best, self.weight = found, weight

    def rename(self, plan: Iterable[Assignment]) -> None:
        """The best plan is this one of the same weight."""
        self.best = _in_order(plan)

    def lower(self, bound: int) -> None:
        """No plan exceeds this either."""
        self.bound = min(self.bound, bound)

    def left(self) -> float:
        """Seconds until time is out; below 0 when it is."""
        return self.seconds - (monotonic() - self.started)

    def say(self, stage: str) -> None:
        """Whoever listens knows how it stands at the end of this stage."""
        progress = Progress(stage, self.weight, self.bound, round(monotonic() - self.started, 3))
        self.report(progress, self.plan())

    def plan(self) -> Plan:
        """The best plan with its certificate, as of now."""
        certificate = Certificate(
            input_hash=self.problem.input_hash,
            status=PlanStatus.OPTIMAL if self.is_settled else PlanStatus.FEASIBLE,
            objective=self.weight,
            bound=self.bound,
            solver=METHOD,
            solver_version=version("ortools"),
            seed=self.seed,
            seconds=round(monotonic() - self.started, 3),
        )
        return Plan(self.best, certificate)


def _in_order(plan: Iterable[Assignment]) -> tuple[Assignment, ...]:
    return tuple(sorted(plan, key=lambda one: one.meeting))
