"""Tests that share a running system: in one process, in one loop, on a machine that lives in June 2022."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from summit_cli import clock as clocks
from summit_cli.clock import Clock
from summit_cli.machine import Machine
from summit_cli.state import State

_SPRING = datetime(2022, 6, 1, 9, tzinfo=UTC)


def kept_together(items: Sequence[pytest.Item], folder: Path, group: str) -> list[pytest.Item]:
    """The tests of this folder run in one process, and those that are asynchronous in one loop; which ones these are.

    To be called from `pytest_collection_modifyitems` before tests are handed out by their groups (`tryfirst`).
    """
    found = [item for item in items if item.path.is_relative_to(folder)]
    for item in found:
        item.add_marker(pytest.mark.xdist_group(group))
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    return found


def spring() -> Clock:
    """A clock that shows June 2022, when delegations register."""
    return clocks.showing(_SPRING)


@contextmanager
def machine_at(directory: Path, clock: Clock) -> Iterator[Machine]:
    """NATS, PostgreSQL, the mailbox and the provider of one system, all living by that clock."""
    state = State(directory)
    clocks.keep(state, clock)
    with Machine(state, tell=lambda _: None) as machine:
        yield machine
