"""The benchmark at summit size changes what it says, and says what it measured."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from tests.bench.summit.changes import CHANGES
from tests.bench.summit.curve import curve
from tests.bench.summit.runs import Placing, Repair, Run, Took
from tests.bench.summit.table import p95, tables

from summit_scheduling.domain.problem import Problem
from summit_scheduling.solver.greedy import greedy
from summit_testkit.demand import Family, demand

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def published() -> Problem:
    given = demand(Family.A, seed=1, wishes=60, rooms=4, delegations=20, days=2, slots_per_day=8).problem()
    return replace(given, published=greedy(given))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(5))
def test_a_change_is_one_change_and_leaves_the_rest_as_it_was(
    change: str, seed: int, published: Problem
) -> None:
    changed = CHANGES[change](published, Random(seed))
    assert changed != published
    assert changed == CHANGES[change](published, Random(seed))
    gone = {one.key for one in published.meetings} - {one.key for one in changed.meetings}
    assert set(changed.published) == {one for one in published.published if one.meeting not in gone}
    more = len(changed.meetings) - len(published.meetings)
    assert more == {"late request": 1, "no-show": -1, "withdrawal": -len(gone)}.get(change, 0)
    assert (changed.rooms != published.rooms) == (change == "room closed")


def run(wishes: int, *, family: str = "A") -> Run:
    took = Took(wishes / 1000, wishes / 100)
    placing = Placing(took, took, 80, 400, 401, 90, (70, 300), (78, 380))
    repair = Repair("late arrival", Took(0.5, 0.7), Took(1.5, 1.7), 3, is_proven=True)
    return Run(family=family, wishes=wishes, rooms=4, seed=1, placing=placing, repairs=(repair,), memory=99.5)


def test_the_tables_say_what_was_measured_and_where_a_proof_is_missing() -> None:
    said = tables([run(100), run(1000)])
    assert "| A, 1,000, 4; 1 | 70 (300) | 78 (380) | 80 (400) | 401, a gap of 1 | 90 | 1.00 (10.00) |" in said
    assert "| all | 2 | 2 | 0.50 (0.70) | 0.50 (0.70) | 0.50 (0.70) | 1.50 (1.70) |" in said
    assert "| late arrival | 2 | 3 (3) |" in said


def test_of_a_hundred_values_ninety_five_are_no_more() -> None:
    assert p95([*range(1, 101)]) == pytest.approx(95.05)
    assert p95([7.0]) == 7.0


def test_the_curve_has_a_point_for_each_run_and_is_well_formed() -> None:
    drawn = ET.fromstring(curve([run(100), run(1000), run(500, family="B")]))  # noqa: S314  # our own
    assert len(drawn.findall(".//{*}circle")) == 6


def test_the_command_says_what_can_be_asked() -> None:
    command = [sys.executable, "-m", "tests.bench.summit", "--help"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "--seeds" in done.stdout
