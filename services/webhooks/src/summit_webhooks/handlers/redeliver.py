"""A fact is said again, or everything that was given up."""

from datetime import datetime

from summit_webhooks.domain.errors import DeliveryUnknown, WebhookUnknown
from summit_webhooks.domain.ports import Unit


async def redeliver(name: str, event_id: str | None, *, unit: Unit, now: datetime) -> int:
    """This fact waits to be posted anew, or all that were given up do; a stopped webhook is active. How many those are.

    Raises:
        WebhookUnknown: there is none of that name.
        DeliveryUnknown: it was never to be told of such a fact.
    """
    webhook = await unit.webhooks.find(name)
    if webhook is None:
        raise WebhookUnknown(name)
    await unit.webhooks.save(webhook.resumed())
    if event_id is None:
        return await unit.deliveries.again(name, now)
    delivery = await unit.deliveries.find(name, event_id)
    if delivery is None:
        raise DeliveryUnknown(name, event_id)
    await unit.deliveries.save(delivery.again(now))
    return 1
