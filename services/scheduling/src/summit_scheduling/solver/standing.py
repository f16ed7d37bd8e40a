"""Where a solve stands: the best plan so far, what no plan can exceed at each aim, and how much time is left."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from time import monotonic

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.aims import WEIGHT, aims_of, gains
from summit_scheduling.domain.plan import Certificate, LevelProof, Plan, Price
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.stage import Stage

METHOD = "lp_then_highs"

Report = Callable[[Progress, Plan], None]


@dataclass
class Standing:
    """A solve under way. Its best plan only gains, the bounds only tighten, and at a stage they meet when it is settled."""

    problem: Problem
    seed: int
    seconds: float
    report: Report
    stage: Stage
    started: float = field(default_factory=monotonic)
    best: tuple[Assignment, ...] = ()
    bound: int = 0
    """What no plan can exceed at the stage."""
    prices: tuple[Price, ...] = ()
    """What proves the bounds of what is a sum over columns: of all of it at once, or of the weight."""

    def __post_init__(self) -> None:
        aims = aims_of(self.problem)
        self._bounds = {aim.code: aim.best(self.problem) for aim in aims}
        self._is_fewer_better = {aim.code: aim.is_fewer_better for aim in aims}
        self._spent = dict.fromkeys(self._bounds, 0.0)
        self._began = self.started
        self._valued = self.stage, self.best, self.stage.value_of(self.best)
        self.bound = self.stage.ceiling

    @property
    def value(self) -> int:
        """What the best plan is worth at the stage; counted once for each plan, because it is asked for at every step."""
        stage, plan, value = self._valued
        if stage is not self.stage or plan is not self.best:
            value = self.stage.value_of(self.best)
            self._valued = self.stage, self.best, value
        return value

    @property
    def is_settled(self) -> bool:
        """Whether no plan is better at the stage."""
        return self.value == self.bound

    def enter(self, stage: Stage) -> None:
        """The next thing to be best at; what was reached so far is not given up."""
        self.stage, self.bound, self._began = stage, stage.ceiling, monotonic()

    def improve(self, plan: Iterable[Assignment]) -> None:
        """The plan is the best one, if it is better than the one before at the first aim at which they differ."""
        found = _in_order(plan)
        if not self.best or gains(self.problem, found) > gains(self.problem, self.best):
            self.best = found

    def rename(self, plan: Iterable[Assignment]) -> None:
        """The best plan is this one, which is as good at the stage."""
        self.best = _in_order(plan)

    def lower(self, bound: int) -> None:
        """No plan exceeds this either, at the stage."""
        self.bound = max(min(self.bound, bound), self.value)
        for code, said in self.stage.bounds(self.bound, self.value).items():
            tighter = max if self._is_fewer_better[code] else min
            self._bounds[code] = tighter(self._bounds[code], said)
        self._spent[self.stage.codes[-1]] = round(monotonic() - self._began, 3)

    def proven(self, bound: Bound) -> None:
        """These prices prove what no plan exceeds."""
        if WEIGHT.code in self.stage.codes:
            self.prices = bound.prices
        self.lower(bound.weight)

    def left(self) -> float:
        """Seconds until time is out; below 0 when it is."""
        return self.seconds - (monotonic() - self.started)

    def say(self, step: str) -> None:
        """Whoever listens knows how it stands at the end of this step."""
        so_far = round(monotonic() - self.started, 3)
        levels = {level.code: level for level in self._levels()}
        is_open = (code for code in self.stage.codes if not levels[code].is_proven)
        code = next(is_open, self.stage.codes[-1])
        self.report(Progress(step, levels[code].objective, levels[code].bound, so_far, code), self.plan())

    def plan(self) -> Plan:
        """The best plan with its certificate, as of now."""
        levels = self._levels()
        weight = next(level for level in levels if level.code == WEIGHT.code)
        certificate = Certificate(
            input_hash=self.problem.input_hash,
            status=PlanStatus.OPTIMAL if weight.is_proven else PlanStatus.FEASIBLE,
            objective=weight.objective,
            bound=weight.bound,
            solver=METHOD,
            solver_version=version("ortools"),
            seed=self.seed,
            seconds=round(monotonic() - self.started, 3),
            levels=levels,
        )
        return Plan(self.best, certificate, self.prices)

    def _levels(self) -> tuple[LevelProof, ...]:
        return tuple(
            LevelProof(
                aim.code, aim.count(self.problem, self.best), self._bounds[aim.code], self._spent[aim.code]
            )
            for aim in aims_of(self.problem)
        )


def _in_order(plan: Iterable[Assignment]) -> tuple[Assignment, ...]:
    return tuple(sorted(plan, key=lambda one: one.meeting))
