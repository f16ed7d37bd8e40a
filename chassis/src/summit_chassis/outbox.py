"""The outbox: facts are rows of the same transaction that made them true, until the relay has brought them to a stream.

Versions are given here: the first fact of an aggregate is 1 and each next one is one more. The row that counts an
aggregate's versions stays locked until commit, so of two transactions on one aggregate the later one also stands later.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic_core import to_json
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

from summit_chassis import rows, telemetry
from summit_chassis.driven import Driven
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
    before: bytes
    """The payload up to the number of its version."""
    behind: bytes
    headers: dict[str, str]


_NUMBER = b'"aggregateversion":1'
"""Found once in an envelope of version 1: within a text its quotation marks would be escaped, and what the fact says comes later."""

_COUNTED = """
    counted AS (
        INSERT INTO outbox_aggregate AS known (aggregate_id, version)
        SELECT * FROM unnest(CAST(:counted AS text[]), CAST(:counts AS bigint[]))
        ON CONFLICT (aggregate_id) DO UPDATE SET version = known.version + excluded.version
        RETURNING aggregate_id, version
    )
"""
_INSERT = """
    INSERT INTO outbox (event_id, stream, subject, aggregate_id, aggregate_version, payload, headers, staged_at)
    SELECT event_id, stream, subject, aggregate_id, version - later,
           before || convert_to(coalesce(CAST(version - later AS text), ''), 'UTF8') || behind, CAST(headers AS jsonb), :staged_at
    FROM unnest(CAST(:event_ids AS text[]), CAST(:streams AS text[]), CAST(:subjects AS text[]), CAST(:aggregate_ids AS text[]),
                CAST(:later AS bigint[]), CAST(:before AS bytea[]), CAST(:behind AS bytea[]), CAST(:headers AS text[]))
      WITH ORDINALITY AS staged (event_id, stream, subject, aggregate_id, later, before, behind, headers, place)
      LEFT JOIN counted USING (aggregate_id)
    ORDER BY place ON CONFLICT (event_id) DO NOTHING
"""
"""A fact's version is known when its aggregate is counted, and is put into its envelope there: one way to the database for all."""


async def write(
    driven: Driven,
    staged: Sequence[StagedFact | StagedMessage],
    *,
    now: datetime,
    beside: rows.Rows,
) -> None:
    """The staged facts are rows of this transaction, numbered, in the order in which they were staged, and so are those beside."""
    if not staged:
        await rows.write(driven, beside)
        return
    written = [_row_of(one, now) for one in staged]
    counts = Counter(row.aggregate_id for row in written if row.aggregate_id)
    in_order = sorted(counts)  # always locked in the same order: two transactions never wait for each other
    given = {
        "counted": in_order,
        "counts": [counts[aggregate_id] for aggregate_id in in_order],
        "event_ids": [row.event_id for row in written],
        "streams": [row.stream for row in written],
        "subjects": [row.subject for row in written],
        "aggregate_ids": [row.aggregate_id for row in written],
        "later": _later(written),
        "before": [row.before for row in written],
        "behind": [row.behind for row in written],
        "headers": [to_json(row.headers).decode() for row in written],
        "staged_at": now,
    }
    await rows.write_beside(driven, beside, (_COUNTED,), _INSERT, given)


def _later(written: Sequence[_Row]) -> list[int]:
    """How many facts of the same aggregate stand behind each."""
    seen: Counter[str | None] = Counter()
    later: list[int] = []
    for row in reversed(written):
        later.append(seen[row.aggregate_id])
        seen[row.aggregate_id] += 1
    return later[::-1]


def _row_of(staged: StagedFact | StagedMessage, now: datetime) -> _Row:
    if isinstance(staged, StagedMessage):
        return _Row(staged.event_id, staged.stream, staged.subject, None, staged.payload, b"", staged.headers)
    fact = staged.fact
    envelope = seal(
        fact,
        id=staged.event_id,
        at=now,
        version=1,
        correlation_id=staged.cause.correlation_id,
        causation_id=staged.cause.causation_id,
    )
    payload = envelope.to_json()
    if len(payload) > MAX_FACT:
        raise FactTooLarge(
            f"{fact.TYPE} of {envelope.aggregateid} has {len(payload)} bytes, more than {MAX_FACT}"
        )
    before, _, behind = payload.partition(_NUMBER)
    return _Row(
        staged.event_id,
        fact.STREAM.value,
        fact.subject,
        envelope.aggregateid,
        before + _NUMBER[:-1],
        behind,
        {"content-type": CONTENT_TYPE, **staged.headers},
    )
