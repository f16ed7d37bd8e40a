"""The inbox: every fact takes effect once and in its aggregate's order, whatever is delivered twice, late or broken.

A batch is one transaction: what is known is fetched with two queries, the handlers run, then inbox rows, own rows and own
outbox rows commit together, and only then the messages are acknowledged. If that fails for a reason that lies in a message,
the batch is rolled back and done again message by message, so that only the poison is set aside.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, Table, Text, text

from summit_chassis import telemetry
from summit_chassis.arrivals import Incoming, Parsed, parsed, storable
from summit_chassis.database import Database, Transaction, is_passing
from summit_chassis.deadletters import DeadLetters
from summit_chassis.subscribers import Subscribers
from summit_chassis.telemetry import get_logger
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact

log = get_logger(__name__)

U = TypeVar("U")

HANDLER_SECONDS = 10.0
"""How long one batch may take; longer counts as a failure of what is in it."""
_SUSPICIOUS_DELIVERIES = 4
"""From this delivery on a message is tried alone and counted beforehand: it may be what kills the process."""


def tables(metadata: MetaData) -> None:
    """Adds the inbox to a service's own tables, so that its migrations hold it."""
    Table(
        "inbox",
        metadata,
        Column("event_id", Text, primary_key=True),
        Column("type", Text, nullable=False),
        Column("applied_at", DateTime(timezone=True), nullable=False, index=True),
    )
    Table(
        "inbox_aggregate",
        metadata,
        Column("aggregate_key", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("is_blocked", Boolean, nullable=False, server_default=text("false")),
    )
    Table(
        "inbox_attempt",
        metadata,
        Column("message_id", Text, primary_key=True),
        Column("attempts", Integer, nullable=False),
        Column("reason", Text, nullable=False),
    )


@dataclass(frozen=True)
class Verdict:
    """What to tell the stream: acknowledge, or deliver again after a delay in seconds."""

    outcome: str
    delay: float | None = None


@dataclass
class _Progress:
    """What one transaction has learned and done so far."""

    known: set[str]
    versions: dict[str, int]
    blocked: set[str]
    applied: list[Envelope[Fact]] = field(default_factory=list)
    advanced: dict[str, int] = field(default_factory=dict)


_KNOWN = text("SELECT event_id FROM inbox WHERE event_id = ANY(CAST(:ids AS text[]))")
_VERSIONS = text(
    "SELECT aggregate_key, version, is_blocked FROM inbox_aggregate WHERE aggregate_key = ANY(CAST(:keys AS text[]))"
)
_REMEMBER = text("""
    INSERT INTO inbox (event_id, type, applied_at)
    SELECT event_id, type, :now FROM unnest(CAST(:ids AS text[]), CAST(:types AS text[])) AS seen (event_id, type)
""")
_ADVANCE = text("""
    INSERT INTO inbox_aggregate (aggregate_key, version)
    SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:versions AS bigint[]))
    ON CONFLICT (aggregate_key) DO UPDATE SET version = excluded.version
""")
_COUNT_ATTEMPT = text("""
    INSERT INTO inbox_attempt AS known (message_id, attempts, reason) VALUES (:message_id, 1, :reason)
    ON CONFLICT (message_id) DO UPDATE SET attempts = known.attempts + 1, reason = excluded.reason RETURNING attempts
""")
_FORGET_ATTEMPTS = text("DELETE FROM inbox_attempt WHERE message_id = :message_id")


class Inbox(Generic[U]):
    """Applies messages to one service's database."""

    def __init__(
        self,
        database: Database,
        subscribers: Subscribers[U],
        make_unit: Callable[[Transaction], U],
        *,
        max_attempts: int = 5,
    ) -> None:
        self._database = database
        self._subscribers = subscribers
        self._make_unit = make_unit
        self._max_attempts = max_attempts
        self._dead_letters = DeadLetters(database)

    async def apply(self, messages: Sequence[Incoming]) -> list[Verdict]:
        """One verdict per message, in order. What was acknowledged is committed.

        Raises:
            Exception: a passing fault of the surroundings (database, network); nothing of the rest was applied.
        """
        parsed = [_parse(message) for message in messages]
        if not any(one.incoming.deliveries >= _SUSPICIOUS_DELIVERIES for one in parsed):
            try:
                return await self._apply_together(parsed)
            except Exception as failure:
                if is_passing(failure):
                    raise
                log.info("inbox.batch_failed", messages=len(parsed), error=repr(failure), remedy="one by one")
        return [await self._apply_alone(one) for one in parsed]

    async def replay(self) -> int:
        """Dead letters that a person marked for replay are applied, with all that waited behind each; how many."""
        replayed = 0
        for chain in await self._dead_letters.marked():
            parsed = [_parse(incoming) for incoming in chain.messages]
            try:
                async with self._database.transaction() as transaction:
                    await self._dead_letters.unblock(transaction.connection, parsed[0].aggregate_key)
                    _refuse_what_is_not_ripe(parsed, await self._run(transaction, parsed))
                    await self._dead_letters.close(transaction.connection, chain)
                replayed += 1
            except Exception as failure:
                if is_passing(failure):
                    raise
                await self._dead_letters.reopen(chain, reason_of(failure))
        return replayed

    async def _apply_together(self, parsed: Sequence[Parsed]) -> list[Verdict]:
        async with asyncio.timeout(HANDLER_SECONDS), self._database.transaction() as transaction:
            verdicts = await self._run(transaction, parsed)
        for one, verdict in zip(parsed, verdicts, strict=True):
            telemetry.APPLIED.labels(self._database.service, one.incoming.stream, verdict.outcome).inc()
        return verdicts

    async def _apply_alone(self, one: Parsed) -> Verdict:
        counts_beforehand = one.incoming.deliveries >= _SUSPICIOUS_DELIVERIES
        attempts = (
            await self._count_attempt(one, "the process died while handling it") if counts_beforehand else 0
        )
        if attempts > self._max_attempts:
            return await self._bury(one, "the process died while handling it", attempts - 1)
        try:
            verdict = (await self._apply_together([one]))[0]
        except Exception as failure:
            if is_passing(failure):
                raise
            reason = reason_of(failure)
            attempts = attempts or await self._count_attempt(one, reason)
            log.warning("inbox.attempt_failed", message_id=one.message_id, attempts=attempts, reason=reason)
            if attempts >= self._max_attempts:
                return await self._bury(one, reason, attempts)
            return Verdict("retried", delay=min(0.2 * 4**attempts, 60.0))
        if attempts:
            await self._forget_attempts(one)
        return verdict

    async def _run(self, transaction: Transaction, parsed: Sequence[Parsed]) -> list[Verdict]:
        progress = await self._progress(transaction, parsed)
        unit = self._make_unit(transaction)
        fresh = [one.event for one in parsed if one.event and one.event.id not in progress.known]
        await self._subscribers.prepare(
            [event for event in fresh if self._subscribers.handler_of(event.type)], unit
        )
        verdicts = [await self._apply_one(transaction, one, unit, progress) for one in parsed]
        if progress.applied:
            await transaction.connection.execute(
                _REMEMBER,
                {
                    "ids": [event.id for event in progress.applied],
                    "types": [event.type for event in progress.applied],
                    "now": transaction.now,
                },
            )
        if progress.advanced:
            keys = sorted(
                progress.advanced
            )  # the same order everywhere, so that no two transactions deadlock
            await transaction.connection.execute(
                _ADVANCE, {"keys": keys, "versions": [progress.advanced[key] for key in keys]}
            )
        return verdicts

    async def _progress(self, transaction: Transaction, parsed: Sequence[Parsed]) -> _Progress:
        ids = [one.attributes.id for one in parsed if one.attributes]
        keys = list({one.aggregate_key for one in parsed if one.aggregate_key})
        known = (await transaction.connection.execute(_KNOWN, {"ids": ids})).scalars().all()
        rows = (await transaction.connection.execute(_VERSIONS, {"keys": keys})).all()
        return _Progress(
            set(known),
            {row.aggregate_key: row.version for row in rows},
            {row.aggregate_key for row in rows if row.is_blocked},
        )

    async def _apply_one(
        self, transaction: Transaction, one: Parsed, unit: U, progress: _Progress
    ) -> Verdict:
        key, attributes = one.aggregate_key, one.attributes
        if key is None or attributes is None:
            await self._dead_letters.bury(
                transaction, one.incoming, one.message_id, None, one.fault or "unreadable", 1
            )
            return Verdict("dead")
        last = progress.versions.get(key, 0)
        if attributes.id in progress.known or attributes.aggregateversion <= last:
            return Verdict("known")
        if key in progress.blocked:
            await self._dead_letters.park(transaction, one.incoming, one.message_id, key)
            return Verdict("parked")
        if attributes.aggregateversion > last + 1:
            if one.incoming.deliveries % 100 == 0:
                log.error("inbox.gap", aggregate=key, waiting_for=last + 1, has=attributes.aggregateversion)
            return Verdict("held", delay=min(0.2 * one.incoming.deliveries, 5.0))
        if one.fault:
            progress.blocked.add(key)
            await self._dead_letters.bury(transaction, one.incoming, one.message_id, key, one.fault, 1)
            return Verdict("dead")
        if one.event and (handler := self._subscribers.handler_of(one.event.type)):
            with telemetry.caused_by(one.event.correlationid, one.event.id), _span(one):
                await handler(one.event, unit)
            progress.applied.append(one.event)
        progress.known.add(attributes.id)
        progress.versions[key] = progress.advanced[key] = attributes.aggregateversion
        return Verdict("applied")

    async def _bury(self, one: Parsed, reason: str, attempts: int) -> Verdict:
        async with self._database.transaction() as transaction:
            await self._dead_letters.bury(
                transaction, one.incoming, one.message_id, one.aggregate_key, reason, attempts
            )
            await transaction.connection.execute(_FORGET_ATTEMPTS, {"message_id": one.message_id})
        return Verdict("dead")

    async def _count_attempt(self, one: Parsed, reason: str) -> int:
        async with self._database.transaction() as transaction:
            result = await transaction.connection.execute(
                _COUNT_ATTEMPT, {"message_id": one.message_id, "reason": reason}
            )
            return int(result.scalar_one())

    async def _forget_attempts(self, one: Parsed) -> None:
        async with self._database.transaction() as transaction:
            await transaction.connection.execute(_FORGET_ATTEMPTS, {"message_id": one.message_id})


def _span(one: Parsed) -> Any:
    headers: Mapping[str, str] = one.incoming.headers
    return telemetry.span(
        f"apply {one.event.type if one.event else '?'}",
        headers,
        stream=one.incoming.stream,
        seq=one.incoming.seq,
    )


def reason_of(failure: BaseException) -> str:
    """The failure in one line that a database takes."""
    return storable(f"{type(failure).__name__}: {failure}")[:2000]
