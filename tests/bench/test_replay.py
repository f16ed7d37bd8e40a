"""A year of facts rebuilt into the portal's read model: from a thousand to a million, to see that cost grows with their number
alone and memory does not.

`SUMMIT_REPLAY_FACTS` bounds the largest; without it, a hundred thousand. A million take about ten minutes.
"""

import asyncio
import contextlib
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import psutil
import pytest

from summit_chassis import broker
from summit_chassis.broker import Outgoing, SummitClient
from summit_chassis.database import Database
from summit_chassis.provisioner import provision
from summit_cli.renewing import ALL_OF_IT_SECONDS, history_of
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Stream
from summit_portal.app import service
from summit_portal.readmodel.renewal import SCHEMA, Renewal, Renewed
from summit_testkit.databases import Databases
from summit_testkit.desk import migrated
from summit_testkit.year import year

MOST = int(os.environ.get("SUMMIT_REPLAY_FACTS", "100000"))
_AT_ONCE = 1_000
"""Facts of one atomic batch."""
_LOOK_EVERY = 0.2  # seconds


@dataclass(frozen=True)
class Round:
    """One rebuilding, of so many facts, and what it took."""

    done: Renewed
    processor_seconds: float
    resident: int
    """Bytes before it began."""
    highest: int
    """The most bytes while it ran."""

    def __str__(self) -> str:
        """A row of the table."""
        facts = self.done.facts
        return (
            f"{facts:9,} {facts / self.done.seconds:9,.0f}/s {self.processor_seconds / facts * 1e6:8.0f} µs"
            f" {self.done.standstill_seconds:9.2f} s {self.resident / 2**20:8.0f} MiB {self.highest / 2**20:8.0f} MiB"
        )


def decades() -> Iterator[int]:
    """1,000, 10,000 and so on, and the most that was asked for."""
    facts = 1_000
    while facts < MOST:
        yield facts
        facts *= 10
    yield MOST


@pytest.mark.timeout(3600)
async def test_a_year_of_facts_is_rebuilt(fresh_nats: NatsServer, databases: Databases) -> None:
    url = await migrated(service, databases)
    client = await broker.connect(fresh_nats.url, service="bench")
    await provision(client, [])
    facts, held, rounds = year(), 0, list[Round]()
    # A first one, not shown, so that what is loaded and compiled once is not counted as growth.
    held += await published(client, islice(facts, 500))
    await rebuilt(client, url)
    for wanted in decades():
        held += await published(client, islice(facts, wanted - held))
        rounds.append(await rebuilt(client, url))
        assert rounds[-1].done.facts == held == wanted
    await broker.close(client)
    print(  # noqa: T201  # a benchmark is there to be read
        "\nthe portal's read model made anew from streams of that many facts; µs are the rebuilding process's own processor time"
        "\nfor one fact; nothing new is heard during the standstill at the end; memory before, and the most while it ran:"
        f"\n{'facts':>9} {'':>11} {'a fact':>11} {'standstill':>11} {'before':>12} {'at most':>12}\n"
        + "\n".join(map(str, rounds))
    )


async def published(client: SummitClient, facts: Iterator[Envelope[Any]]) -> int:
    """The facts are in the streams of their owners; how many."""
    waiting: dict[Stream, list[Outgoing]] = defaultdict(list)
    all_of_them = 0

    async def send(stream: Stream) -> None:
        await broker.publish(client, stream.value, waiting.pop(stream))

    for all_of_them, envelope in enumerate(facts, 1):  # noqa: B007  # is returned
        stream = type(envelope.data).STREAM
        waiting[stream].append(Outgoing(envelope.id, envelope.data.subject, envelope.to_json(), {}))
        if len(waiting[stream]) == _AT_ONCE:
            await send(stream)
    for stream in list(waiting):
        await send(stream)
    return all_of_them


async def rebuilt(client: SummitClient, url: str) -> Round:
    """The read model is made anew, its memory watched meanwhile."""

    live = Database(url, service="bench", pool=2, statement_seconds=ALL_OF_IT_SECONDS)
    aside = Database(url, service="bench", pool=2, schema=SCHEMA)
    process, highest = psutil.Process(), 0

    ended = asyncio.Event()

    async def watch() -> None:
        nonlocal highest
        while not ended.is_set():
            highest = max(highest, process.memory_info().rss)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _LOOK_EVERY)

    resident, used = process.memory_info().rss, time.process_time()
    watching = asyncio.create_task(watch())
    done = await Renewal(live, aside, service.subscribers, history_of(client)).run()
    used = time.process_time() - used
    ended.set()
    await watching
    await aside.dispose()
    await live.dispose()
    return Round(done, used, resident, highest)
