"""Tests wait with `eventually()` and use the in-memory versions of ports: no sleeps, no mocks."""

from pathlib import Path

import pytest

from summit_testkit.house.patience import mocks, sleeps
from summit_testkit.house.sources import Module


@pytest.fixture(scope="module")
def tests(house: list[Module]) -> list[Module]:
    return [module for module in house if module.is_test]


def test_no_test_sleeps(tests: list[Module]) -> None:
    faults = [str(fault) for module in tests for fault in sleeps(module)]
    assert not faults, "\n".join(faults)


def test_no_test_mocks(tests: list[Module]) -> None:
    faults = [str(fault) for module in tests for fault in mocks(module)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("line", ["time.sleep(1)", "await asyncio.sleep(0.1)", "await asyncio.sleep(pause)"])
def test_a_planted_sleep_is_found(line: str) -> None:
    assert list(sleeps(Module(Path("planted.py"), f"async def test_it() -> None:\n    {line}")))


def test_letting_others_run_is_no_sleep() -> None:
    assert not list(sleeps(Module(Path("planted.py"), "async def f() -> None:\n    await asyncio.sleep(0)")))


@pytest.mark.parametrize(
    "line",
    [
        "from unittest.mock import AsyncMock",
        "from unittest import mock",
        "import unittest.mock",
        "from pytest_mock import MockerFixture",
    ],
)
def test_a_planted_mock_is_found(line: str) -> None:
    assert list(mocks(Module(Path("planted.py"), line)))
