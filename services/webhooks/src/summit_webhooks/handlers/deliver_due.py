"""Deliveries that are due are posted: each at least once, whatever dies in between.

Two commits a delivery: the attempt begins, the attempt has ended. Who dies between them leaves a lease that ends.
Each receiver has a lane of its own, and nothing in it is shared with another: whoever is slow or dead costs itself alone.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from summit_chassis.faults import is_passing
from summit_chassis.telemetry import get_logger
from summit_webhooks.domain.delivery import Attempt, DeliveryState, Outcome, rest_after
from summit_webhooks.domain.ports import Carrier, Post, Seal, SealedByAnother, Unit
from summit_webhooks.domain.webhook import WebhookState

log = get_logger(__name__)

AT_ONCE: Final = 8
"""Posts under way to one receiver, from one process."""

OPEN_AGAIN: Final = "put the key it was sealed with behind the others in SUMMIT_WEBHOOK_SEAL_KEYS, or remove the webhook and add it again"
Lanes = dict[str, asyncio.Task[None]]
"""Receivers that are posted to at this moment, by the names of their webhooks."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What posting takes."""

    begin: Callable[[], AbstractAsyncContextManager[Unit]]
    now: Callable[[], datetime]
    carrier: Carrier
    seal: Seal
    first_wait: timedelta


async def open_lanes(desk: Desk, lanes: Lanes, stopping: asyncio.Event) -> None:
    """Whoever something is due to is being posted to, until nothing is due to it any more; lanes that came to their end are gone."""
    async with desk.begin() as unit:
        due = await unit.deliveries.receivers_due(desk.now())
    for name in [name for name, lane in lanes.items() if lane.done()]:
        del lanes[name]
    for name in due:
        if name not in lanes:
            lanes[name] = asyncio.create_task(_lane(desk, name, stopping))


async def _lane(desk: Desk, name: str, stopping: asyncio.Event) -> None:
    try:
        while not stopping.is_set() and await deliver_due(desk, name):
            pass
    except SealedByAnother:
        log.error("webhook.sealed_by_another", webhook=name, remedy=OPEN_AGAIN)
        await _pause(desk, stopping)
    except Exception as fault:  # one lane's fault is no other's; it is opened again with the next look
        log.warning("webhook.fault", webhook=name, error=repr(fault), exc_info=not is_passing(fault))
        await _pause(desk, stopping)


async def _pause(desk: Desk, stopping: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), timeout=desk.first_wait.total_seconds())


async def deliver_due(desk: Desk, name: str) -> int:
    """What is due to this receiver, up to 8, was posted side by side, and what became of each is on record; how many those were.

    Raises:
        SealedByAnother: its secret cannot be opened; nothing was begun.
    """
    now = desk.now()
    async with desk.begin() as unit:
        posts = await unit.deliveries.take_due(name, now, AT_ONCE)
        secrets = [desk.seal.open(one) for one in posts[0].webhook.sealed_secrets(now)] if posts else []
        for post in posts:
            await unit.deliveries.save(post.delivery.begun(now))
    ends = await asyncio.gather(*(_carry_out(desk, post, secrets) for post in posts), return_exceptions=True)
    for fault in ends:
        if fault is not None:
            raise fault
    return len(posts)


async def _carry_out(desk: Desk, post: Post, secrets: Sequence[str]) -> None:
    outcome = await desk.carrier.bring(post, secrets)
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
