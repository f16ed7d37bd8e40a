"""The portal on a database of the test's own, told what a test wants it to hear."""

from collections.abc import AsyncIterator

import pytest

from summit_portal.app import service
from summit_portal.settings import PortalSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def portal(databases: Databases) -> AsyncIterator[Desk]:
    """The portal; no other service answers it."""
    async with desk(
        service,
        PortalSettings,
        databases,
        portal_url=NOWHERE,
        registration_url=NOWHERE,
        scheduling_url=NOWHERE,
        pledges_url=NOWHERE,
        notifications_url=NOWHERE,
        session_key="k" * 32,
    ) as portal:
        yield portal
