"""The broker's disk is full: facts wait in the outbox and say so, and come through when there is room; none is lost."""

from pathlib import Path

import pytest

from summit_chassis.provisioner import Storage
from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.disk import disk_at
from summit_testkit.eventually import eventually
from summit_testkit.probe.pipeline import Pipeline, running
from summit_testkit.probe.services import CODES, pending, publish, withdrawn, write_facts

pytestmark = pytest.mark.usefixtures("quick_redelivery")

OF_STREAMS = Storage(max_bytes=2 * 1024**2)
SOME = range(300)


async def test_facts_wait_while_the_brokers_disk_is_full_and_come_through_when_there_is_room(
    databases: Databases, tmp_path: Path
) -> None:
    with disk_at(tmp_path / "nats") as disk, NatsServer(tmp_path / "nats") as nats:
        if disk is None:
            pytest.skip("a disk is mounted, which only root may")
        async with running(databases.fresh(), databases.fresh(), nats.url, storage=OF_STREAMS) as pipeline:
            await write_facts(pipeline.source, SOME)
            await pipeline.settled()
            disk.fill()
            await eventually(lambda: is_stuck(pipeline), within=90)
            disk.make_room()
            nats.restart()
            ledger = await pipeline.settled(within=120)
            assert len(ledger.applied) > len(SOME)


async def is_stuck(pipeline: Pipeline) -> None:
    """More and more is committed; it waits, and readiness says that something keeps it."""
    await publish(pipeline.source, *(withdrawn(f"more {number}", CODES[number % 7]) for number in range(20)))
    assert await pending(pipeline.source)
    assert await pipeline.publisher.checks()["relay"]()
