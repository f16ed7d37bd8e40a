"""The outbox: facts are rows of the same transaction that made them true, until the relay has brought them to a stream.

Versions are given here: the first fact of an aggregate is 1 and each next one is one more. The row that counts an
aggregate's versions stays locked until commit, so of two transactions on one aggregate the later one also stands later.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import telemetry
from summit_chassis.ids import new_id
from summit_contracts.catalogue import seal
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.fact import Fact


def tables(metadata: MetaData) -> None:
    """Adds the outbox to a service's own tables, so that its migrations hold it."""
    Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Text, nullable=False, unique=True),
        Column("stream", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("aggregate_id", Text),
        Column("aggregate_version", BigInteger),
        Column("payload", LargeBinary, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("staged_at", DateTime(timezone=True), nullable=False),
        Column("pub_seq", BigInteger),
        Column("published_at", DateTime(timezone=True)),
        UniqueConstraint("aggregate_id", "aggregate_version"),
        Index("outbox_unpublished", "seq", postgresql_where=text("pub_seq IS NULL")),
        Index("outbox_published", "stream", "pub_seq"),
    )
    Table(
        "outbox_aggregate",
        metadata,
        Column("aggregate_id", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
    )


MAX_FACT = 200_000
"""Bytes of an envelope; NATS carries somewhat more, and a row that it does not carry would keep all others from their stream."""


class FactTooLarge(Exception):
    """The fact does not fit into a message; what is that large belongs behind a reference."""


@dataclass(frozen=True)
class StagedFact:
    """A fact with the cause and trace under which it came about."""

    fact: Fact
    cause: telemetry.Cause
    headers: dict[str, str]
    event_id: str = field(default_factory=new_id)


@dataclass(frozen=True)
class StagedMessage:
    """A message that is no fact, e.g. a dead letter."""

    stream: str
    subject: str
    payload: bytes
    headers: dict[str, str]
    event_id: str


@dataclass(frozen=True)
class _Row:
    event_id: str
    stream: str
    subject: str
    aggregate_id: str | None
    aggregate_version: int | None
    payload: bytes
    headers: dict[str, str]


_COUNT_VERSIONS = text("""
    INSERT INTO outbox_aggregate AS known (aggregate_id, version)
    SELECT * FROM unnest(CAST(:aggregate_ids AS text[]), CAST(:counts AS bigint[]))
    ON CONFLICT (aggregate_id) DO UPDATE SET version = known.version + excluded.version
    RETURNING aggregate_id, version
""")

_INSERT = text("""
    INSERT INTO outbox (event_id, stream, subject, aggregate_id, aggregate_version, payload, headers, staged_at)
    SELECT event_id, stream, subject, aggregate_id, aggregate_version, payload, CAST(headers AS jsonb), :staged_at
    FROM unnest(CAST(:event_ids AS text[]), CAST(:streams AS text[]), CAST(:subjects AS text[]), CAST(:aggregate_ids AS text[]),
                CAST(:versions AS bigint[]), CAST(:payloads AS bytea[]), CAST(:headers AS text[])) WITH ORDINALITY
      AS staged (event_id, stream, subject, aggregate_id, aggregate_version, payload, headers, place)
    ORDER BY place ON CONFLICT (event_id) DO NOTHING
""")


async def write(
    connection: AsyncConnection, staged: Sequence[StagedFact | StagedMessage], *, now: datetime
) -> None:
    """The staged facts are rows of this transaction, numbered, in the order in which they were staged."""
    versions = await _next_versions(connection, [one.fact for one in staged if isinstance(one, StagedFact)])
    rows = [_row_of(one, versions, now) for one in staged]
    await connection.execute(
        _INSERT,
        {
            "event_ids": [row.event_id for row in rows],
            "streams": [row.stream for row in rows],
            "subjects": [row.subject for row in rows],
            "aggregate_ids": [row.aggregate_id for row in rows],
            "versions": [row.aggregate_version for row in rows],
            "payloads": [row.payload for row in rows],
            "headers": [json.dumps(row.headers) for row in rows],
            "staged_at": now,
        },
    )


async def _next_versions(connection: AsyncConnection, facts: Sequence[Fact]) -> dict[str, int]:
    """The version that each aggregate's first fact of this transaction gets."""
    counts: dict[str, int] = {}
    for fact in facts:
        aggregate_id = fact.aggregate_id
        counts[aggregate_id] = counts.get(aggregate_id, 0) + 1
    if not counts:
        return {}
    in_order = sorted(counts)  # always locked in the same order: two transactions never wait for each other
    result = await connection.execute(
        _COUNT_VERSIONS,
        {"aggregate_ids": in_order, "counts": [counts[aggregate_id] for aggregate_id in in_order]},
    )
    return {aggregate_id: version - counts[aggregate_id] + 1 for aggregate_id, version in result}


def _row_of(staged: StagedFact | StagedMessage, versions: dict[str, int], now: datetime) -> _Row:
    if isinstance(staged, StagedMessage):
        return _Row(
            staged.event_id, staged.stream, staged.subject, None, None, staged.payload, staged.headers
        )
    fact = staged.fact
    aggregate_id = fact.aggregate_id
    version = versions[aggregate_id]
    versions[aggregate_id] = version + 1
    envelope = seal(
        fact,
        id=staged.event_id,
        at=now,
        version=version,
        correlation_id=staged.cause.correlation_id,
        causation_id=staged.cause.causation_id,
    )
    payload = envelope.to_json()
    if len(payload) > MAX_FACT:
        raise FactTooLarge(f"{fact.TYPE} of {aggregate_id} has {len(payload)} bytes, more than {MAX_FACT}")
    headers = {"content-type": CONTENT_TYPE, **staged.headers}
    return _Row(staged.event_id, fact.STREAM.value, fact.subject, aggregate_id, version, payload, headers)
