"""Scheduling at a desk of its own, told of a small summit and the delegations that come to it."""

from collections.abc import AsyncIterator

import pytest
from tests.integration.scheduling.planting import Planting
from tests.integration.scheduling.planting import planting as planting_at

from summit_contracts.values import Rank
from summit_scheduling.app import service
from summit_scheduling.settings import SchedulingSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import desk, emptied
from summit_testkit.meetings import Meetings, delegation, published


@pytest.fixture
async def meetings(databases: Databases) -> AsyncIterator[Meetings]:
    """Doors only: nothing is solved."""
    async with desk(
        service, SchedulingSettings, databases, url=await emptied(service, databases)
    ) as scheduling:
        await scheduling.hear(published())
        yield Meetings(scheduling)


@pytest.fixture
async def solving(databases: Databases) -> AsyncIterator[Meetings]:
    """With a worker that solves; KE, RW and FR have registered."""
    url = await emptied(service, databases)
    async with desk(service, SchedulingSettings, databases, url=url, role="serve") as scheduling:
        people = (delegation(code, Rank.SENIOR_OFFICER) for code in ("KE", "RW", "FR"))
        await scheduling.hear(published(), *people)
        yield Meetings(scheduling)


@pytest.fixture
async def planting(databases: Databases) -> AsyncIterator[Planting]:
    """With a worker whose solvers a test can replace."""
    async with planting_at(databases) as planted:
        yield planted
