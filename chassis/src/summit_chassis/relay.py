"""The relay: brings committed facts to their streams, in order, and repairs a broker that lost its tail.

One relay per service is active, by a lock that lives as long as its transaction; the others stand by. Rows are found by what
is not published yet, never by a high-water mark: sequence numbers become visible out of order. Each publishing says where the
stream has to end, so a relay that slept, or a broker that lost its tail, is noticed before anything is stored out of order.
Behind a new connection the stream may be an older copy: a round ends with the connection it began over, and the next one
compares what stands where the last fact was acknowledged. `summit_testkit.model.publishing` is this as a model.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Any

from nats.errors import Error as NatsError
from nats.js.errors import APIError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import telemetry
from summit_chassis.broker import (
    MAX_BATCH,
    Acknowledged,
    Outgoing,
    PublishRefused,
    StreamMissing,
    StreamMoved,
    last_seq,
    message_id,
    publish,
)
from summit_chassis.connection import SummitClient
from summit_chassis.database import Database
from summit_chassis.telemetry import get_logger
from summit_contracts.fact import Stream

log = get_logger(__name__)

POLL_SECONDS = 0.05
"""How soon the outbox is looked at again after something was published. While nothing comes it takes longer, up to the next:
what this process stages wakes its relay at once, so only what another process staged waits for a look.
"""
_LONGEST_POLL_SECONDS = 0.4
_GATHERING_SECONDS = 0.05
"""A round begins no sooner after one that published something, unless more lies there: what is staged meanwhile goes out
together, with one sync of the stream and one transaction at each who hears it. After a rest it begins at once.
"""
_STANDBY_SECONDS = 0.5
_UNHEARD_SECONDS = 8.0
"""A broker that for so long stored nothing of what it was asked to may be one that lost its cluster."""
_RECONCILE_SECONDS = 30.0
"""A stream may be made anew while nothing is published and no connection breaks; so often somebody looks."""
_OF_ONE_STREAM = (StreamMissing, PublishRefused, APIError, TimeoutError)
"""What keeps facts from one stream and says nothing of the others: in a cluster, each may be led by another server."""
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
_MARKED_BELOW = text("""
    SELECT event_id, pub_seq FROM outbox WHERE stream = :stream AND pub_seq < :below ORDER BY pub_seq DESC LIMIT 1
""")
_FORGET_LOST = text("UPDATE outbox SET pub_seq = NULL WHERE stream = :stream AND pub_seq > :kept")
_HIGHEST = text("SELECT coalesce(max(pub_seq), 0) FROM outbox WHERE stream = :stream")
_STREAMS = text("""
    SELECT stream FROM unnest(CAST(:streams AS text[])) AS one (stream)
    WHERE EXISTS (SELECT FROM outbox WHERE outbox.stream = one.stream) ORDER BY stream
