"""Tests that share a running system stay in one process."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_reaches_whoever_hands_out_the_tests(request: pytest.FixtureRequest) -> None:
    """A release of pytest once made pytest-xdist forget every group, without a word (pytest-xdist issue 1386)."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process runs all tests")
    assert request.node.nodeid.endswith("@together")
