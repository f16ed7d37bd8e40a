"""A true plan file, made by the engine, in which every rule has something to say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.solver.engine import solve
from summit_testkit.mutants.summit import ruled_problem

PUBLISHED_AT = datetime(2022, 8, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def true_plan() -> dict[str, Any]:
    given = ruled_problem()
    plan = solve(given, seed=1, seconds=60.0)
    file = PlanFile.of(plan, given, number=3, published_at=PUBLISHED_AT)
    document: dict[str, Any] = json.loads(json.dumps(file.document))
    return document
