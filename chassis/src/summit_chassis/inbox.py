"""The inbox: every fact takes effect once and in its aggregate's order, whatever is delivered twice, late or broken.

A batch is one transaction: what is known is fetched with two queries, the handlers run, then inbox rows, own rows and own
outbox rows commit together, and only then the messages are acknowledged. If that fails for a reason that lies in a message,
the batch is rolled back and done again message by message, so that only the poison is set aside.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, Table, Text, text

from summit_chassis import telemetry
from summit_chassis.applying import Applying, Verdict
from summit_chassis.arrivals import Incoming, Parsed
from summit_chassis.attempts import Attempts
from summit_chassis.database import Database, Transaction
from summit_chassis.deadletters import DeadLetters, reason_of
from summit_chassis.faults import is_passing
from summit_chassis.replay import Replay
from summit_chassis.subscribers import ComeAgain, Subscribers
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

U = TypeVar("U")

HANDLER_SECONDS = 10.0
"""How long one batch may take; longer counts as a failure of what is in it."""
_SUSPICIOUS_DELIVERIES = 4
"""From this delivery on a message is tried alone and counted beforehand: it may be what kills the process."""
_DIED = "the process died while handling it"


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


class Inbox(Generic[U]):
    """Applies messages to one service's database."""

    def __init__(
        self,
        database: Database,
        subscribers: Subscribers[U],
        make_unit: Callable[[Transaction], U],
        *,
        max_attempts: int = 5,
        remembers_ids: bool = True,
    ) -> None:
        self._database = database
        self._subscribers = subscribers
        self._max_attempts = max_attempts
        self._attempts = Attempts(database)
        self._dead_letters = DeadLetters(database)
        self._applying = Applying(subscribers, make_unit, self._dead_letters, remembers_ids=remembers_ids)
        self._survived: set[str] = set()
        """What was handled here, and comes again because it came too early or the database was away: it kills nobody."""
        self._replay = Replay(database, self._applying, self._dead_letters)

    async def apply(self, messages: Sequence[Incoming]) -> list[Verdict]:
        """One verdict per message, in order. What was acknowledged is committed.

        Raises:
            Exception: a passing fault of the surroundings (database, network); nothing of the rest was applied.
        """
        arrived = [message.parsed for message in messages]
        ids = [one.message_id for one in arrived]
        try:
            verdicts = await self._apply_suspects(arrived)
            rest = [place for place in range(len(arrived)) if place not in verdicts]
            if rest:
                together = await self._apply_or_divide([arrived[place] for place in rest])
                verdicts.update(zip(rest, together, strict=True))
        except Exception:
            self._survived.update(ids)
            raise
        if self._survived:
            self._survived.difference_update(ids)
        self._survived.update(ids[place] for place, one in verdicts.items() if one.outcome == "early")
        return [verdicts[place] for place in range(len(arrived))]

    async def replay(self) -> int:
        """Dead letters that a person marked for replay are applied, with all that waited behind each; how many."""
        return await self._replay.replay(within=HANDLER_SECONDS)

    async def _apply_suspects(self, arrived: Sequence[Parsed]) -> dict[int, Verdict]:
        """What came so often that it may kill the process, and is due to be handled, is handled alone; by place."""
        places = [
            place
            for place, one in enumerate(arrived)
            if one.incoming.deliveries >= _SUSPICIOUS_DELIVERIES
            and one.message_id not in self._survived
            and one.event
            and self._subscribers.handler_of(one.event.type)
        ]
        if not places:
            return {}
        verdicts: dict[int, Verdict] = {}
        async with self._database.engine.connect() as connection:
            due = await self._applying.due_versions(connection, [arrived[place] for place in places])
        for place in places:
            one = arrived[place]
            key = one.aggregate_key or ""
            if due.get(key, 1) == one.version:
                verdicts[place] = await self._apply_alone(one, is_suspect=True)
                due[key] = one.version + (verdicts[place].outcome == "applied")
        return verdicts

    async def _apply_or_divide(self, arrived: Sequence[Parsed]) -> list[Verdict]:
        try:
            return await self._apply_together(arrived)
        except Exception as failure:
            if is_passing(failure):
                raise
            log.info("inbox.batch_failed", messages=len(arrived), error=repr(failure), remedy="one by one")
        return [await self._apply_alone(one) for one in arrived]

    async def _apply_together(self, arrived: Sequence[Parsed]) -> list[Verdict]:
        async with self._database.transaction(within=HANDLER_SECONDS) as transaction:
            verdicts = await self._applying.run(transaction, arrived)
        counts = Counter(
            (one.incoming.stream, verdict.outcome) for one, verdict in zip(arrived, verdicts, strict=True)
        )
        for (stream, outcome), count in counts.items():
            telemetry.APPLIED.labels(self._database.service, stream, outcome).inc(count)
        return verdicts

    async def _apply_alone(self, one: Parsed, *, is_suspect: bool = False) -> Verdict:
        attempts = await self._attempts.count(one.message_id, _DIED) if is_suspect else 0
        if attempts > self._max_attempts:
            return await self._bury(one, _DIED, attempts - 1)
        try:
            verdict = (await self._apply_together([one]))[0]
        except ComeAgain:
            if attempts:
                await self._attempts.forget(one.message_id)
            return Verdict("early", delay=min(0.2 * one.incoming.deliveries, 5.0))
        except Exception as failure:
            if is_passing(failure):
                if is_suspect:
                    self._attempts.survived(one.message_id)
                raise
            reason = reason_of(failure)
            attempts = attempts or await self._attempts.count(one.message_id, reason)
            log.warning("inbox.attempt_failed", message_id=one.message_id, attempts=attempts, reason=reason)
            if attempts >= self._max_attempts:
                return await self._bury(one, reason, attempts)
            return Verdict("retried", delay=min(0.2 * 4**attempts, 60.0))
        if attempts:
            await self._attempts.forget(one.message_id)
        return verdict

    async def _bury(self, one: Parsed, reason: str, attempts: int) -> Verdict:
        async with self._database.transaction() as transaction:
            self._dead_letters.bury(
                transaction, one.incoming, one.message_id, one.aggregate_key, reason, attempts
            )
        await self._attempts.forget(one.message_id)
        return Verdict("dead")
