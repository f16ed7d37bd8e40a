"""Tests of images and of what runs in them; all share one process, because they share one engine and one stack."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before the tests are handed out by their groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One group for all tests of this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("containers"))
