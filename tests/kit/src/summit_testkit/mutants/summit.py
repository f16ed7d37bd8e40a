"""A small summit in which every rule has something to say."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from summit_scheduling.domain.byhand import plan_of
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.problem import Assignment, Limit, OpenRoom, Problem
from summit_testkit.mutants.mutant import Document
from summit_testkit.problems import meeting, problem

_ALWAYS = frozenset(range(12))


def ruled_problem() -> Problem:
    """Two days of six slots, with everything an edition and the secretariat can rule."""
    rooms = [
        OpenRoom("Large", 12, _ALWAYS, frozenset({"booths", "flags"})),
        OpenRoom("Small", 4, _ALWAYS, frozenset({"flags"}), turn_round_minutes=20),
        OpenRoom("Late", 8, frozenset(range(6, 12)), frozenset({"booths"})),
    ]
    meetings = [
        meeting("m01", "KE", "RW", weight=16, starts=(0,), is_fixed=True, room="Large"),
        meeting("m02", "FR", "IN", weight=16, length=2, starts=range(5), needs=("booths",), seats=10),
        meeting("m03", "KE", "FR", weight=4, starts=(2, 3, 4, 6, 7), rest_minutes=30),
        meeting("m04", "KE", "IN", weight=4, starts=range(2, 11), seats=6, needs=("booths",)),
        meeting("m05", "BD", "FR", weight=1, starts=range(1, 12), needs=("flags",)),
        meeting("m06", "BD", "GH", weight=16, starts=range(12)),
        meeting("m07", "GH", "RW", weight=4, starts=range(6, 11), length=2, seats=8),
        meeting("m08", "BD", "KE", "UN-POLAD", weight=4, starts=range(0, 9, 2), rest_minutes=20),
        meeting("m09", "KE", "GH", weight=1, starts=range(8, 12)),
        meeting("m10", "IN", "RW", weight=1, starts=range(4, 8), needs=("flags",), rest_minutes=30),
        meeting("m11", "FR", "GH", weight=1, starts=range(12), seats=5),
        meeting("m12", "BD", "IN", weight=1, starts=()),
    ]
    return replace(
        problem(12, rooms, meetings),
        days=tuple(date(2022, 8, 31) + timedelta(days=number // 6) for number in range(12)),
        resources={"booths": 1, "flags": 1},
        limits=(Limit("KE", meetings=4, per_day=2), Limit("FR", moves=1), Limit("RW", per_day=2)),
        vetoes=(("BD", "GH"),),
        published=(
            Assignment("m03", 6, "Small"),
            Assignment("m05", 9, "Large"),
            Assignment("m11", 1, "Large"),
        ),
        classes={
            "KE": "much",
            "FR": "much",
            "IN": "middling",
            "RW": "middling",
            "BD": "little",
            "GH": "little",
        },
    )


def some_plan_file() -> Document:
    """A plan file of that summit as it would be read from a file: nothing in it but the pinned meeting, put there by hand."""
    given = ruled_problem()
    plan = plan_of(given, [Assignment("m01", 0, "Large")], "desk")
    file = PlanFile.of(plan, given, number=1, published_at=datetime(2022, 8, 1, tzinfo=UTC))
    document: Document = json.loads(json.dumps(file.document))
    return document