""")
"""Not `SELECT DISTINCT`, which would read everything that is kept."""


class Relay:
    """Publishes what the outbox holds. Killed at any step, it publishes nothing twice and forgets nothing."""

    def __init__(self, database: Database, client: SummitClient) -> None:
        self._database = database
        self._client = client
        self._must_reconcile = True
        self._reconciled_at = float("-inf")
        self._last: dict[str, int] = {}
        """Where each stream ended when it was last heard of: it takes what comes next only if that is still so."""
        self._avoided: dict[str, str] = {}
        self._missing: set[str] = set()
        """Of those, the ones that nobody answers for."""
        self._complained: set[str] = set()
        self._came_round_at = 0.0
        self._unheard_since: float | None = None
        self._poll = POLL_SECONDS

    @property
    def silent_for(self) -> float:
        """Seconds since it last came round without a fault; infinite before the first time."""
        return time.monotonic() - self._came_round_at if self._came_round_at else float("inf")

    @property
    def fault(self) -> str | None:
        """What keeps facts from their stream, if something does."""
        return "; ".join(f"{stream}: {why}" for stream, why in sorted(self._avoided.items())) or None

    def reconcile_soon(self) -> None:
        """Before the next publishing, the streams are compared with what they acknowledged; called after a reconnect."""
        self._must_reconcile = True

    async def run(self, stopping: asyncio.Event) -> None:
        """Relays until asked to stop; a fault delays it, with growth up to 2 s, and is never the end of it."""
        delay = 0.1
        while not stopping.is_set():
            begun_at = time.monotonic()
            try:
                published = await self.relay_once()
            except Exception as failure:  # noqa: BLE001  # the loop outlives every fault: database, broker, network
                log.warning("relay.fault", error=repr(failure), retry_in_seconds=delay)
                self._must_reconcile = True
                await self._note_unheard(isinstance(failure, NatsError | TimeoutError))
                await _wait(stopping, delay)
                delay = min(delay * 2, 2.0)
                continue
            delay = 0.1
            self._came_round_at = time.monotonic()
            await self._note_unheard(bool(self._missing))
            if published is None:
                await _wait(stopping, _STANDBY_SECONDS)
            elif self._avoided:
                await _wait(stopping, 1.0)
            elif published < MAX_BATCH:
                self._poll = POLL_SECONDS if published else min(self._poll * 2, _LONGEST_POLL_SECONDS)
                if published:
                    await _wait(stopping, begun_at + _GATHERING_SECONDS - time.monotonic())
                await self._wait_for_more(stopping)

    async def _note_unheard(self, is_unheard: bool) -> None:
        if not is_unheard:
            self._unheard_since = None
        elif self._unheard_since is None:
            self._unheard_since = time.monotonic()
        elif time.monotonic() - self._unheard_since > _UNHEARD_SECONDS:
            await self._client.look_elsewhere()

    async def relay_once(self) -> int | None:
        """How many rows were published; none while another relay of this service is active."""
        self._database.has_staged.clear()
        begun_over = self._client.connection
        async with self._database.engine.begin() as connection:
            if not (
                await connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
            ).scalar_one():
                return None
            if self._must_reconcile or time.monotonic() - self._reconciled_at > _RECONCILE_SECONDS:
                await self._reconcile(connection)
            rows = (
                await connection.execute(_SELECT, {"avoided": list(self._avoided), "limit": MAX_BATCH})
            ).all()
            await self._publish_all(connection, rows, begun_over)
            # Else nothing is marked: what was acknowledged may be lost by now.
            self._client.must_be(begun_over)
        return len(rows)

    async def _publish_all(self, connection: AsyncConnection, rows: Sequence[Any], over: int) -> None:
        """Each stream gets its rows. What was acknowledged is marked, also if another stream fails."""
        for stream in dict.fromkeys(row.stream for row in rows):
            try:
                await self._publish(connection, stream, [row for row in rows if row.stream == stream], over)
            except StreamMoved as moved:
                log.info("relay.stream_moved", stream=stream, error=str(moved))
                self._must_reconcile = True
            except _OF_ONE_STREAM as failure:
                self._avoid(stream, failure)

    def _avoid(self, stream: str, failure: Exception) -> None:
        """The other streams go on; the next reconciliation, in about a second, tries this one again."""
        if stream not in self._complained:
            log.error(
                "relay.stream_refuses",
                stream=stream,
                error=repr(failure),
                remedy="see NATS' disk and the stream's size; `summit provision` makes it anew, `--gibibytes` larger",
            )
        self._complained.add(stream)
        self._avoided[stream] = str(failure) or "does not answer"
        if not isinstance(failure, PublishRefused):
            self._missing.add(stream)
        self._must_reconcile = True

    async def _publish(
        self, connection: AsyncConnection, stream: str, rows: Sequence[Any], over: int
    ) -> None:
        messages = [Outgoing(row.event_id, row.subject, row.payload, row.headers) for row in rows]
        after = await self._last_seq(connection, stream)
        acknowledged = await publish(self._client, stream, messages, after=after, over=over)
        self._complained.discard(stream)
        self._last[stream] = max([self._last.get(stream, 0), *(one.seq for one in acknowledged)])
        await self._mark([row.seq for row in rows], acknowledged, connection)
        telemetry.PUBLISHED.labels(self._database.service, stream).inc(len(acknowledged))

    async def _last_seq(self, connection: AsyncConnection, stream: str) -> int | None:
        """Where the stream is known to end; none for the stream of dead letters, which every service writes."""
        if stream == Stream.DEAD:
            return None
        if stream not in self._last:
            self._last[stream] = await last_seq(self._client, stream)
        marked = (await connection.execute(_HIGHEST, {"stream": stream})).scalar_one()
        return max(self._last[stream], int(marked))  # another relay of this service may have had its turn

    async def _mark(
        self, seqs: Sequence[int], acknowledged: Sequence[Acknowledged], connection: AsyncConnection
    ) -> None:
        """The rows that were acknowledged will not be published again; fewer may have been than there are rows."""
        marks = {"seqs": seqs[: len(acknowledged)], "pub_seqs": [one.seq for one in acknowledged]}
        await connection.execute(_MARK, marks)

    async def _reconcile(self, connection: AsyncConnection) -> None:
        self._must_reconcile = False  # first, so that a reconnect in the meantime is not forgotten
        self._avoided.clear()
        self._missing.clear()
        known = [one.value for one in Stream if one is not Stream.DEAD]
        streams = (await connection.execute(_STREAMS, {"streams": known})).scalars().all()
        for stream in streams:
            try:
                held = await last_seq(self._client, stream)
                kept = await self._kept(connection, stream, held)
            except _OF_ONE_STREAM as failure:
                self._avoid(stream, failure)
                continue
            lost = await connection.execute(_FORGET_LOST, {"stream": stream, "kept": kept})
            self._report_loss(stream, lost.rowcount)
            self._last[stream] = held
        self._reconciled_at = time.monotonic()

    async def _kept(self, connection: AsyncConnection, stream: str, held: int) -> int:
        """Up to where the stream holds what it acknowledged; that it is long enough says little, for others may stand there now."""
        below = held + 1
        while row := (
            await connection.execute(_MARKED_BELOW, {"stream": stream, "below": below})
        ).one_or_none():
            below = row.pub_seq
            found = await message_id(self._client, stream, below)
            if found in (row.event_id, None):  # what was taken out since had been kept
                return int(below)
        return 0

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
            await asyncio.wait_for(self._database.has_staged.wait(), timeout=self._poll)


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), timeout=seconds)
