"""What a solver answers: who meets when and where, and a certificate of how good that is."""

from dataclasses import dataclass

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.errors.timetables import PlanBroken
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.domain.rules import breaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How good a plan is, for which input, and who says so."""

    input_hash: str
    status: PlanStatus
    objective: int
    """The summed weight of what is placed."""
    bound: int
    """No plan for the same input places more weight."""
    solver: str
    solver_version: str
    seed: int
    seconds: float
    """Wall-clock time of the solve; all else is the same for the same input, seed and version, unless time ran out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Assignments in the order of their meetings' keys, and their certificate."""

    assignments: tuple[Assignment, ...]
    certificate: Certificate

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
        if certificate.objective > certificate.bound:
            faults.append(f"it places {certificate.objective}, more than its bound of {certificate.bound}")
        if (certificate.status is PlanStatus.OPTIMAL) != (certificate.objective == certificate.bound):
            faults.append(f"{certificate.status} with {certificate.objective} of {certificate.bound}")
        if faults:
            raise PlanBroken(faults)
        return self
