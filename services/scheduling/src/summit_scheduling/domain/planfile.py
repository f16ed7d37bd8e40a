"""A timetable as one document that anybody can check alone: the whole input, the places, and what proves how good they are.

It speaks of parties by code and names nobody. `verifier/` reads it; a member that it does not know it refuses to judge, so a
new one needs a new version.
"""

from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Any, Final

from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.problem import Problem

FORMAT: Final = "summit-plan"
VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """The plan file of one published timetable."""

    edition_id: str
    number: int
    document: dict[str, Any]
    """What `format` and `version` say it is."""

    @classmethod
    def of(cls, plan: Plan, problem: Problem, *, number: int, published_at: datetime) -> "PlanFile":
        """The plan, the problem that it was made for, and its proof."""
        certificate = asdict(plan.certificate)
        document: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "timetable": number,
            "published_at": published_at.isoformat(),
            "input": problem.document(),
            "placements": [list(astuple(one)) for one in plan.assignments],
            "certificate": certificate | {"status": plan.certificate.status.value},
            "prices": [list(astuple(one)) for one in plan.prices],
        }
        return cls(edition_id=problem.edition_id, number=number, document=document)
