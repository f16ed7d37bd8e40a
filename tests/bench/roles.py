"""The processes of the pipeline's benchmark, each started by path: `python tests/bench/roles.py ROLE NATS_URL DATABASE_URL FACTS`.

A role prepares itself, says `ready`, waits for a line, does its work, says `done`, and waits for another.
"""

import asyncio
import json
import sys

import nats
import uvloop
from nats.js.api import AckPolicy, ConsumerConfig
from sqlalchemy import func, select

from summit_chassis import broker
from summit_chassis.consumer import Consumer
from summit_chassis.database import Database
from summit_chassis.inbox import Inbox
from summit_chassis.relay import Relay
from summit_chassis.runtime import settle
from summit_chassis.subscribers import Subscribers
from summit_contracts.envelope import CONTENT_TYPE, Envelope
from summit_contracts.fact import Service
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit.eventually import eventually
from summit_testkit.probe.services import ProbeUnit, applied, pending

RAW_BATCH = 1000
RAW_WINDOW = 256
_PATIENCE_SECONDS = 300.0
_SUBJECT = "summit.probe.registration.delegation_withdrawn.v1.AA"
_PAYLOAD = b'{"padding":"' + b"x" * 380 + b'"}'

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


async def relay(url: str, database_url: str, facts: int) -> None:
    """The outbox is empty."""
    database = Database(database_url, service="registration", pool=2)
    client = await broker.connect(url, service="bench")
    await _go()
    stopping = asyncio.Event()
    running = asyncio.create_task(Relay(database, client).run(stopping))

    async def is_empty() -> None:
        assert facts
        assert not await pending(database)

    await eventually(is_empty, within=_PATIENCE_SECONDS)
    stopping.set()
    await running
    await database.dispose()
    await broker.close(client)


async def hear(url: str, database_url: str, facts: int) -> None:
    """Every fact is applied and committed."""
    database = Database(database_url, service="scheduling", pool=3)
    client = await broker.connect(url, service="bench")
    await _go()
    stopping = asyncio.Event()
    inbox = Inbox(database, subscribers, ProbeUnit)
    running = asyncio.create_task(
        Consumer(client, inbox, stream="REGISTRATION", durable="scheduling").run(stopping)
    )

    async def is_complete() -> None:
        assert await _applied(database) >= facts

    await eventually(is_complete, within=_PATIENCE_SECONDS)
    stopping.set()
    await running
    await database.dispose()
    await broker.close(client)


async def pipeline(url: str, _: str, facts: int) -> None:
    """Every message is stored by the stream: nats-py as it comes, a window of unacknowledged messages, no database."""
    client = await nats.connect(url)
    jetstream = client.jetstream(timeout=_PATIENCE_SECONDS)
    numbers = iter(range(facts))
    await _go()

    async def publish_some() -> None:
        for number in numbers:
            headers = {"Nats-Msg-Id": f"raw-{number}", "content-type": CONTENT_TYPE}
            await jetstream.publish(_SUBJECT, _PAYLOAD, headers=headers)

    await asyncio.gather(*(publish_some() for _ in range(RAW_WINDOW)))
    await client.close()


async def publish(url: str, _: str, facts: int) -> None:
    """Every message is stored by the stream: atomic batches, which nats-py does not offer, by its plain means, no database."""
    client = await nats.connect(url)
    await _go()
    for start in range(0, facts, RAW_BATCH):
        numbers = range(start, min(start + RAW_BATCH, facts))
        for place, number in enumerate(numbers, 1):
            headers = {
                "Nats-Msg-Id": f"raw-{number}",
                "content-type": CONTENT_TYPE,
                "Nats-Batch-Id": f"raw-{start}",
                "Nats-Batch-Sequence": str(place),
            }
            if place < len(numbers):
                await client.publish(_SUBJECT, _PAYLOAD, headers=headers)
                continue
            commit = headers | {"Nats-Batch-Commit": "1"}
            answer = await client.request(_SUBJECT, _PAYLOAD, timeout=_PATIENCE_SECONDS, headers=commit)
            assert "error" not in json.loads(answer.data), answer.data
    await client.close()


async def fetch(url: str, _: str, facts: int) -> None:
    """Every message is fetched and acknowledged, no database."""
    client = await nats.connect(url)
    jetstream = client.jetstream()
    durable = ConsumerConfig(durable_name="raw", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=2048)
    await jetstream.add_consumer("REGISTRATION", durable)
    subscription = await jetstream.pull_subscribe_bind("raw", stream="REGISTRATION")
    await _go()
    seen = 0
    while seen < facts:
        try:
            messages = await subscription.fetch(256, timeout=1)
        except nats.errors.TimeoutError:
            continue
        for message in messages:
            await message.ack()
        seen += len(messages)
    await client.close()


async def _applied(database: Database) -> int:
    async with database.engine.connect() as connection:
        return int((await connection.execute(select(func.max(applied.c.place)))).scalar_one() or 0)


async def _go() -> None:
    print("ready", flush=True)  # noqa: T201  # the parent reads it
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


ROLES = {"relay": relay, "hear": hear, "pipeline": pipeline, "publish": publish, "fetch": fetch}

if __name__ == "__main__":
    settle()
    role, nats_url, database_url, count = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(ROLES[role](nats_url, database_url, int(count)))
    print("done", flush=True)  # noqa: T201  # see above
    sys.stdin.readline()
