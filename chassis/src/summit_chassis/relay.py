"""The relay: brings committed facts to their streams, in order, and repairs a broker that lost its tail.

One relay per service is active, by a lock that lives as long as its transaction; the others stand by. Rows are found by what
is not published yet, never by a high-water mark: sequence numbers become visible out of order.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Any

from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import telemetry
from summit_chassis.broker import MAX_BATCH, Acknowledged, Outgoing, StreamMissing, last_seq, publish
from summit_chassis.database import Database
from summit_chassis.telemetry import get_logger
from summit_contracts.fact import Stream

log = get_logger(__name__)

POLL_SECONDS = 0.05
_STANDBY_SECONDS = 0.5
_LOCK = 0x5355_4D4D_4954  # any constant: one database holds one service

_SELECT = text("""
    SELECT seq, event_id, stream, subject, payload, headers FROM outbox
    WHERE pub_seq IS NULL AND stream <> ALL(CAST(:avoided AS text[])) ORDER BY seq LIMIT :limit
""")
_MARK = text("""
    UPDATE outbox SET pub_seq = marked.pub_seq, published_at = now()
    FROM unnest(CAST(:seqs AS bigint[]), CAST(:pub_seqs AS bigint[])) AS marked (seq, pub_seq)
    WHERE outbox.seq = marked.seq
""")
_FORGET_LOST = text("UPDATE outbox SET pub_seq = NULL WHERE stream = :stream AND pub_seq > :last_seq")
_HIGHEST = text("SELECT coalesce(max(pub_seq), 0) FROM outbox WHERE stream = :stream")
_STREAMS = text("SELECT DISTINCT stream FROM outbox WHERE stream <> :dead")


class Relay:
    """Publishes what the outbox holds. Killed at any step, it publishes nothing twice and forgets nothing."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._must_reconcile = True
        self._highest: dict[str, int] = {}
        self._avoided: set[str] = set()
        self._came_round_at = 0.0

    @property
    def silent_for(self) -> float:
        """Seconds since it last came round without a fault; infinite before the first time."""
        return time.monotonic() - self._came_round_at if self._came_round_at else float("inf")

    @property
    def fault(self) -> str | None:
        """What keeps facts from their stream, if something does."""
        return (
            f"streams missing: {', '.join(sorted(self._avoided))}; run `summit provision`"
            if self._avoided
            else None
        )

    def reconcile_soon(self) -> None:
        """Before the next publishing, the streams are compared with what they acknowledged; called after a reconnect."""
        self._must_reconcile = True

    async def run(self, stopping: asyncio.Event) -> None:
        """Relays until asked to stop; a fault delays it, with growth up to 2 s, and is never the end of it."""
        delay = 0.1
        while not stopping.is_set():
            try:
                published = await self.relay_once()
            except Exception as failure:  # noqa: BLE001  # the loop outlives every fault: database, broker, network
                log.warning("relay.fault", error=repr(failure), retry_in_seconds=delay)
                self._must_reconcile = True
                await _wait(stopping, delay)
                delay = min(delay * 2, 2.0)
                continue
            delay = 0.1
            self._came_round_at = time.monotonic()
            if published is None:
                await _wait(stopping, _STANDBY_SECONDS)
            elif self._avoided:
                await _wait(stopping, 1.0)
            elif published < MAX_BATCH:
                await self._wait_for_more(stopping)

    async def relay_once(self) -> int | None:
        """How many rows were published; none while another relay of this service is active."""
        self._database.has_staged.clear()
        async with self._database.engine.begin() as connection:
            if not (
                await connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
            ).scalar_one():
                return None
            if self._must_reconcile:
                await self._reconcile(connection)
            rows = (
                await connection.execute(_SELECT, {"avoided": list(self._avoided), "limit": MAX_BATCH})
            ).all()
            for stream in dict.fromkeys(row.stream for row in rows):
                await self._publish(connection, stream, [row for row in rows if row.stream == stream])
        return len(rows)

    async def _publish(self, connection: AsyncConnection, stream: str, rows: Sequence[Any]) -> None:
        messages = [Outgoing(row.event_id, row.subject, row.payload, row.headers) for row in rows]
        try:
            acknowledged = await publish(self._client, stream, messages)
        except StreamMissing as failure:
            log.error(
                "relay.stream_missing", stream=stream, error=str(failure), remedy="run `summit provision`"
            )
            self._avoided.add(stream)  # the other streams go on; the next reconciliation tries this one again
            self._must_reconcile = True
            return
        await connection.execute(
            _MARK, {"seqs": [row.seq for row in rows], "pub_seqs": [one.seq for one in acknowledged]}
        )
        telemetry.PUBLISHED.labels(self._database.service, stream).inc(len(rows))
        if stream != Stream.DEAD:
            await self._watch_for_loss(connection, stream, [row.seq for row in rows], acknowledged)

    async def _watch_for_loss(
        self,
        connection: AsyncConnection,
        stream: str,
        seqs: Sequence[int],
        acknowledged: Sequence[Acknowledged],
    ) -> None:
        """A fresh message below what the stream had acknowledged before means that it lost its tail: publish that again."""
        fresh = [one.seq for one in acknowledged if not one.is_duplicate]
        highest = self._highest.get(stream, 0)
        if fresh and min(fresh) <= highest:
            lost = await connection.execute(
                text(
                    "UPDATE outbox SET pub_seq = NULL WHERE stream = :stream AND pub_seq >= :first AND NOT seq = ANY(:just)"
                ),
                {"stream": stream, "first": min(fresh), "just": list(seqs)},
            )
            self._report_loss(stream, lost.rowcount)
            highest = 0
        self._highest[stream] = max([*fresh, highest])

    async def _reconcile(self, connection: AsyncConnection) -> None:
        self._avoided.clear()
        streams = (await connection.execute(_STREAMS, {"dead": Stream.DEAD.value})).scalars().all()
        for stream in streams:
            try:
                held = await last_seq(self._client, stream)
            except StreamMissing as failure:
                log.error(
                    "relay.stream_missing", stream=stream, error=str(failure), remedy="run `summit provision`"
                )
                self._avoided.add(stream)
                continue
            lost = await connection.execute(_FORGET_LOST, {"stream": stream, "last_seq": held})
            self._report_loss(stream, lost.rowcount)
            self._highest[stream] = (await connection.execute(_HIGHEST, {"stream": stream})).scalar_one()
        self._must_reconcile = bool(self._avoided)

    def _report_loss(self, stream: str, rows: int) -> None:
        if rows:
            log.error(
                "relay.stream_lost_its_tail",
                stream=stream,
                facts=rows,
                remedy="they are published again from the outbox",
            )
            telemetry.REPUBLISHED.labels(self._database.service, stream).inc(rows)

    async def _wait_for_more(self, stopping: asyncio.Event) -> None:
        """Until something is staged in this process, or for one poll: another process may have staged."""
        if stopping.is_set():
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._database.has_staged.wait(), timeout=POLL_SECONDS)


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), timeout=seconds)
