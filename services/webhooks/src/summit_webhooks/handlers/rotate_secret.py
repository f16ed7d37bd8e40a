"""A webhook is signed with a new secret, and for a day with the one before too."""

from datetime import datetime

from summit_webhooks.domain.errors import WebhookUnknown
from summit_webhooks.domain.ports import Seal, Unit
from summit_webhooks.domain.webhook import Webhook, secret_of


async def rotate_secret(name: str, *, unit: Unit, now: datetime, random: bytes, seal: Seal) -> Webhook:
    """Its posts are signed with a secret made of `random`; the former one signs beside it until its receiver has changed.

    Raises:
        WebhookUnknown: there is none of that name.
    """
    webhook = await unit.webhooks.find(name)
    if webhook is None:
        raise WebhookUnknown(name)
    rotated = webhook.rotated(seal.close(secret_of(random)), now)
    await unit.webhooks.save(rotated)
    return rotated
