"""An upgrade, service after service, while people are at it: old and new share streams, durables, outboxes and databases."""

import os
from pathlib import Path

import pytest

from summit_testkit.chaos.rig import rig
from summit_testkit.chaos.versions import earlier_code, upgraded

COMMITS = int(os.environ.get("SUMMIT_UPGRADE_COMMITS", "60"))
"""How old the old version is."""


@pytest.mark.long
@pytest.mark.timeout(1200)
async def test_an_upgrade_under_load_breaks_no_promise(directory: Path, tmp_path: Path, seed: int) -> None:
    old = earlier_code(COMMITS, tmp_path)
    if old is None:
        pytest.skip(f"this checkout has no history of {COMMITS} commits")
    async with rig(directory, seed, told={"PYTHONPATH": old}) as running:

        async def upgrade() -> None:
            for name in running.system.services:
                await upgraded(running, name)

        outcome = await running.lived_through(upgrade)
    print(outcome)  # noqa: T201  # counts are what a run is there for
    assert not outcome.flaws
