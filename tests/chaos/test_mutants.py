"""The judge has seen each of these: a chassis that does one thing wrong, and dies when that matters."""

import os
from pathlib import Path

import pytest

from summit_testkit.chaos.judging import Kind
from summit_testkit.chaos.mutated import MUTANTS
from summit_testkit.chaos.rig import Outcome, rig

NEEDS = {
    "no_inbox": ("lose a durable", "cut the wire to nats"),
    "no_reconciliation": ("put an older copy of the streams back",),
}
"""The faults that show what a mutant does; the others need none but their own deaths."""
SHOWS = {
    "acknowledge_before_commit": {Kind.UNAPPLIED},
    "no_inbox": {Kind.APPLIED_TWICE},
    "mark_before_publish": {Kind.UNPUBLISHED},
    "publish_before_commit": {Kind.GHOST},
    "high_water_mark": {Kind.UNPUBLISHED},
    "no_reconciliation": {Kind.UNPUBLISHED},
}
"""What has to be found: the flaw that the mutant is about, whatever comes of it besides."""
SEED = int(os.environ.get("SUMMIT_FAULT_SEED", "7"))

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


async def of_a_chassis(that_does: str, directory: Path, kinds: tuple[str, ...]) -> Outcome:
    async with rig(directory, SEED, mutant=that_does) as running:
        outcome = await running.run(seconds=20, kinds=kinds)
    print(outcome)  # noqa: T201  # what was found is worth reading
    return outcome


@pytest.mark.parametrize("mutant", MUTANTS)
async def test_what_a_chassis_does_wrong_is_found_and_named(mutant: str, directory: Path) -> None:
    outcome = await of_a_chassis(mutant, directory, NEEDS.get(mutant, ()))
    assert outcome.kinds >= SHOWS[mutant]


async def test_a_chassis_that_dies_in_the_same_moments_and_does_nothing_wrong_has_no_flaw(
    directory: Path,
) -> None:
    outcome = await of_a_chassis(
        "nothing", directory, tuple(kind for kinds in NEEDS.values() for kind in kinds)
    )
    assert not outcome.flaws
