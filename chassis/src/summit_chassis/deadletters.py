"""Dead letters: what could not be applied is set aside with reason and original, and can be applied again later.

A dead event blocks its aggregate: what follows it is parked here too, in the order of versions, and applied after it when it
is replayed. The event's id stays the same, so only the service that needs it applies it.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import telemetry
from summit_chassis.arrivals import Incoming, storable
from summit_chassis.database import Database, Transaction
from summit_chassis.outbox import StagedMessage
from summit_chassis.telemetry import get_logger
from summit_contracts.fact import Stream

log = get_logger(__name__)


@dataclass(frozen=True)
class DeadLetter:
    """A message that was set aside."""

    dead_letter_id: str
    state: str
    """`dead`, `parked` (waits behind a dead one), `retry` (a person asked for it), `replayed`."""
    stream: str
    seq: int
    subject: str
    aggregate_key: str | None
    reason: str
    attempts: int
    payload: bytes
    headers: dict[str, str]
    died_at: datetime
    asked_by: str | None
    """The account that asked last for it to be applied again."""
    asked_at: datetime | None

    @property
    def incoming(self) -> Incoming:
        """The original, as it was delivered."""
        return Incoming(self.stream, self.seq, self.subject, self.payload, self.headers)


def tables(metadata: MetaData) -> None:
    """Adds the dead letters to a service's own tables, so that its migrations hold them."""
    Table(
        "dead_letter",
        metadata,
        Column("dead_letter_id", Text, primary_key=True),
        Column("state", Text, nullable=False),
        Column("stream", Text, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("subject", Text, nullable=False),
        Column("aggregate_key", Text),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("died_at", DateTime(timezone=True), nullable=False),
        Column("asked_by", Text),
        Column("asked_at", DateTime(timezone=True)),
        Index("dead_letter_open", "state", "died_at", postgresql_where=text("state <> 'replayed'")),
        Index("dead_letter_aggregate", "aggregate_key", "seq"),
    )


_BURY = text("""
    INSERT INTO dead_letter (dead_letter_id, state, stream, seq, subject, aggregate_key, reason, attempts, payload, headers, died_at)
    VALUES (:id, :state, :stream, :seq, :subject, :key, :reason, :attempts, :payload, CAST(:headers AS jsonb), :died_at)
    ON CONFLICT (dead_letter_id) DO NOTHING
""")
_BLOCK = text("""
    INSERT INTO inbox_aggregate (aggregate_key, version, is_blocked) VALUES (:key, 0, true)
    ON CONFLICT (aggregate_key) DO UPDATE SET is_blocked = true
""")
_RIPE = text("""
    SELECT DISTINCT ON (coalesce(letter.aggregate_key, letter.dead_letter_id)) letter.*
    FROM dead_letter AS letter LEFT JOIN inbox_aggregate AS aggregate USING (aggregate_key)
    WHERE letter.state = 'retry' OR (letter.state = 'parked' AND NOT coalesce(aggregate.is_blocked, false))
    ORDER BY coalesce(letter.aggregate_key, letter.dead_letter_id), letter.seq LIMIT 50
""")
_CHAIN = text("""
    SELECT * FROM dead_letter
    WHERE dead_letter_id = :id OR (aggregate_key = :key AND state IN ('retry', 'parked')) ORDER BY seq
""")
_ASK = text("""
    UPDATE dead_letter SET state = 'retry', asked_by = :by, asked_at = :now
    WHERE state = 'dead' AND (CAST(:id AS text) IS NULL OR dead_letter_id = :id)
""")
_LARGEST_ORIGINAL = 64 * 1024
"""Bytes; a larger original stays in the database alone: told in full, it might not fit into a message any more."""


class DeadLetters:
    """One service's dead letters."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._set_aside: WeakKeyDictionary[Transaction, list[dict[str, Any]]] = WeakKeyDictionary()

    def bury(
        self,
        transaction: Transaction,
        incoming: Incoming,
        message_id: str,
        aggregate_key: str | None,
        reason: str,
        attempts: int,
    ) -> None:
        """The message is set aside, its aggregate waits for it, and the stream of dead letters will say so."""
        self._put(transaction, incoming, message_id, aggregate_key, "dead", reason, attempts)
        transaction.stage_message(
            _announcement(self._database.service, incoming, message_id, reason, attempts)
        )
        telemetry.DEAD_LETTERS.labels(self._database.service, incoming.stream).inc()
        log.error(
            "inbox.dead_letter",
            message_id=message_id,
            subject=incoming.subject,
            reason=reason,
            attempts=attempts,
        )

    def park(self, transaction: Transaction, incoming: Incoming, message_id: str, aggregate_key: str) -> None:
        """The message waits behind the dead one of its aggregate."""
        self._put(transaction, incoming, message_id, aggregate_key, "parked", "waits behind a dead letter", 0)

    def _put(
        self,
        transaction: Transaction,
        incoming: Incoming,
        message_id: str,
        aggregate_key: str | None,
        state: str,
        reason: str,
        attempts: int,
    ) -> None:
        if transaction not in self._set_aside:
            self._set_aside[transaction] = []
            transaction.before_commit(partial(self._write, transaction))
        self._set_aside[transaction].append(
            {
                "id": message_id,
                "state": state,
                "stream": incoming.stream,
                "seq": incoming.seq,
                "subject": storable(incoming.subject),
                "key": aggregate_key,
                "reason": storable(reason),
                "attempts": attempts,
                "payload": incoming.payload,
                "headers": json.dumps(
                    {storable(name): storable(value) for name, value in incoming.headers.items()}
                ),
                "died_at": transaction.now,
            }
        )

    async def _write(self, transaction: Transaction) -> None:
        """What was set aside in this transaction, written as a set; the aggregates of the dead wait, locked in one order."""
        rows = self._set_aside.pop(transaction)
        await transaction.connection.execute(_BURY, rows)
        if blocked := sorted({row["key"] for row in rows if row["state"] == "dead" and row["key"]}):
            await transaction.connection.execute(_BLOCK, [{"key": key} for key in blocked])

    async def open_letters(self, limit: int = 100) -> Sequence[DeadLetter]:
        """Everything that still waits, the oldest first."""
        query = text("SELECT * FROM dead_letter WHERE state <> 'replayed' ORDER BY died_at, seq LIMIT :limit")
        async with self._database.engine.connect() as connection:
            return [_letter(row) for row in await connection.execute(query, {"limit": limit})]

    async def find(self, dead_letter_id: str) -> DeadLetter | None:
        """The one of this id, whatever its state."""
        query = text("SELECT * FROM dead_letter WHERE dead_letter_id = :id")
        async with self._database.engine.connect() as connection:
            row = (await connection.execute(query, {"id": dead_letter_id})).one_or_none()
        return _letter(row) if row else None

    async def mark_for_replay(self, dead_letter_id: str | None = None, *, by: str) -> int:
        """These are applied again soon, because that account asks for it: one, or all that are dead. How many were marked."""
        async with self._database.transaction() as transaction:
            asked = {"id": dead_letter_id, "by": by, "now": transaction.now}
            marked = (await transaction.connection.execute(_ASK, asked)).rowcount
        log.info("inbox.replay_asked", message_id=dead_letter_id, by=by, marked=marked)
        return marked

    async def resume(self, dead_letter_id: str) -> None:
        """It is applied again soon: its replay was interrupted, and nobody has to ask anew."""
        query = text("UPDATE dead_letter SET state = 'retry' WHERE state = 'dead' AND dead_letter_id = :id")
        async with self._database.engine.begin() as connection:
            await connection.execute(query, {"id": dead_letter_id})

    async def ripe(self) -> Sequence[DeadLetter]:
        """One letter of each aggregate that may go on: marked for replay, or parked though nothing blocks it any more."""
        async with self._database.engine.connect() as connection:
            return [_letter(row) for row in await connection.execute(_RIPE)]

    async def chain(self, connection: AsyncConnection, first: DeadLetter) -> list[DeadLetter]:
        """Everything of its aggregate that is to be applied with it."""
        rows = await connection.execute(_CHAIN, {"id": first.dead_letter_id, "key": first.aggregate_key})
        return [_letter(row) for row in rows]

    async def claim(self, connection: AsyncConnection, letter: DeadLetter) -> None:
        """It is dead until it is through, and its aggregate waits for it."""
        query = text("UPDATE dead_letter SET state = 'dead' WHERE dead_letter_id = :id")
        await connection.execute(query, {"id": letter.dead_letter_id})
        if letter.aggregate_key:
            await connection.execute(_BLOCK, {"key": letter.aggregate_key})

    async def set_free(self, connection: AsyncConnection, aggregate_key: str | None) -> None:
        """The aggregate goes on; whoever else applies facts of it waits for this transaction to end."""
        query = text("UPDATE inbox_aggregate SET is_blocked = false WHERE aggregate_key = :key")
        await connection.execute(query, {"key": aggregate_key})

    async def close(self, connection: AsyncConnection, letters: Sequence[DeadLetter]) -> None:
        """They are done with; kept for the record."""
        query = text(
            "UPDATE dead_letter SET state = 'replayed' WHERE dead_letter_id = ANY(CAST(:ids AS text[]))"
        )
        await connection.execute(query, {"ids": [letter.dead_letter_id for letter in letters]})

    async def reopen(self, letter: DeadLetter, reason: str) -> None:
        """The replay came no further than this one: it is what blocks its aggregate now, for this reason."""
        query = text(
            "UPDATE dead_letter SET state = 'dead', attempts = attempts + 1, reason = :reason WHERE dead_letter_id = :id"
        )
        async with self._database.engine.begin() as connection:
            await connection.execute(query, {"id": letter.dead_letter_id, "reason": storable(reason)})
            if letter.aggregate_key:
                await connection.execute(_BLOCK, {"key": letter.aggregate_key})
        log.warning("inbox.replay_failed", message_id=letter.dead_letter_id, reason=reason)


def _letter(row: Any) -> DeadLetter:
    """From the columns that are known here: the database may be ahead of the code."""
    return DeadLetter(**{field.name: getattr(row, field.name) for field in fields(DeadLetter)})


def _announcement(
    service: str, incoming: Incoming, message_id: str, reason: str, attempts: int
) -> StagedMessage:
    is_personal = incoming.stream == Stream.PERSONAL
    is_told = not is_personal and len(incoming.payload) <= _LARGEST_ORIGINAL
    body = {
        "service": service,
        "reason": reason.partition(":")[0] if is_personal else reason,
        "attempts": attempts,
        "stream": incoming.stream,
        "seq": incoming.seq,
        "subject": incoming.subject,
        "bytes": len(incoming.payload),
        "original": b64encode(incoming.payload).decode() if is_told else None,
    }
    return StagedMessage(
        stream=Stream.DEAD.value,
        subject=f"dead.{service}.{incoming.stream}",
        payload=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
        event_id=f"dead-{service}-{message_id}-{attempts}",
    )


def reason_of(failure: BaseException) -> str:
    """The failure in a text that a database takes; of what a database says the first line, for values stand in those behind."""
    said = str(failure)
    if isinstance(failure, DBAPIError):
        said = said.partition("\n")[0]
    return storable(f"{type(failure).__name__}: {said}")[:2000]
