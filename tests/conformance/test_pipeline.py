"""Committed on one side, in effect on the other: once, in order, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from summit_chassis import broker
from summit_chassis.consumer import Consumer
from summit_chassis.database import Database
from summit_chassis.deadletters import DeadLetters
from summit_chassis.inbox import Inbox
from summit_chassis.provisioner import Durable, provision
from summit_chassis.relay import Relay
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Stream
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit import probe
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually


class Pipeline:
    """A publisher's database, a relay, a stream, a consumer, a hearer's database."""

    def __init__(
        self, source: Database, sink: Database, client: broker.SummitClient, inbox: Inbox[probe.ProbeUnit]
    ) -> None:
        self.source, self.sink, self.client, self.inbox = source, sink, client, inbox

    async def has_applied(self, count: int) -> None:
        rows = await probe.applied_rows(self.sink)
        assert len(rows) == count


@asynccontextmanager
async def running(databases: Databases, nats: NatsServer) -> AsyncIterator[Pipeline]:
    async with AsyncExitStack() as stack:
        source_url, sink_url = databases.fresh(), databases.fresh()
        await probe.make_tables(source_url)
        await probe.make_tables(sink_url)
        source, sink = Database(source_url, service="registration"), Database(sink_url, service="scheduling")
        stack.push_async_callback(source.dispose)
        stack.push_async_callback(sink.dispose)
        client = await broker.connect(nats.url, service="probe")
        stack.push_async_callback(broker.close, client)
        await provision(client, [Durable(Stream.REGISTRATION, "scheduling")])
        inbox = Inbox(sink, probe.subscribers, probe.ProbeUnit, max_attempts=2)
        stopping = asyncio.Event()
        tasks = [
            asyncio.create_task(Relay(source, client).run(stopping)),
            asyncio.create_task(
                Consumer(client, inbox, stream="REGISTRATION", durable="scheduling").run(stopping)
            ),
        ]
        try:
            yield Pipeline(source, sink, client, inbox)
        finally:
            stopping.set()
            await asyncio.gather(*tasks)


@pytest.fixture
async def pipeline(databases: Databases, fresh_nats: NatsServer) -> AsyncIterator[Pipeline]:
    async with running(databases, fresh_nats) as pipeline:
        yield pipeline


async def test_everything_committed_takes_effect_once_and_in_order(pipeline: Pipeline) -> None:
    for start in range(0, 1000, 100):
        await probe.write_facts(pipeline.source, range(start, start + 100))
    await eventually(lambda: pipeline.has_applied(1000), within=30)
    rows = await probe.applied_rows(pipeline.sink)
    for aggregate in {row[1] for row in rows}:
        versions = [row[2] for row in rows if row[1] == aggregate]
        assert versions == list(range(1, len(versions) + 1))
    assert await probe.pending(pipeline.source) == 0


async def test_a_poison_is_set_aside_and_applied_after_its_replay(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pipeline.source.transaction() as transaction:
        for reason in ("1", "poison", "3"):
            transaction.stage(DelegationWithdrawn(edition_id=probe.EDITION, invitee="AA", reason=reason))
        transaction.stage(DelegationWithdrawn(edition_id=probe.EDITION, invitee="BB", reason="neighbour"))
    letters = DeadLetters(pipeline.sink)

    async def one_dead_and_one_parked() -> None:
        assert [letter.state for letter in await letters.open_letters()] == ["dead", "parked"]

    await eventually(one_dead_and_one_parked, within=20)
    assert [row[3] for row in await probe.applied_rows(pipeline.sink)] == ["1", "neighbour"]
    dead = (await letters.open_letters())[0]
    assert dead.reason == "RuntimeError: poison"
    assert dead.attempts == 2

    async def heal(event: Envelope[DelegationWithdrawn], unit: probe.ProbeUnit) -> None:
        unit.note(event)

    monkeypatch.setitem(probe.subscribers._handlers, DelegationWithdrawn.TYPE, heal)
    await letters.mark_for_replay(dead.dead_letter_id)
    assert await pipeline.inbox.replay() == 1
    assert [row[3] for row in await probe.applied_rows(pipeline.sink)] == ["1", "neighbour", "poison", "3"]
    assert await letters.open_letters() == []


async def test_a_rolled_back_transaction_publishes_nothing(pipeline: Pipeline) -> None:
    async def stage_and_fail() -> None:
        async with pipeline.source.transaction() as transaction:
            transaction.stage(DelegationWithdrawn(edition_id=probe.EDITION, invitee="AA"))
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await stage_and_fail()
    await probe.write_facts(pipeline.source, [1])
    await eventually(lambda: pipeline.has_applied(1), within=20)
    assert [row[3] for row in await probe.applied_rows(pipeline.sink)] == ["1"]
