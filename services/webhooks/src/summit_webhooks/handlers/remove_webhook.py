"""A system is told no more."""

from summit_webhooks.domain.errors import WebhookUnknown
from summit_webhooks.domain.ports import Unit


async def remove_webhook(name: str, *, unit: Unit) -> None:
    """The webhook is gone, with its secret, its deliveries and its log.

    Raises:
        WebhookUnknown: there is none of that name.
    """
    if await unit.webhooks.find(name) is None:
        raise WebhookUnknown(name)
    await unit.webhooks.remove(name)
