"""Messages applied within one transaction: each once, each in its aggregate's order, or with a verdict why not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import telemetry
from summit_chassis.arrivals import Parsed
from summit_chassis.database import Transaction
from summit_chassis.deadletters import DeadLetters
from summit_chassis.driven import Statement
from summit_chassis.subscribers import ComeAgain, Subscribers
from summit_chassis.telemetry import get_logger
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact

log = get_logger(__name__)

U = TypeVar("U")


@dataclass(frozen=True)
class Verdict:
    """What to tell the stream: acknowledge, or deliver again after a delay in seconds."""

    outcome: str
    """`applied`, `known`, `held` (its predecessor is missing), `early` (a handler said so), `retried`, `parked` or `dead`."""
    delay: float | None = None


_APPLIED = Verdict("applied")
_KNOWN_ALREADY = Verdict("known")


@dataclass
class _Progress:
    """What one transaction has learned and done so far."""

    known: set[str]
    versions: dict[str, int]
    blocked: set[str]
    applied: list[Envelope[Fact]] = field(default_factory=list)
    advanced: dict[str, int] = field(default_factory=dict)


_KNOWN = Statement("SELECT event_id FROM inbox WHERE event_id = ANY(CAST(:ids AS text[]))")
_VERSIONS = Statement("""
    SELECT aggregate_key, version, is_blocked FROM inbox_aggregate
    WHERE aggregate_key = ANY(CAST(:keys AS text[])) ORDER BY aggregate_key FOR NO KEY UPDATE
""")
"""Locked in one order until commit: two processes on one durable, or a replay, never decide on the same history at once."""
_DUE = text("""
    SELECT aggregate_key, CASE WHEN is_blocked THEN 0 ELSE version + 1 END AS due FROM inbox_aggregate
    WHERE aggregate_key = ANY(CAST(:keys AS text[]))
""")
_REMEMBER = Statement("""
    INSERT INTO inbox (event_id, type, applied_at)
    SELECT event_id, type, :now FROM unnest(CAST(:ids AS text[]), CAST(:types AS text[])) AS seen (event_id, type)
""")
_ADVANCE = Statement("""
    INSERT INTO inbox_aggregate AS known (aggregate_key, version)
    SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:versions AS bigint[]))
    ON CONFLICT (aggregate_key) DO UPDATE SET version = greatest(known.version, excluded.version)
""")


class Applying(Generic[U]):
    """What one service does with messages, transaction by transaction."""

    def __init__(
        self,
        subscribers: Subscribers[U],
        make_unit: Callable[[Transaction], U],
        dead_letters: DeadLetters,
        *,
        remembers_ids: bool = True,
    ) -> None:
        """`remembers_ids` is false where a history is read once, from its beginning: versions alone tell what is known."""
        self._subscribers = subscribers
        self._make_unit = make_unit
        self._dead_letters = dead_letters
        self._remembers_ids = remembers_ids

    async def run(self, transaction: Transaction, parsed: Sequence[Parsed]) -> list[Verdict]:
        """One verdict per message, in order; what is applied or set aside is part of the transaction."""
        progress = await self._progress(transaction, parsed)
        unit = self._make_unit(transaction)
        fresh = [one.event for one in parsed if one.event and one.event.id not in progress.known]
        await self._subscribers.prepare(
            [event for event in fresh if self._subscribers.handler_of(event.type)], unit
        )
        verdicts = [await self._apply_one(transaction, one, unit, progress) for one in parsed]
        if progress.applied and self._remembers_ids:
            await transaction.run(
                _REMEMBER,
                {
                    "ids": [event.id for event in progress.applied],
                    "types": [event.type for event in progress.applied],
                    "now": transaction.now,
                },
            )
        if progress.advanced:
            keys = sorted(progress.advanced)  # locked in the same order everywhere
            versions = [progress.advanced[key] for key in keys]
            await transaction.run(_ADVANCE, {"keys": keys, "versions": versions})
        return verdicts

    async def due_versions(self, connection: AsyncConnection, parsed: Sequence[Parsed]) -> dict[str, int]:
        """The version each aggregate waits for, as things stand; 0 for one that waits behind a dead letter."""
        keys = list({one.aggregate_key for one in parsed if one.aggregate_key})
        rows = await connection.execute(_DUE, {"keys": keys})
        return {row.aggregate_key: row.due for row in rows}

    async def _progress(self, transaction: Transaction, parsed: Sequence[Parsed]) -> _Progress:
        keys = list({one.aggregate_key for one in parsed if one.aggregate_key})
        rows = await transaction.run(_VERSIONS, {"keys": keys})
        return _Progress(
            await self._known(transaction, parsed),
            {row.aggregate_key: row.version for row in rows},
            {row.aggregate_key for row in rows if row.is_blocked},
        )

    async def _known(self, transaction: Transaction, parsed: Sequence[Parsed]) -> set[str]:
        if not self._remembers_ids:
            return set()
        ids = [one.attributes.id for one in parsed if one.attributes]
        return {row.event_id for row in await transaction.run(_KNOWN, {"ids": ids})}

    async def _apply_one(
        self, transaction: Transaction, one: Parsed, unit: U, progress: _Progress
    ) -> Verdict:
        key, attributes = one.aggregate_key, one.attributes
        if key is None or attributes is None:
            self._dead_letters.bury(
                transaction, one.incoming, one.message_id, None, one.fault or "unreadable", 1
            )
            return Verdict("dead")
        last = progress.versions.get(key, 0)
        if attributes.id in progress.known or attributes.aggregateversion <= last:
            return _KNOWN_ALREADY
        if key in progress.blocked:
            self._dead_letters.park(transaction, one.incoming, one.message_id, key)
            return Verdict("parked")
        if attributes.aggregateversion > last + 1:
            if one.incoming.deliveries % 100 == 0:
                log.error("inbox.gap", aggregate=key, waiting_for=last + 1, has=attributes.aggregateversion)
            return Verdict("held", delay=min(0.2 * one.incoming.deliveries, 5.0))
        if one.fault:
            progress.blocked.add(key)
            self._dead_letters.bury(transaction, one.incoming, one.message_id, key, one.fault, 1)
            return Verdict("dead")
        if one.event and (handler := self._subscribers.handler_of(one.event.type)):
            staged = len(transaction.staged)
            try:
                with telemetry.caused_by(one.event.correlationid, one.event.id), _span(one):
                    await handler(one.event, unit)
            except ComeAgain:
                if len(transaction.staged) != staged:
                    raise  # it has done something already: everything is undone, and it is tried alone
                return Verdict("early", delay=min(0.2 * one.incoming.deliveries, 5.0))
            progress.applied.append(one.event)
        progress.known.add(attributes.id)
        progress.versions[key] = progress.advanced[key] = attributes.aggregateversion
        return _APPLIED


def _span(one: Parsed) -> Any:
    headers: Mapping[str, str] = one.incoming.headers
    return telemetry.span(
        f"apply {one.event.type if one.event else '?'}",
        headers,
        stream=one.incoming.stream,
        seq=one.incoming.seq,
    )
