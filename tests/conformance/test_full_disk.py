"""The broker's disk is full: facts wait in the outbox and say so, and come through when there is room; none is lost."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from summit_chassis.provisioner import Storage
from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.pipeline import Pipeline, running
from summit_testkit.probe.services import CODES, pending, publish, withdrawn, write_facts

pytestmark = pytest.mark.usefixtures("quick_redelivery")

ROOM = "40m"
OF_STREAMS = Storage(max_bytes=2 * 1024**2)
SOME = range(300)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with little room, of this test's own."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk is mounted, which only root may")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(ballast: Path) -> None:
    """The disk that it lies on has no room left."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


async def test_facts_wait_while_the_brokers_disk_is_full_and_come_through_when_there_is_room(
    databases: Databases, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    with NatsServer(small_disk / "nats") as nats:
        async with running(databases.fresh(), databases.fresh(), nats.url, storage=OF_STREAMS) as pipeline:
            await write_facts(pipeline.source, SOME)
            await pipeline.settled()
            fill(ballast)
            await eventually(lambda: is_stuck(pipeline), within=90)
            ballast.unlink()
            nats.restart()
            ledger = await pipeline.settled(within=120)
            assert len(ledger.applied) > len(SOME)


async def is_stuck(pipeline: Pipeline) -> None:
    """More and more is committed; it waits, and readiness says that something keeps it."""
    await publish(pipeline.source, *(withdrawn(f"more {number}", CODES[number % 7]) for number in range(20)))
    assert await pending(pipeline.source)
    assert await pipeline.publisher.checks()["relay"]()
