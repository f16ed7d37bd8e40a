"""The judge has seen each of these: a chassis that does one thing wrong, and dies when that matters."""

from pathlib import Path

import pytest

from summit_testkit.chaos.mutated import MUTANTS
from summit_testkit.chaos.rig import rig

FAULTS = {"no_reconciliation": ("put an older copy of the streams back",)}
"""What a mutant needs from outside; the others die by themselves."""
QUIET = ("cut the wire to nats",)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", MUTANTS)
async def test_a_chassis_that_does_one_thing_wrong_is_found(mutant: str, directory: Path, seed: int) -> None:
    async with rig(directory, seed, mutant=mutant) as running:
        outcome = await running.run(seconds=20, kinds=FAULTS.get(mutant, QUIET))
    assert outcome.flaws, f"{mutant} went unnoticed: {outcome}"
