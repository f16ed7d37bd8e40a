"""Deliveries as rows: written as a set when facts are heard, taken receiver by receiver when they are due."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from summit_chassis.database import Transaction
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_webhooks.domain.delivery import Attempt, Delivery, DeliveryState
from summit_webhooks.domain.ports import Post
from summit_webhooks.store.tables import attempts, deliveries, facts, webhooks
from summit_webhooks.store.webhooks import NEWCOMERS_AND_FACTS, webhook_of

_HEAR = text("""
    WITH told AS (
      INSERT INTO facts (event_id, type, subject, aggregate_id, body)
      SELECT event_id, type, subject, aggregate_id, convert_to(body, 'UTF8')
      FROM jsonb_to_recordset(:rows)
        AS heard (place int, event_id text, type text, subject text, aggregate_id text, body text) ORDER BY place
      RETURNING number, event_id, type, subject, aggregate_id
    )
    INSERT INTO deliveries (webhook, number, event_id, type, aggregate_id, state, due_at, attempts)
    SELECT name, number, event_id, told.type, aggregate_id, 'waiting', :now, 0
    FROM told JOIN webhooks ON told.subject ~ webhooks.pattern
""").bindparams(bindparam("rows", type_=JSONB))

_RECEIVERS_DUE = text("""
    SELECT w.name FROM webhooks w
    WHERE w.state = 'active' AND (w.rests_until IS NULL OR w.rests_until <= :now)
      AND EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook = w.name AND d.state = 'waiting' AND d.due_at <= :now)
    ORDER BY w.name
""")
_DUE = text("""
    SELECT d.number FROM deliveries d JOIN webhooks w ON w.name = d.webhook
    WHERE w.name = :name AND d.state = 'waiting' AND d.due_at <= :now
      AND w.state = 'active' AND (w.rests_until IS NULL OR w.rests_until <= :now)
      AND NOT EXISTS (
        SELECT 1 FROM deliveries earlier WHERE earlier.webhook = d.webhook AND earlier.aggregate_id = d.aggregate_id
          AND earlier.number < d.number AND earlier.state = 'waiting')
    ORDER BY d.attempts, d.number LIMIT :limit FOR UPDATE OF d SKIP LOCKED
""")
END_OF_LOG = (
    "DELETE FROM attempts WHERE line IN (SELECT line FROM"
    " (SELECT line, at FROM attempts ORDER BY line LIMIT 5000) AS oldest WHERE at < :before)"
)
"""Only the oldest lines are looked at, so that it costs the same however many there are."""


class SqlDeliveries:
    """What is to be posted, and what became of it."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._heard: list[dict[str, Any]] = []

    def hear(self, event: Envelope[Fact]) -> None:
        """With this transaction the fact is kept, and waits for every webhook whose filter it fits."""
        if not self._heard:
            self._transaction.before_commit(self._write)
        self._heard.append(
            {
                "place": len(self._heard),
                "event_id": event.id,
                "type": event.type,
                "subject": event.data.subject,
                "aggregate_id": event.aggregateid,
                "body": event.to_json().decode(),
            }
        )

    async def _write(self) -> None:
        await self._connection.execute(
            text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": NEWCOMERS_AND_FACTS}
        )
        await self._connection.execute(_HEAR, {"rows": self._heard, "now": self._transaction.now})

    async def receivers_due(self, now: datetime) -> list[str]:
        """The webhooks that are active, do not rest, and have something that is due, by name."""
        return list((await self._connection.execute(_RECEIVERS_DUE, {"now": now})).scalars())

    async def take_due(self, name: str, now: datetime, limit: int) -> list[Post]:
        """Up to `limit` deliveries that may be attempted now, of this webhook if it is active and does not rest; nobody else
        takes them.
        """
        asked = {"name": name, "now": now, "limit": limit}
        due = (await self._connection.execute(_DUE, asked)).scalars().all()
        if not due:
            return []
        owner = webhook_of(
            (await self._connection.execute(select(webhooks).where(webhooks.c.name == name))).one()
        )
        query = (
            select(deliveries, facts.c.body)
            .join(facts, facts.c.number == deliveries.c.number)
            .where(deliveries.c.webhook == name, deliveries.c.number.in_(due))
        )
        rows = {row.number: row for row in await self._connection.execute(query)}
        return [Post(owner, _delivery(rows[one]), bytes(rows[one].body)) for one in due]

    async def save(self, delivery: Delivery) -> None:
        """It is as given."""
        await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.webhook == delivery.webhook, deliveries.c.number == delivery.number)
            .values(state=delivery.state, due_at=delivery.due_at, attempts=delivery.attempts)
        )

    async def find(self, name: str, event_id: str) -> Delivery | None:
        """The delivery of this fact to this webhook, held until the transaction ends; or none."""
        query = select(deliveries).where(deliveries.c.webhook == name, deliveries.c.event_id == event_id)
        row = (await self._connection.execute(query.with_for_update())).one_or_none()
        return _delivery(row) if row else None

    async def again(self, name: str, now: datetime) -> int:
        """Everything given up waits again; how many those are."""
        done = await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.webhook == name, deliveries.c.state == DeliveryState.GIVEN_UP)
            .values(state=DeliveryState.WAITING, due_at=now, attempts=0)
        )
        return done.rowcount

    async def note(self, name: str, attempt: Attempt) -> None:
        """The attempt stands in the webhook's log."""
        row = {name: getattr(attempt, name) for name in Attempt.__dataclass_fields__}
        await self._connection.execute(insert(attempts).values(webhook=name, **row))

    async def heard(self, edition_id: str) -> int:
        """How many facts of an edition are kept."""
        own = func.split_part(facts.c.subject, ".", 2) == edition_id
        return (
            await self._connection.execute(select(func.count()).select_from(facts).where(own))
        ).scalar_one()

    async def log(self, name: str, limit: int) -> list[Attempt]:
        """The last attempts, the newest first."""
        query = (
            select(attempts).where(attempts.c.webhook == name).order_by(attempts.c.line.desc()).limit(limit)
        )
        return [
            Attempt(**{name: getattr(row, name) for name in Attempt.__dataclass_fields__})
            for row in await self._connection.execute(query)
        ]


def _delivery(row: Any) -> Delivery:
    return Delivery(
        row.webhook,
        row.number,
        row.event_id,
        row.type,
        DeliveryState(row.state),
        row.due_at,
        row.attempts,
    )
