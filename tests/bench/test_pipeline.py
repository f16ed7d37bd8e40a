"""Outbox to inbox, against the same messages without any database, in turn and in the same run."""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import nats
import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from summit_chassis import broker
from summit_chassis.broker import Outgoing
from summit_chassis.consumer import Consumer
from summit_chassis.database import Database, Transaction
from summit_chassis.inbox import Inbox
from summit_chassis.provisioner import Durable, provision
from summit_chassis.relay import Relay
from summit_chassis.subscribers import Subscribers
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import CONTENT_TYPE, Envelope
from summit_contracts.fact import Service, Stream
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit.databases import Databases
from summit_testkit.probe.services import ProbeUnit, applied_rows, make_tables, write_facts

FACTS = 4000
ROUNDS = 3
RAW_BATCH = 256

subscribers: Subscribers[ProbeUnit] = Subscribers(Service.SCHEDULING)


@subscribers.on(DelegationWithdrawn)
async def on_delegation_withdrawn(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
    """A row for each fact, written as a set at the end of the batch."""
    unit.rows.append(
        {
            "event_id": event.id,
            "aggregate_id": event.aggregateid,
            "version": event.aggregateversion,
            "reason": event.data.reason,
        }
    )


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    start = time.perf_counter()
    await work()
    return FACTS / (time.perf_counter() - start)


async def _ours(databases: Databases, server: NatsServer) -> float:
    """Facts per second from a full outbox through relay, stream and inbox to the hearer's last commit."""
    source_url, sink_url = databases.fresh(), databases.fresh()
    await make_tables(source_url)
    await make_tables(sink_url)
    source, sink = Database(source_url, service="registration"), Database(sink_url, service="scheduling")
    client = await broker.connect(server.url, service="bench")
    await provision(client, [Durable(Stream.REGISTRATION, "scheduling")])
    for start in range(0, FACTS, 500):
        await write_facts(source, range(start, start + 500), aggregates=97)
    inbox = Inbox(sink, subscribers, make_unit)
    stopping = asyncio.Event()

    async def through() -> None:
        running = [
            asyncio.create_task(Relay(source, client).run(stopping)),
            asyncio.create_task(
                Consumer(client, inbox, stream="REGISTRATION", durable="scheduling").run(stopping)
            ),
        ]
        while len(await applied_rows(sink)) < FACTS:  # noqa: ASYNC110  # what is waited for lies in the database
            await asyncio.sleep(0.02)
        stopping.set()
        await asyncio.gather(*running)

    rate = await _timed(through)
    await broker.close(client)
    await source.dispose()
    await sink.dispose()
    return rate


def make_unit(transaction: Transaction) -> ProbeUnit:
    """The hearer's unit of work."""
    return ProbeUnit(transaction)


async def _raw(server: NatsServer, payload: bytes) -> float:
    """Messages per second through the same stream settings by nats-py alone: atomic batches out, fetch and acknowledge in."""
    client = await broker.connect(server.url, service="raw")
    await provision(client, [])
    durable = ConsumerConfig(durable_name="raw", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=2048)
    await client.jetstream().add_consumer("REGISTRATION", durable)
    subject = "summit.probe.registration.delegation_withdrawn.v1.AA"
    headers = {"content-type": CONTENT_TYPE}

    async def publish() -> None:
        for start in range(0, FACTS, RAW_BATCH):
            batch = [
                Outgoing(f"raw-{number}", subject, payload, headers)
                for number in range(start, min(start + RAW_BATCH, FACTS))
            ]
            await broker.publish(client, "REGISTRATION", batch)

    async def consume() -> None:
        subscription = await client.jetstream().pull_subscribe_bind("raw", stream="REGISTRATION")
        seen = 0
        while seen < FACTS:
            try:
                messages = await subscription.fetch(RAW_BATCH, timeout=1)
            except nats.errors.TimeoutError:
                continue
            for message in messages:
                await message.ack()
            seen += len(messages)

    async def through() -> None:
        await asyncio.gather(publish(), consume())

    rate = await _timed(through)
    await broker.close(client)
    return rate


@pytest.mark.timeout(600)
async def test_publish_to_apply_against_raw_nats(databases: Databases, server_directory: Path) -> None:
    payload = json.dumps({"padding": "x" * 380}).encode()
    ours: list[float] = []
    raw: list[float] = []
    for number in range(ROUNDS):
        with NatsServer(server_directory / f"ours-{number}") as server:
            ours.append(await _ours(databases, server))
        with NatsServer(server_directory / f"raw-{number}") as server:
            raw.append(await _raw(server, payload))
    ratios = [one / other for one, other in zip(ours, raw, strict=True)]
    print(  # noqa: T201  # a benchmark is there to be read
        f"\npublish to apply, {FACTS} facts, sync_interval always, {ROUNDS} rounds in turn:"
        f"\n  with PostgreSQL on both sides {statistics.median(ours):8.0f}/s"
        f"\n  raw nats-py, no database      {statistics.median(raw):8.0f}/s"
        f"\n  ratio (median of the rounds)  {statistics.median(ratios):8.2f}"
    )
    assert min(ours) > 0
