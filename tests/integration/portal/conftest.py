"""The portal on a database of the test's own, told what a test wants it to hear."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from summit_portal.app import service
from summit_portal.settings import PortalSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

NOWHERE = "http://127.0.0.1:1"


def alone(databases: Databases, **own: Any) -> AbstractAsyncContextManager[Desk]:
    return desk(
        service,
        PortalSettings,
        databases,
        portal_url=NOWHERE,
        registration_url=NOWHERE,
        scheduling_url=NOWHERE,
        pledges_url=NOWHERE,
        notifications_url=NOWHERE,
        session_key="k" * 32,
        **own,
    )


@pytest.fixture
async def portal(databases: Databases) -> AsyncIterator[Desk]:
    """The portal; no other service answers it."""
    async with alone(databases) as portal:
        yield portal


@pytest.fixture
async def strict_portal(databases: Databases) -> AsyncIterator[Desk]:
    """The same, and an address may knock three times a minute."""
    async with alone(databases, knocks_per_minute=3) as portal:
        yield portal
