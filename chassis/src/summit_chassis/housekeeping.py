"""Housekeeping: what was kept long enough goes, and what waits is counted, so that operators see it before it is missed."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from nats.aio.client import Client
from nats.js.errors import APIError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import retention, telemetry
from summit_chassis.database import Database
from summit_chassis.provisioner import Durable, durable_lag, filled, lacking_of_sources
from summit_chassis.settings import ServiceSettings
from summit_chassis.telemetry import get_logger
from summit_contracts.fact import Stream

log = get_logger(__name__)

_EVERY_SECONDS = 15


@dataclass(frozen=True)
class Housekeeping:
    """What one process of a service does for its database from time to time."""

    database: Database
    settings: ServiceSettings
    durables: Sequence[Durable]
    """Whose lag is counted here: the ones this process reads by."""
    streams: Sequence[Stream]
    """Of which is told how full they are: those that are the service's concern."""
    client: Callable[[], Client | None]
    """The connection to NATS, once there is one."""
    forgetting: Sequence[str] = ()
    """What empties the service's tables of persons (`retention`)."""
    ending: Mapping[str, timedelta] = field(default_factory=dict)
    """What deletes of the service's tables what was kept so long (`retention`)."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Goes on until asked to stop; while the database or the broker is away it tries again."""
        while not stopping.is_set():
            try:
                async with self.database.engine.begin() as connection:
                    await self._count(connection)
                    await self._purge(connection)
                await self._count_at_the_broker()
            except Exception as failure:  # noqa: BLE001  # the database may be away; the next round tries again
                log.warning("housekeeping.fault", error=repr(failure))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), timeout=_EVERY_SECONDS)

    async def _count(self, connection: AsyncConnection) -> None:
        counted = (await connection.execute(_COUNTS, {"now": self.database.clock.now()})).one()
        telemetry.OUTBOX_PENDING.labels(self.database.service).set(counted.pending)
        telemetry.OUTBOX_AGE.labels(self.database.service).set(counted.age)
        for state in ("dead", "parked"):
            telemetry.DEAD_LETTERS_WAITING.labels(self.database.service, state).set(getattr(counted, state))

    async def _count_at_the_broker(self) -> None:
        client = self.client()
        if client is None or not client.is_connected:
            return
        for stream in self.streams:
            with contextlib.suppress(APIError):  # readiness says what is wrong with a stream
                await self._count_stream(client, stream)
        for durable in self.durables:
            with contextlib.suppress(APIError):  # readiness says what is wrong with a durable
                if (lag := await durable_lag(client, durable)) is not None:
                    telemetry.CONSUMER_LAG.labels(self.database.service, durable.stream.value).set(lag)

    async def _count_stream(self, client: Client, stream: Stream) -> None:
        info = await client.jetstream(timeout=5).stream_info(stream.value)
        telemetry.STREAM_FILLED.labels(self.database.service, stream.value).set(filled(info))
        if stream is Stream.SUMMIT:
            telemetry.HISTORY_LAG.labels(self.database.service, stream.value).set(lacking_of_sources(info))

    async def _purge(self, connection: AsyncConnection) -> None:
        """What was published, heard or answered longer ago than it has to be known is forgotten, a part at a time."""
        now = self.database.clock.now()
        settings = self.settings
        await connection.execute(_PURGE_OUTBOX, {"seconds": settings.outbox_retention.total_seconds()})
        await connection.execute(_PURGE_INBOX, {"before": now - settings.inbox_retention})
        await connection.execute(_PURGE_ANSWERS, {"before": now - settings.idempotency_retention})
        await retention.forget(connection, self.forgetting, now=now, after=settings.personal_retention)
        await retention.end(connection, self.ending, now=now)


_COUNTS = text("""
    SELECT count(*) AS pending, coalesce(extract(epoch FROM CAST(:now AS timestamptz) - min(staged_at)), 0)::float8 AS age,
        (SELECT count(*) FROM dead_letter WHERE state = 'dead') AS dead,
        (SELECT count(*) FROM dead_letter WHERE state = 'parked') AS parked
    FROM outbox WHERE pub_seq IS NULL
""")
_PURGE_OUTBOX = text(
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM (SELECT seq, published_at FROM outbox ORDER BY seq LIMIT 5000) AS oldest"
    " WHERE published_at < now() - make_interval(secs => :seconds))"
)
"""By the database's clock, which dated them; the service's own may be shifted to play a past summit again.

Only the oldest are looked at, so that it costs the same however many are kept; what waits for its stream that long keeps others.
"""
_PURGE_INBOX = text(
    "DELETE FROM inbox WHERE event_id IN (SELECT event_id FROM inbox WHERE applied_at < :before LIMIT 5000)"
)
_PURGE_ANSWERS = text(
    "DELETE FROM idempotency WHERE (account, key) IN"
    " (SELECT account, key FROM idempotency WHERE made_at < :before LIMIT 5000)"
)
