"""Deliveries that are due are posted: each at least once, whatever dies in between.

Two commits a delivery: the attempt begins, the attempt has ended. Who dies between them leaves a lease that ends.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from summit_chassis.telemetry import get_logger
from summit_webhooks.domain.delivery import Attempt, DeliveryState, Outcome, rest_after
from summit_webhooks.domain.ports import Carrier, Post, Unit
from summit_webhooks.domain.webhook import WebhookState

log = get_logger(__name__)

AT_ONCE: Final = 16
"""Posts under way in one process."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What posting takes."""

    begin: Callable[[], AbstractAsyncContextManager[Unit]]
    now: Callable[[], datetime]
    carrier: Carrier
    first_wait: timedelta


async def deliver_due(desk: Desk) -> int:
    """What is due, up to 16, was posted side by side, and what became of each is on record; how many those were."""
    now = desk.now()
    async with desk.begin() as unit:
        posts = await unit.deliveries.take_due(now, AT_ONCE)
        for post in posts:
            await unit.deliveries.save(post.delivery.begun(now))
    await asyncio.gather(*(_carry_out(desk, post, now) for post in posts))
    return len(posts)


async def _carry_out(desk: Desk, post: Post, now: datetime) -> None:
    outcome = await desk.carrier.bring(post, post.webhook.secrets(now))
    await _record(desk, post, outcome)


async def _record(desk: Desk, post: Post, outcome: Outcome) -> None:
    now = desk.now()
    begun = post.delivery.begun(now)
    ended = begun.ended(outcome, now, desk.first_wait)
    async with desk.begin() as unit:
        webhook = await unit.webhooks.find(post.webhook.name)
        if webhook is None:  # it was removed meanwhile
            return
        await unit.deliveries.save(ended)
        await unit.deliveries.note(
            webhook.name,
            Attempt(
                ended.event_id, ended.type, ended.attempts, now, outcome.status, outcome.reason, outcome.took
            ),
        )
        if outcome.is_taken:
            changed = webhook.took()
        else:
            rest = rest_after(webhook.failures, desk.first_wait)
            changed = webhook.failed(now, rest, is_gone=outcome.is_gone)
        if changed != webhook:
            await unit.webhooks.save(changed)
    if ended.state is DeliveryState.GIVEN_UP or changed.state is not webhook.state:
        log.warning(
            "webhook.stopped" if changed.state is WebhookState.STOPPED else "webhook.given_up",
            webhook=webhook.name,
            event_id=ended.event_id,
            status=outcome.status,
            reason=outcome.reason,
        )
