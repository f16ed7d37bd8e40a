"""The house, and a page at the end about what wants to be two."""

from pathlib import Path

import pytest

from summit_testkit.house.sources import Module, modules

ROOT = Path(__file__).parents[2]
SIGNALS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def root() -> Path:
    """Where the house stands."""
    return ROOT


@pytest.fixture(scope="session")
def house() -> list[Module]:
    """Every Python file of the house."""
    return modules(ROOT)


@pytest.fixture
def signals(request: pytest.FixtureRequest) -> list[str]:
    """What is said here is said again at the end of the session: it fails nothing, and nobody should miss it."""
    return request.config.stash.setdefault(SIGNALS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if said := config.stash.get(SIGNALS, []):
        terminalreporter.section("wants to be two")
        for line in said:
            terminalreporter.line(line)
