"""What a solver answers: who meets when and where, and a certificate of how good that is."""

from dataclasses import dataclass

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.aims import aims_of
from summit_scheduling.domain.errors.timetables import PlanBroken
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.domain.rules import breaches


@dataclass(frozen=True, slots=True)
class LevelProof:
    """How good a plan is at one aim, among the plans as good at the aims before."""

    code: str
    """The aim, from `aims.ORDER`."""
    objective: int
    bound: int
    """No plan as good at the aims before surpasses it; from `gaps` on, none that `aims.ORDER` speaks of."""
    seconds: float = 0.0

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better at it."""
        return self.objective == self.bound


@dataclass(frozen=True, slots=True)
class Price:
    """What using something once is charged in the proof of the first bound (`docs/algorithms/timetable.md`)."""

    kind: str
    """`party`, `room` or `resource`, in one slot; `meetings`, `per_day` or `moves` of a party."""
    subject: str
    """The code of the party, room or resource."""
    at: str
    """The number of the slot, or the day; empty where it is for the whole summit."""
    price: int
    """In 1/1,048,576 of a step of worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How good a plan is, for which input, and who says so."""

    input_hash: str
    status: PlanStatus
    objective: int
    """The summed weight of what is placed."""
    bound: int
    """No plan for the same input that holds as many of its pinned and frozen meetings places more weight."""
    solver: str
    solver_version: str
    seed: int
    seconds: float
    """Wall-clock time of the solve; all else is the same for the same input, seed and version, unless time ran out."""
    levels: tuple[LevelProof, ...] = ()
    """One for each aim that the problem has anything for, in order; none for a plan made by hand."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Assignments in the order of their meetings' keys, and their certificate."""

    assignments: tuple[Assignment, ...]
    certificate: Certificate
    prices: tuple[Price, ...] = ()
    """They prove the bound of the weight, as far as a linear programme can."""

    def check(self, problem: Problem) -> "Plan":
        """The plan, when it breaks no rule of this very problem and is worth what its certificate says.

        Raises:
            PlanBroken: it is not, and must not be published.
        """
        faults: list[object] = list(breaches(problem, self.assignments))
        certificate = self.certificate
        if certificate.input_hash != problem.input_hash:
            faults.append(f"it is for the input {certificate.input_hash}, not {problem.input_hash}")
        elif not faults and certificate.objective != problem.weight_of(self.assignments):
            faults.append(
                f"it places a weight of {problem.weight_of(self.assignments)}, not {certificate.objective}"
            )
        elif not faults:
            faults += _false_levels(problem, self.assignments, certificate)
        if certificate.objective > certificate.bound:
            faults.append(f"it places {certificate.objective}, more than its bound of {certificate.bound}")
        if (certificate.status is PlanStatus.OPTIMAL) != (certificate.objective == certificate.bound):
            faults.append(f"{certificate.status} with {certificate.objective} of {certificate.bound}")
        if faults:
            raise PlanBroken(faults)
        return self


def _false_levels(problem: Problem, plan: tuple[Assignment, ...], certificate: Certificate) -> list[object]:
    """What the certificate says of its levels and is not so."""
    said = {level.code: level for level in certificate.levels}
    faults: list[object] = []
    for aim in aims_of(problem) if said else ():
        count, level = aim.count(problem, plan), said.pop(aim.code, None)
        if level is None or level.objective != count:
            faults.append(f"its {aim.code} is {count}, not {level.objective if level else 'left out'}")
        elif level.bound > count if aim.is_fewer_better else level.bound < count:
            faults.append(f"its {aim.code} of {count} is better than its bound of {level.bound}")
    return faults + [f"it has no level {code}" for code in said]
