"""How long the verifier and *why not* take at the size of a summit, in seconds of processor time.

.venv/bin/python -m tests.bench.whynot
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

from summit_scheduling.domain.obstacles import Against, Obstacle, Question
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.problem import Meeting, Problem
from summit_scheduling.domain.whynot import WhyNot, why_not
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.placing import Proofs, placed_as_well
from summit_testkit.demand import Family, demand
from summit_verifier.report import verify

SIZES = (
    (Family.A, 500, 18),
    (Family.A, 1000, 25),
    (Family.B, 1000, 40),
    (Family.A, 2000, 25),
    (Family.B, 2000, 40),
)
_SECONDS = 600.0
"""For each question, so that a busy machine leaves none of them open."""


def question(given: Problem, plan: Plan, meeting: Meeting) -> Question:
    """Why has the meeting no place? Starts that do not suit are put down to its parties."""
    held = {one.meeting for one in plan.assignments} | {meeting.key}
    kept = tuple(replace(one, weight=1) for one in given.meetings if one.key in held)
    away = frozenset(Obstacle(Against.PARTY_AWAY, party) for party in meeting.parties)
    against = {slot: frozenset() if slot in meeting.starts else away for slot in range(len(given.slots))}
    among = replace(given, meetings=kept)
    return Question(among, among.by_key[meeting.key], against, plan.assignments)


def answered(asked: Question) -> tuple[WhyNot, int]:
    """The answer, and how many questions it took."""
    asking, count, proofs = why_not(asked), 1, Proofs()
    try:
        ask = next(asking)
        while True:
            said = placed_as_well(ask, seconds=_SECONDS, proofs=proofs)
            ask, count = asking.send(said), count + 1
    except StopIteration as answer:
        found: WhyNot = answer.value
        return found, count


def main() -> None:
    """A line for each size is printed."""
    for family, wishes, rooms in SIZES:
        given = demand(family, seed=1, wishes=wishes, rooms=rooms).problem()
        plan = solve(given, seed=1, seconds=60.0)
        file = PlanFile.of(plan, given, number=1, published_at=datetime.now(UTC))
        content, began = json.dumps(file.document).encode(), process_time()
        report = verify(content)
        checked = process_time() - began
        held = {one.meeting for one in plan.assignments}
        left = next(one for one in given.meetings if one.key not in held)
        began = process_time()
        found, count = answered(question(given, plan, left))
        sys.stdout.write(
            f"{family} {wishes} {rooms}: verified in {checked:.1f} s (proven: {report.is_proven}), why not in "
            f"{process_time() - began:.1f} s by {count} questions, {len(found.blocking)} rules, certain: {found.is_certain}\n"
        )


if __name__ == "__main__":
    main()
