"""Outbox to inbox, against the same messages without any database: four processes, in turn and in the same run."""

import asyncio
import statistics
import time
from pathlib import Path

import pytest

from summit_chassis import broker
from summit_chassis.database import Database
from summit_chassis.provisioner import Durable, provision
from summit_cli.servers.nats import NatsServer
from summit_contracts.fact import Stream
from summit_testkit.databases import Databases
from summit_testkit.measured import Measured
from summit_testkit.probe.services import make_tables, write_facts

ROLES = Path(__file__).with_name("roles.py")
FACTS = 30000
ROUNDS = 3


async def _rate(server: NatsServer, *roles: tuple[str, str]) -> float:
    """Facts per second from the word go until every role has done its part."""
    running = [
        await Measured.ready(ROLES, name, server.url, database, str(FACTS)) for name, database in roles
    ]
    start = time.perf_counter()
    for role in running:
        role.go()
    await asyncio.gather(*(role.done() for role in running))
    elapsed = time.perf_counter() - start
    await asyncio.gather(*(role.gone() for role in running))
    return FACTS / elapsed


async def _provisioned(server: NatsServer, *durables: Durable) -> None:
    client = await broker.connect(server.url, service="bench")
    await provision(client, list(durables))
    await broker.close(client)


async def _ours(databases: Databases, server: NatsServer) -> float:
    source_url, sink_url = databases.fresh(), databases.fresh()
    await make_tables(source_url)
    await make_tables(sink_url)
    await _provisioned(server, Durable(Stream.REGISTRATION, "scheduling"))
    source = Database(source_url, service="registration")
    for start in range(0, FACTS, 500):
        await write_facts(source, range(start, start + 500), aggregates=97)
    await source.dispose()
    return await _rate(server, ("relay", source_url), ("hear", sink_url))


async def _raw(server: NatsServer, publisher: str) -> float:
    await _provisioned(server)
    return await _rate(server, (publisher, ""), ("fetch", ""))


@pytest.mark.timeout(900)
async def test_publish_to_apply_against_raw_nats(databases: Databases, server_directory: Path) -> None:
    rates: dict[str, list[float]] = {"ours": [], "pipeline": [], "publish": []}
    for number in range(ROUNDS):
        for variant, measured in rates.items():
            with NatsServer(server_directory / f"{variant}-{number}") as server:
                ours = variant == "ours"
                measured.append(await (_ours(databases, server) if ours else _raw(server, variant)))
    median = {variant: statistics.median(measured) for variant, measured in rates.items()}
    print(  # noqa: T201  # a benchmark is there to be read
        f"\npublish to apply, {FACTS} facts, sync_interval always, {ROUNDS} rounds in turn, medians:"
        f"\n  outbox, relay, stream, inbox: PostgreSQL on both sides       {median['ours']:8.0f}/s"
        f"\n  nats-py, pipelined publish, fetch and acknowledge: no database {median['pipeline']:6.0f}/s   {_ratio(rates, 'pipeline')}"
        f"\n  hand-made atomic batches, fetch and acknowledge: no database {median['publish']:8.0f}/s   {_ratio(rates, 'publish')}"
    )
    assert min(rates["ours"]) > 0


def _ratio(rates: dict[str, list[float]], raw: str) -> str:
    ratios = [one / other for one, other in zip(rates["ours"], rates[raw], strict=True)]
    return f"ratio {', '.join(f'{ratio:.2f}' for ratio in ratios)}; median {statistics.median(ratios):.2f}"
