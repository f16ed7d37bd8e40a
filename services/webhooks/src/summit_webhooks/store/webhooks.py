"""Webhooks as rows."""

from dataclasses import fields
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from summit_chassis.database import Transaction
from summit_contracts.filters import pattern
from summit_webhooks.domain.delivery import DeliveryState
from summit_webhooks.domain.ports import Standing
from summit_webhooks.domain.webhook import Webhook, WebhookState
from summit_webhooks.store.tables import deliveries, webhooks

NEWCOMERS_AND_FACTS = 7_261
"""The lock that a newcomer takes alone, and every transaction that hears facts with others: so neither misses the other."""

_CATCH_UP = text("""
    INSERT INTO deliveries (webhook, number, event_id, type, aggregate_id, state, due_at, attempts)
    SELECT :name, number, event_id, type, aggregate_id, 'waiting', :now, 0 FROM facts WHERE subject ~ :pattern
""")


class SqlWebhooks:
    """The webhooks there are."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection

    async def find(self, name: str) -> Webhook | None:
        """The webhook of that name, held until the transaction ends; or none."""
        query = select(webhooks).where(webhooks.c.name == name).with_for_update(key_share=True)
        row = (await self._connection.execute(query)).one_or_none()
        return webhook_of(row) if row else None

    async def add(self, webhook: Webhook) -> None:
        """It is there, and every fact that was ever heard and fits its filter waits to be posted to it."""
        await self._connection.execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": NEWCOMERS_AND_FACTS}
        )
        row = _row(webhook) | {"pattern": pattern(webhook.facts)}
        await self._connection.execute(insert(webhooks).values(row))
        behind = {"name": webhook.name, "pattern": row["pattern"], "now": webhook.made_at}
        await self._connection.execute(_CATCH_UP, behind)

    async def save(self, webhook: Webhook) -> None:
        """It is as given."""
        await self._connection.execute(
            update(webhooks).where(webhooks.c.name == webhook.name).values(_row(webhook))
        )

    async def remove(self, name: str) -> None:
        """It is gone, with its deliveries and its log."""
        await self._connection.execute(delete(webhooks).where(webhooks.c.name == name))

    async def every(self) -> list[Webhook]:
        """All of them, by name, held until the transaction ends."""
        query = select(webhooks).order_by(webhooks.c.name).with_for_update(key_share=True)
        return [webhook_of(row) for row in await self._connection.execute(query)]

    async def standings(self) -> list[Standing]:
        """All of them, by name."""
        counted = await self._connection.execute(
            select(deliveries.c.webhook, deliveries.c.state, func.count()).group_by(
                deliveries.c.webhook, deliveries.c.state
            )
        )
        counts = {(name, state): number for name, state, number in counted}
        rows = await self._connection.execute(select(webhooks).order_by(webhooks.c.name))
        return [
            Standing(webhook_of(row), *(counts.get((row.name, state.value), 0) for state in DeliveryState))
            for row in rows
        ]


def webhook_of(row: Any) -> Webhook:
    """The webhook that a row tells of; where its secrets stand in clear, from before there were seals, it has them so."""
    told = {field.name: getattr(row, field.name) for field in fields(Webhook)}
    if row.sealed_secret is None:
        told |= {"sealed_secret": row.secret, "sealed_former_secret": row.former_secret}
    return Webhook(**told | {"state": WebhookState(row.state)})


def _row(webhook: Webhook) -> dict[str, Any]:
    told = {field.name: getattr(webhook, field.name) for field in fields(Webhook)}
    return told | {"secret": None, "former_secret": None}
