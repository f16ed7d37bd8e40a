"""What a fact costs where there were a thousand before it, and where there were a million: outbox to inbox, two databases."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import pytest
from sqlalchemy import text

from summit_chassis import broker
from summit_chassis.database import Database
from summit_chassis.provisioner import Durable, provision
from summit_cli.servers.nats import NatsServer
from summit_cli.servers.postgres import PostgresServer
from summit_contracts.fact import Stream
from summit_testkit.measured import Measured, processor_seconds_of_all
from summit_testkit.probe.services import make_tables, write_facts
from summit_testkit.written import tell

ROLES: Final = Path(__file__).with_name("roles.py")
MOST: Final = int(os.environ.get("SUMMIT_GROWTH_FACTS", "10000"))
SIZES: Final = [size for size in (1_000, 10_000, 100_000, 1_000_000) if size <= MOST]
_TOGETHER: Final = 500
_MIB: Final = 2**20


@dataclass(frozen=True)
class Grown:
    """What so many facts took, in one run from empty databases and an empty stream."""

    facts: int
    staging: float
    """Processor seconds of whoever staged them, database included."""
    seconds: float
    """On the clock, from the first published to the last applied."""
    processor: dict[str, float]
    """Seconds of each process meanwhile."""
    resident: dict[str, int]
    """Bytes that each process ended with."""
    outbox: int
    inbox: int
    """Bytes of the tables with their indexes."""


async def _stage(url: str, facts: int) -> None:
    source = Database(url, service="registration")
    for start in range(0, facts, _TOGETHER):
        await write_facts(source, range(start, min(start + _TOGETHER, facts)), aggregates=97)
    await source.dispose()


async def _size_of(url: str, *tables: str) -> int:
    database = Database(url, service="bench")
    async with database.engine.connect() as connection:
        query = text(
            "SELECT sum(pg_total_relation_size(CAST(name AS regclass))) FROM unnest(CAST(:names AS text[])) AS name"
        )
        size = int((await connection.execute(query, {"names": list(tables)})).scalar_one())
    await database.dispose()
    return size


async def _grown(directory: Path, facts: int) -> Grown:
    with NatsServer(directory / "nats") as nats, PostgresServer(directory / "disk") as postgres:
        for name in ("source", "sink"):
            postgres.create_database(name)
            await make_tables(postgres.url(name))
        broker_client = await broker.connect(nats.url, service="bench")
        await provision(broker_client, [Durable(Stream.REGISTRATION, "scheduling")])
        await broker.close(broker_client)
        watched = {"PostgreSQL": psutil.Process(postgres.pid), "NATS": psutil.Process(nats.pid)}
        own, theirs = time.process_time(), processor_seconds_of_all(watched["PostgreSQL"])
        await _stage(postgres.url("source"), facts)
        staging = time.process_time() - own + processor_seconds_of_all(watched["PostgreSQL"]) - theirs
        clients = []
        for role, database in (("relay", "source"), ("hear", "sink")):
            client = await Measured.ready(ROLES, role, nats.url, postgres.url(database), str(facts))
            watched[role] = client.process
            clients.append(client)
        before, start = (
            {name: processor_seconds_of_all(one) for name, one in watched.items()},
            time.perf_counter(),
        )
        for one in clients:
            one.go()
        await asyncio.gather(*(one.done() for one in clients))
        seconds = time.perf_counter() - start
        grown = Grown(
            facts, staging, seconds,
            {name: processor_seconds_of_all(one) - before[name] for name, one in watched.items()},
            {name: one.memory_info().rss for name, one in watched.items() if name != "PostgreSQL"},
            await _size_of(postgres.url("source"), "outbox", "outbox_aggregate"),
            await _size_of(postgres.url("sink"), "inbox", "inbox_aggregate"),
        )  # fmt: skip
        await asyncio.gather(*(one.gone() for one in clients))
    return grown


@pytest.mark.timeout(3600)
async def test_what_a_fact_costs_does_not_grow_with_those_before_it(server_directory: Path) -> None:
    grown = [await _grown(server_directory / f"growth-{facts}", facts) for facts in SIZES]
    tell("test_growth.py", _table(grown))
    assert [one.facts for one in grown] == SIZES


def _table(grown: Sequence[Grown]) -> str:
    return "\n".join(
        [
            "| facts | a second | processor seconds for 1,000: staging | relay | hearer | PostgreSQL | NATS | memory at the end, MiB: relay | hearer | NATS | outbox, MiB | inbox, MiB |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
            *(_row(one) for one in grown),
        ]
    )


def _row(one: Grown) -> str:
    thousands = one.facts / 1000
    each = [one.staging, *(one.processor[name] for name in ("relay", "hear", "PostgreSQL", "NATS"))]
    sizes = [*(one.resident[name] for name in ("relay", "hear", "NATS")), one.outbox, one.inbox]
    cells = [
        f"{one.facts:,}",
        f"{one.facts / one.seconds:,.0f}",
        *(f"{seconds / thousands:.3f}" for seconds in each),
        *(f"{size / _MIB:.1f}" for size in sizes),
    ]
    return f"| {' | '.join(cells)} |"
