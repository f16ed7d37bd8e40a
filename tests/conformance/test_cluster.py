"""A cluster of three, every stream kept three times: whatever happens to one server, under load, nothing is lost and order holds.

The servers are containers where an engine and the images are there, else processes.
"""

import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from summit_cli.streams import stored
from summit_contracts.fact import Stream
from summit_testkit import engine
from summit_testkit.cluster import Cluster, Member, NatsCluster
from summit_testkit.contained_cluster import ContainedCluster
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.processes import Probe, probing
from summit_testkit.probe.roles import Orders
from summit_testkit.probe.services import DURABLES, applied_reasons, applied_rows, publish, withdrawn
from summit_testkit.probe.workload import Workload

pytestmark = pytest.mark.usefixtures("quick_redelivery")

ENDLESS = Workload(seed=5, transactions=100_000)


@pytest.fixture
async def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Cluster]:
    made: Cluster
    if engine.is_left_out():
        made = NatsCluster(tmp_path, durable=False)  # nobody pulls the plug here
    else:
        made = ContainedCluster(request.getfixturevalue("images")["nats"], tmp_path)
    async with made as cluster:
        yield cluster


@pytest.fixture
async def probe(cluster: Cluster, databases: Databases, tmp_path: Path) -> AsyncIterator[Probe]:
    """A writer, a relay and a hearer at work; afterwards the books read as if nothing had happened."""
    orders = Orders("write", databases.fresh(), databases.fresh(), cluster.url, tmp_path, ENDLESS, pause=0.05)
    await cluster.provisioned(DURABLES)
    async with probing(orders) as probe:
        for role in ("relay", "hear", "write"):
            probe.start(role)
        await goes_on(probe)
        yield probe
        probe.members["write"].send(signal.SIGTERM)
        await probe.has_written(within=90)
        await probe.settled(within=90)
        await history_is_the_same(probe)


async def leader(probe: Probe, cluster: Cluster, stream: Stream = Stream.REGISTRATION) -> Member:
    """The server that leads the stream."""

    async def known() -> str:
        told = (await probe.client.jetstream(timeout=2).stream_info(stream.value)).cluster
        assert told
        assert told.leader
        return str(told.leader)

    return cluster.named(await eventually(known))


async def goes_on(probe: Probe) -> float:
    """So many seconds passed until a fact that was committed now had been applied."""
    since, says = time.monotonic(), f"after-{len(await applied_rows(probe.sink))}"
    await publish(probe.source, withdrawn(says))

    async def is_applied() -> None:
        assert says in await applied_reasons(probe.sink)

    await eventually(is_applied, within=90)
    return time.monotonic() - since


async def history_is_the_same(probe: Probe) -> None:
    """SUMMIT has every fact of its owner, once and in the same order."""

    async def all_there() -> None:
        owned = [one.headers["Nats-Msg-Id"] async for one in stored(probe.client, Stream.REGISTRATION)]
        copied = [one.headers["Nats-Msg-Id"] async for one in stored(probe.client, Stream.SUMMIT)]
        assert [one for one in copied if one in set(owned)] == owned

    await eventually(all_there, within=60)


@pytest.mark.timeout(900)
async def test_a_server_is_killed_restarted_cut_off_or_stands_still_and_nothing_is_lost(
    probe: Probe, cluster: Cluster
) -> None:
    victim = await leader(probe, cluster)
    victim.kill()
    told_of("leader killed", await goes_on(probe))
    victim.start()
    await cluster.is_whole()
    for server in cluster.servers:
        server.stop()
        told_of("server stopped", await goes_on(probe))
        server.start()
        await cluster.is_whole()
    victim = await leader(probe, cluster)
    cluster.cut_off(victim)
    told_of("leader cut off", await goes_on(probe))
    cluster.rejoin(victim)
    await cluster.is_whole()
    victim = await leader(probe, cluster)
    victim.pause()
    try:
        told_of("leader paused", await goes_on(probe))
    finally:
        victim.resume()
    await cluster.is_whole()


def told_of(fault: str, seconds: float) -> None:
    """Who runs this with -s reads how long it took; `docs/reliability.md` says what was measured."""
    print(f"\n{fault}: goes on after {seconds:.1f} s")  # noqa: T201  it is what the run is for
