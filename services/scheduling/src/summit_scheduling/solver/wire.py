"""What the service and its solver process say to each other: one JSON document per line."""

import json
from dataclasses import asdict, astuple, dataclass

from summit_contracts.scheduling import PlanStatus
from summit_scheduling.domain.obstacles import Ask, Said
from summit_scheduling.domain.plan import Certificate, LevelProof, Plan, Price
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.problem import Assignment, Problem


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be solved, and for how long."""

    problem: Problem
    seed: int
    seconds: float

    def to_line(self) -> bytes:
        """The request as a line."""
        return _line({"problem": self.problem.to_json(), "seed": self.seed, "seconds": self.seconds})

    @classmethod
    def from_line(cls, line: str | bytes) -> "Request":
        """The request that a line holds.

        Raises:
            InputFlaw: the problem in it contradicts itself.
        """
        said = json.loads(line)
        return cls(Problem.from_json(said["problem"]), said["seed"], said["seconds"])


@dataclass(frozen=True, slots=True)
class Report:
    """How far the process has come, with the best plan so far; the last report is the answer."""

    progress: Progress
    plan: Plan
    is_final: bool

    def to_line(self) -> bytes:
        """The report as a line."""
        return _line(
            {
                "progress": asdict(self.progress),
                "assignments": [[one.meeting, one.slot, one.room] for one in self.plan.assignments],
                "certificate": asdict(self.plan.certificate),
                "prices": [astuple(one) for one in self.plan.prices],
                "is_final": self.is_final,
            }
        )

    @classmethod
    def from_line(cls, line: str | bytes) -> "Report":
        """The report that a line holds.

        Raises:
            ValueError, KeyError, TypeError: the line is something else.
        """
        said = json.loads(line)
        levels = tuple(LevelProof(**one) for one in said["certificate"]["levels"])
        status = PlanStatus(said["certificate"]["status"])
        plan = Plan(
            tuple(Assignment(*one) for one in said["assignments"]),
            Certificate(**said["certificate"] | {"status": status, "levels": levels}),
            tuple(Price(*one) for one in said["prices"]),
        )
        return cls(Progress(**said["progress"]), plan, said["is_final"])


def line_of_ask(ask: Ask) -> bytes:
    """The question as a line."""
    now = [astuple(one) for one in ask.now]
    return _line([ask.problem.to_json(), ask.meeting, ask.two_at_a_time, now])


def ask_of(line: str | bytes) -> Ask:
    """The question that a line holds."""
    problem, meeting, parties, now = json.loads(line)
    return Ask(Problem.from_json(problem), meeting, tuple(parties), tuple(Assignment(*one) for one in now))


def line_of_said(said: Said) -> bytes:
    """The answer as a line."""
    return _line([said.plan and [astuple(one) for one in said.plan], said.is_certain])


def said_of(line: str | bytes) -> Said:
    """The answer that a line holds.

    Raises:
        ValueError, TypeError: the line is something else.
    """
    plan, is_certain = json.loads(line)
    return Said(plan and tuple(Assignment(*one) for one in plan), is_certain)


def _line(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"
