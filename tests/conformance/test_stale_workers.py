"""Who slept while somebody else took over finds the work done, and does nothing twice."""

import signal
from pathlib import Path

import pytest

from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.processes import Probe, probing
from summit_testkit.probe.roles import Orders
from summit_testkit.probe.services import publish, withdrawn, write_facts
from summit_testkit.probe.steps import Death
from summit_testkit.probe.workload import Workload

pytestmark = pytest.mark.usefixtures("quick_redelivery")


@pytest.fixture
def orders(databases: Databases, fresh_nats: NatsServer, tmp_path: Path) -> Orders:
    return Orders(
        "write", databases.fresh(), databases.fresh(), fresh_nats.url, tmp_path, Workload(transactions=40)
    )


async def another_takes_over(probe: Probe, role: str, death: Death) -> None:
    """One of this role falls asleep, another does its work, the first wakes up and has something to say in its log."""
    sleeper = probe.start(role, name="sleeper", death=death)
    await eventually(death.marker.stat)
    await probe.cut_off(sleeper)
    probe.start(role)
    await probe.settled()
    before = sleeper.orders.log.read_text()
    sleeper.send(signal.SIGCONT)

    def it_noticed() -> None:
        assert sleeper.orders.log.read_text() != before

    await eventually(it_noticed)
    await publish(probe.source, withdrawn("afterwards"))
    await probe.settled()


@pytest.mark.parametrize(
    "place",
    [
        "relay: before publishing",
        "relay: in the batch",
        "relay: after acknowledgement, before mark",
        "relay: marked, before commit",
    ],
)
async def test_a_relay_that_slept_past_its_lock_publishes_nothing_twice(
    place: str, orders: Orders, tmp_path: Path
) -> None:
    async with probing(orders) as probe:
        probe.start("write")
        await probe.has_written()
        probe.start("hear")
        death = Death(place, tmp_path / "slept", by=signal.SIGSTOP)
        await another_takes_over(probe, "relay", death)


@pytest.mark.parametrize("place", ["hearer: in the batch", "hearer: before commit"])
async def test_a_hearer_that_slept_past_its_time_applies_nothing_twice(
    place: str, orders: Orders, tmp_path: Path
) -> None:
    async with probing(orders) as probe:
        probe.start("write")
        probe.start("relay")
        await probe.has_written()
        death = Death(place, tmp_path / "slept", by=signal.SIGSTOP)
        await another_takes_over(probe, "hear", death)


async def test_two_relays_and_two_hearers_share_the_work_and_nothing_is_done_twice(orders: Orders) -> None:
    async with probing(orders) as probe:
        for name in ("relay", "relay 2", "hear", "hear 2"):
            probe.start(name.split()[0], name=name)
        for start in range(0, 3000, 100):
            await write_facts(probe.source, range(start, start + 100))
        ledger = await probe.settled()
        assert len(ledger.applied) == 3000
