"""What all runs of the rig share: a place, and a seed that is printed."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest


@pytest.hookimpl(tryfirst=True)  # before the tests are handed out by their groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One system at a time."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.path.stem != "test_judging":
            item.add_marker(pytest.mark.xdist_group("chaos"))


@pytest.fixture
def seed() -> int:
    """Decides who does what and what goes wrong; `SUMMIT_FAULT_SEED` plays one again."""
    seed = int(os.environ.get("SUMMIT_FAULT_SEED") or Random().randrange(10**6))
    print(f"SUMMIT_FAULT_SEED={seed}")  # noqa: T201  # shown when the test fails: the way to play it again
    return seed


@pytest.fixture
def directory() -> Iterator[Path]:
    """Where the system of this test lives."""
    with TemporaryDirectory(prefix="summit-chaos-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # as root, PostgreSQL runs under another account and passes through here
        yield Path(name)
