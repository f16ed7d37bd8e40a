"""The read model made anew from the first fact on, beside the one that serves, and then put in its place at once.

Visitors see the old one until the new one is whole. What is heard meanwhile is in both: the new one catches up to the end of the
streams while nobody can write to the old one, and brings its own memory of what it has heard: versions alone, because whatever
comes again has one that is known.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis.arrivals import Incoming
from summit_chassis.database import Database
from summit_chassis.inbox import Inbox
from summit_chassis.subscribers import Subscribers
from summit_contracts.fact import Stream
from summit_portal.readmodel.unit import ReadModelUnit
from summit_portal.store.tables import metadata, records

History = Callable[[Stream, int], AsyncIterator[Incoming]]
"""What a stream holds now, from that sequence on, in order."""
SCHEMA = "anew"
_KEPT = ("editions", "records", "inbox", "inbox_aggregate", "inbox_attempt", "dead_letter")
"""What is made anew: all that hearing writes, but for the log of what visitors were told."""
_BATCH = 1_000
"""Messages of one transaction: twice as many as while serving, because nobody waits for them."""
_MOST_TRIES = 20


@dataclass(frozen=True)
class Renewed:
    """How it went."""

    facts: int
    """Messages read."""
    seconds: float
    """From the first fact to the moment at which the new one served."""
    standstill_seconds: float
    """How long nothing new could be heard."""


class NotWhole(Exception):
    """A stream holds a fact whose predecessor it does not hold: nothing was changed."""


class Renewal:
    """Makes the read model of one database anew. `aside` is the same database, with `SCHEMA` as its schema."""

    def __init__(
        self, live: Database, aside: Database, subscribers: Subscribers[ReadModelUnit], history: History
    ) -> None:
        self._live = live
        self._aside = aside
        self._subscribers = subscribers
        self._history = history
        self._inbox = Inbox(aside, subscribers, partial(ReadModelUnit, tells=False), remembers_ids=False)
        self._next: dict[Stream, int] = dict.fromkeys(subscribers.streams, 1)
        self._facts = 0

    async def run(self) -> Renewed:
        """The read model is what the streams say, and nothing that was heard meanwhile is missing.

        Raises:
            NotWhole: a stream cannot be understood from its beginning.
        """
        await self._prepare()
        started = time.perf_counter()
        await self._hear()
        async with self._live.engine.begin() as connection:
            # Readers go on; whoever applies facts waits, and tries again after its time is over.
            await connection.execute(text(f"LOCK TABLE {', '.join(_KEPT)} IN EXCLUSIVE MODE"))
            stopped = time.perf_counter()
            await self._hear()
            for name in _KEPT:
                await _put_in_place(connection, metadata.tables[name])
        ended = time.perf_counter()
        await self._forget()
        return Renewed(self._facts, ended - started, ended - stopped)

    async def _prepare(self) -> None:
        await self._forget()
        async with self._live.engine.begin() as connection:
            await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        async with self._aside.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            for name in (
                _KEPT
            ):  # to be read once and forgotten: neither a crash nor a page has to find anything in them
                await connection.execute(text(f"ALTER TABLE {name} SET UNLOGGED"))
            for index in records.indexes:
                await connection.execute(text(f"DROP INDEX {index.name}"))

    async def _forget(self) -> None:
        async with self._live.engine.begin() as connection:
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))

    async def _hear(self) -> None:
        for stream in self._subscribers.streams:
            late: list[Incoming] = []
            async with aclosing(_batches(self._history(stream, self._next[stream]))) as batches:
                ahead = asyncio.create_task(_next(batches))
                try:
                    while came := await ahead:
                        ahead = asyncio.create_task(_next(batches))  # is read while this one is applied
                        late = await self._apply(stream, [*late, *came])
                finally:
                    ahead.cancel()
                    await asyncio.wait([ahead])
            await self._finish(stream, late)

    async def _apply(self, stream: Stream, batch: Sequence[Incoming]) -> list[Incoming]:
        """What has to be tried again."""
        verdicts = await self._inbox.apply(batch)
        self._facts += sum(message.seq >= self._next[stream] for message in batch)
        self._next[stream] = max(self._next[stream], batch[-1].seq + 1)
        return [
            replace(message, deliveries=message.deliveries + 1)
            for message, verdict in zip(batch, verdicts, strict=True)
            if verdict.delay is not None
        ]

    async def _finish(self, stream: Stream, batch: list[Incoming]) -> None:
        for _ in range(_MOST_TRIES):
            if not batch:
                return
            batch = await self._apply(stream, sorted(batch, key=lambda one: one.seq))
        raise NotWhole(f"stream {stream.value}, sequence {batch[0].seq}: its predecessor is not there")


async def _batches(history: AsyncIterator[Incoming]) -> AsyncGenerator[list[Incoming]]:
    """The history in parts of one transaction each, read already."""
    batch: list[Incoming] = []
    async for message in history:
        _ = message.parsed
        batch.append(message)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _next(batches: AsyncGenerator[list[Incoming]]) -> list[Incoming]:
    """The next part; empty after the last."""
    return await anext(batches, [])


async def _put_in_place(connection: AsyncConnection, table: Table) -> None:
    columns = ", ".join(column.name for column in table.columns)
    await connection.execute(text(f"DELETE FROM {table.name}"))  # noqa: S608  a name from our own tables
    await connection.execute(
        text(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {SCHEMA}.{table.name}")  # noqa: S608  the same
    )
