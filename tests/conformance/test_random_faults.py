"""Everything dies at random under load, and afterwards the books read as if nothing had happened.

The seed is printed; `SUMMIT_FAULT_SEED=<number>` plays the same workload and the same order of faults again.
"""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from summit_cli.servers.nats import NatsServer
from summit_cli.servers.postgres import PostgresServer
from summit_testkit.eventually import eventually
from summit_testkit.probe.ledger import told
from summit_testkit.probe.processes import Probe, probing
from summit_testkit.probe.roles import Orders
from summit_testkit.probe.services import applied_rows
from summit_testkit.probe.workload import Workload

pytestmark = pytest.mark.usefixtures("quick_redelivery")

FAULTS = ("writer", "relay", "hearer", "hearer", "broker", "broker", "database")


@dataclass
class Servers:
    """A broker and a database that wait for the disk, so that they may die."""

    nats: NatsServer
    postgres: PostgresServer


@pytest.fixture
def servers(server_directory: Path) -> Iterator[Servers]:
    nats = NatsServer(server_directory / "mortal-nats")
    postgres = PostgresServer(server_directory / "mortal-postgres")
    with nats, postgres:
        postgres.create_database("source")
        postgres.create_database("sink")
        yield Servers(nats, postgres)
        for name in ("source", "sink"):
            postgres.drop_database(name)


async def progress(probe: Probe) -> tuple[int, int]:
    """How many transactions were committed, and how many facts applied."""
    async with probe.source.engine.connect() as connection:
        written = (await connection.execute(text("SELECT count(*) FROM written"))).scalar_one()
    return int(written), len(await applied_rows(probe.sink))


async def until_it_goes_on(probe: Probe, transactions: int) -> None:
    """So many more transactions were committed, or all; and something was applied since, or everything has been."""
    written, applied = await eventually(lambda: progress(probe))
    all_of_them = sum(not step.is_rolled_back for step in probe.orders.workload.steps())

    async def more() -> None:
        now, applied_now = await progress(probe)
        assert now >= min(written + transactions, all_of_them)
        assert applied_now > applied or now == all_of_them

    await eventually(more)


def strike(fault: str, probe: Probe, servers: Servers) -> None:
    match fault:
        case "broker":
            servers.nats.kill()
            servers.nats.restart()
        case "database":
            servers.postgres.kill()
            servers.postgres.restart()
        case "writer":
            probe.members["write"].send(signal.SIGKILL)
        case "relay":
            probe.members["relay"].send(signal.SIGKILL)
        case _:
            probe.members["hear"].send(signal.SIGKILL)


async def disturb(servers: Servers, logs: Path, *, faults: int, transactions: int) -> None:
    seed = int(os.environ.get("SUMMIT_FAULT_SEED") or Random().randrange(10**6))
    print(f"SUMMIT_FAULT_SEED={seed}")  # noqa: T201  # shown when the test fails: the way to play it again
    chance = Random(seed)
    workload = Workload(seed, transactions)
    orders = Orders(
        "write",
        servers.postgres.url("source"),
        servers.postgres.url("sink"),
        servers.nats.url,
        logs,
        workload,
        pause=0.01,
    )
    async with probing(orders) as probe:
        for role in ("write", "relay", "hear"):
            probe.start(role)
        for fault in chance.choices(FAULTS, k=faults):
            await until_it_goes_on(probe, chance.randint(1, max(1, transactions // faults)))
            strike(fault, probe, servers)
        await probe.has_written()
        ledger = await probe.settled(within=90)
    assert ledger.story[0] == told(workload)


async def test_random_deaths_under_load_change_nothing(servers: Servers, tmp_path: Path) -> None:
    await disturb(servers, tmp_path, faults=8, transactions=240)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_many_random_deaths_under_load_change_nothing(servers: Servers, tmp_path: Path) -> None:
    await disturb(servers, tmp_path, faults=60, transactions=3000)
