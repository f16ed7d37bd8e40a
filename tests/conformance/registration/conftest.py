"""Where registration keeps things: in memory and in PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from summit_registration.app import service
from summit_registration.domain.ports import Unit
from summit_testkit.databases import Databases
from summit_testkit.memory.registration import InMemoryRegistration
from summit_testkit.places import Places, SqlPlaces, sql_places


@pytest.fixture(params=["memory", "postgresql"])
async def places(request: pytest.FixtureRequest, databases: Databases) -> AsyncIterator[Places[Unit]]:
    if request.param == "memory":
        yield InMemoryRegistration()
        return
    async with sql_places(service, databases) as places:
        yield places


@pytest.fixture
async def sql(databases: Databases) -> AsyncIterator[SqlPlaces[Unit]]:
    async with sql_places(service, databases) as places:
        yield places
