"""Databases that are migrated already, and a publisher that answers requests."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from summit_chassis import broker, migrations
from summit_chassis.provisioner import provision
from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.probe.application import publisher
from summit_testkit.probe.services import DURABLES
from summit_testkit.probe.serving import Served, serving, settings_of


@pytest.fixture
def probe_template(databases: Databases) -> str:
    """The name of a template with the probe's tables."""

    def prepare(url: str) -> None:
        asyncio.run(migrations.upgrade(url, publisher.versions, publisher.metadata))

    return databases.template("migrated_probe", prepare)


@pytest.fixture
def probe_url(databases: Databases, probe_template: str) -> str:
    """The URL of a migrated database of this test's own."""
    return databases.fresh(probe_template)


@pytest.fixture
async def served(probe_url: str) -> AsyncIterator[Served]:
    """The publisher's routes; nothing runs beside them, and there is no NATS server."""
    async with serving(publisher, settings_of(probe_url, "nats://127.0.0.1:1"), "http") as served:
        yield served


@pytest.fixture
async def provisioned_nats(fresh_nats: NatsServer) -> NatsServer:
    """A NATS server with all streams and durables."""
    client = await broker.connect(fresh_nats.url, service="test")
    await provision(client, DURABLES)
    await broker.close(client)
    return fresh_nats
