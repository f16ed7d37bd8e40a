"""Tests of images and of what runs in them; all share one process, because they share one engine and one stack."""

from pathlib import Path

import pytest

from summit_testkit.together import kept_together

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before the tests are handed out by their groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One group for all tests of this folder."""
    kept_together(items, HERE, "containers")
