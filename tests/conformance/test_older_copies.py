"""An older copy of the stream comes back in the worst moment; the three ways to lose a fact that the model found are closed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from summit_chassis import broker, inbox, relay
from summit_chassis.connection import message
from summit_chassis.database import Database
from summit_chassis.provisioner import Durable, provision
from summit_chassis.pulling import Pull
from summit_chassis.relay import Relay
from summit_chassis.runtime import Runtime
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Stream
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.older_copy import OlderCopy
from summit_testkit.probe.pipeline import runtime
from summit_testkit.probe.services import (
    CODES,
    DURABLES,
    HEARER,
    PUBLISHER,
    ProbeUnit,
    applied_reasons,
    make_tables,
    pending,
    publish,
    withdrawn,
)

pytestmark = pytest.mark.usefixtures("quick_redelivery")
REGISTRATION = Stream.REGISTRATION.value


class Crashed(BaseException):
    """The process ended here."""


@pytest.fixture
async def client(fresh_nats: NatsServer) -> AsyncIterator[broker.SummitClient]:
    """A connection to a server whose streams are there and empty."""
    client = await broker.connect(fresh_nats.url, service="probe")
    await provision(client, DURABLES)
    yield client
    await broker.close(client)


@pytest.fixture
async def empty(client: broker.SummitClient, fresh_nats: NatsServer, tmp_path: Path) -> OlderCopy:
    """A copy from before anything was published."""
    copy = OlderCopy(fresh_nats, tmp_path)
    await broken(client, copy.take)
    return copy


@pytest.fixture
async def source(databases: Databases) -> AsyncIterator[Database]:
    """The publisher's database."""
    url = databases.fresh()
    await make_tables(url)
    source = Database(url, service=PUBLISHER.value, pool=4)
    yield source
    await source.dispose()


async def broken(client: broker.SummitClient, work: Any) -> None:
    """The connection broke while this was done, and is there again."""
    before = client.connection
    await asyncio.to_thread(work)

    def is_connected_again() -> None:
        assert client.is_connected
        assert client.connection > before

    await eventually(is_connected_again)


async def said(client: broker.SummitClient) -> list[str]:
    """What the stream holds, by its facts' reasons, in order."""
    jetstream = client.jetstream()
    last = (await jetstream.stream_info(REGISTRATION)).state.last_seq
    messages = [await jetstream.get_msg(REGISTRATION, seq) for seq in range(1, last + 1)]
    return [
        str(Envelope[DelegationWithdrawn].model_validate_json(one.data or b"").data.reason)
        for one in messages
    ]


async def published_at(source: Database) -> list[int | None]:
    """Where the stream keeps each fact, as marked, in the order of the outbox."""
    async with source.engine.connect() as connection:
        return list((await connection.execute(text("SELECT pub_seq FROM outbox ORDER BY seq"))).scalars())


async def publish_the_second(client: broker.SummitClient, source: Database) -> None:
    """Of two facts the one that stands second in the outbox is committed and published first."""
    async with source.transaction() as slow:
        slow.stage(withdrawn("first in the outbox", CODES[1]))
        await slow.write()
        await publish(source, withdrawn("first on the stream", CODES[2]))
        assert await Relay(source, client).relay_once() == 1


async def test_a_fact_that_stands_where_a_lost_one_stood_is_not_taken_for_it(
    client: broker.SummitClient, empty: OlderCopy, source: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish_the_second(client, source)
    await broken(client, empty.put_back)
    monkeypatch.setattr(relay, "MAX_BATCH", 1)
    with monkeypatch.context() as patch:
        patch.setattr(relay.Relay, "_mark", _crash)
        with pytest.raises(Crashed):
            await Relay(source, client).relay_once()
    assert await published_at(source) == [None, 1]

    another = Relay(source, client)
    while await another.relay_once():
        pass
    assert await said(client) == ["first in the outbox", "first on the stream"]
    assert await published_at(source) == [1, 2]


async def _crash(*_: Any) -> None:
    raise Crashed


async def test_a_round_that_was_acknowledged_before_a_reconnect_marks_nothing_after_it(
    client: broker.SummitClient, empty: OlderCopy, source: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(source, withdrawn("1"), withdrawn("2"))
    mark = relay.Relay._mark

    async def mark_later(*args: Any) -> None:
        await broken(client, empty.put_back)
        await mark(*args)

    one = Relay(source, client)
    with monkeypatch.context() as patch:
        patch.setattr(relay.Relay, "_mark", mark_later)
        with pytest.raises(broker.Reconnected):
            await one.relay_once()
    assert await pending(source) == 2
    one.reconcile_soon()
    await one.relay_once()
    assert await said(client) == ["1", "2"]


async def test_a_round_that_began_before_a_reconnect_publishes_nothing_after_it(
    client: broker.SummitClient, empty: OlderCopy, source: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(source, withdrawn("1"))

    async def publish_later(*args: Any, **options: Any) -> Any:
        await broken(client, empty.put_back)
        return await broker.publish(*args, **options)

    monkeypatch.setattr(relay, "publish", publish_later)
    with pytest.raises(broker.Reconnected):
        await Relay(source, client).relay_once()
    assert await said(client) == []


async def test_what_was_to_be_sent_over_a_connection_that_broke_is_not_sent_over_the_next(
    client: broker.SummitClient, fresh_nats: NatsServer
) -> None:
    fresh_nats.pause()
    await client.send_all([message("elsewhere", b"x" * 1_000_000)] * 16)  # nobody reads: the next one waits

    def the_client_has_begun() -> None:
        assert client.pending_data_size == 0

    await eventually(the_client_has_begun)
    await client.send_all([message("summit.probe.registration.x.v1.AA", b"too late")])
    fresh_nats.kill()
    await broken(client, fresh_nats.restart)
    await client.flush()
    assert (await client.jetstream().stream_info(REGISTRATION)).state.messages == 0


@pytest.fixture
async def hearer(databases: Databases, fresh_nats: NatsServer) -> AsyncIterator[Runtime[ProbeUnit]]:
    """A hearer that is not at work yet."""
    url = databases.fresh()
    await make_tables(url)
    hearer = runtime(url, fresh_nats.url, is_hearer=True)
    yield hearer
    await hearer.stop()


async def test_what_was_delivered_before_a_reconnect_is_not_acknowledged_after_it(
    client: broker.SummitClient,
    empty: OlderCopy,
    source: Database,
    hearer: Runtime[ProbeUnit],
    fresh_nats: NatsServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "HANDLER_SECONDS", 120)  # it takes long, and is blamed for nothing
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def takes_long(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        begun.set()
        await may_end.wait()
        unit.note(event, event.data.reason)

    monkeypatch.setitem(hearer.subscribers._handlers, DelegationWithdrawn.TYPE, takes_long)
    await hearer.start()
    await publish_the_second(client, source)
    await begun.wait()
    await broken(client, empty.put_back)
    monkeypatch.setattr(relay, "MAX_BATCH", 1)
    await Relay(source, client).relay_once()
    assert await said(client) == ["first in the outbox"]
    other = Pull(client, Durable(Stream.REGISTRATION, HEARER.value))
    await other.open()

    async def it_is_with_another_process() -> None:
        (delivery,) = await other.next_batch(0.5)
        assert b"first in the outbox" in delivery.incoming.payload

    await eventually(it_is_with_another_process)
    may_end.set()
    # That process goes away without a word, and what it had comes again unless it was acknowledged.
    await other.close()

    async def both_took_effect() -> None:
        assert await applied_reasons(hearer.database) == ["first on the stream", "first in the outbox"]

    await eventually(both_took_effect)
