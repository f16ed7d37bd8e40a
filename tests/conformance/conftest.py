"""The probe on servers of its own, quick to notice what was not acknowledged."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from summit_chassis import provisioner
from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.probe.pipeline import Pipeline, running


@pytest.fixture
def quick_redelivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed hearer had not acknowledged comes again after 2 s instead of 15, and another has its turn after 1.5 s."""
    monkeypatch.setattr(provisioner, "ACK_WAIT", timedelta(seconds=2))
    monkeypatch.setattr(provisioner, "TURN", timedelta(seconds=1.5))


@pytest.fixture
async def pipeline(
    databases: Databases, fresh_nats: NatsServer, quick_redelivery: None
) -> AsyncIterator[Pipeline]:
    """A publisher and a hearer at work."""
    async with running(databases.fresh(), databases.fresh(), fresh_nats.url) as pipeline:
        yield pipeline
