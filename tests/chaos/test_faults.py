"""Whatever fails, everything that was promised is kept, and nothing happens twice."""

import os
from pathlib import Path

import pytest

from summit_testkit.chaos.rig import Outcome, rig


async def run(directory: Path, seed: int, *, seconds: float, people: int) -> Outcome:
    async with rig(directory, seed, people=people) as running:
        outcome = await running.run(seconds=seconds)
    print(outcome)  # noqa: T201  # counts are what a run is there for
    return outcome


@pytest.mark.timeout(1200)
async def test_two_minutes_of_faults_break_no_promise(directory: Path, seed: int) -> None:
    outcome = await run(directory, seed, seconds=120, people=2)
    assert not outcome.flaws, str(outcome)
    assert outcome.faults
    assert outcome.promises > 20


@pytest.mark.long
@pytest.mark.timeout(7200)
async def test_many_minutes_of_faults_break_no_promise(directory: Path, seed: int) -> None:
    seconds = float(os.environ.get("SUMMIT_CHAOS_SECONDS", "600"))
    outcome = await run(directory, seed, seconds=seconds, people=4)
    assert not outcome.flaws, str(outcome)
