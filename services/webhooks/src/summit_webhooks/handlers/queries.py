"""What can be asked about webhooks."""

from summit_webhooks.domain.delivery import Attempt
from summit_webhooks.domain.errors import WebhookUnknown
from summit_webhooks.domain.ports import Standing, Unit


async def standings(*, unit: Unit) -> list[Standing]:
    """Every webhook, by name, and how its deliveries stand."""
    return await unit.webhooks.standings()


async def log_of(name: str, limit: int, *, unit: Unit) -> list[Attempt]:
    """The last attempts to post to it, the newest first.

    Raises:
        WebhookUnknown: there is none of that name.
    """
    if await unit.webhooks.find(name) is None:
        raise WebhookUnknown(name)
    return await unit.deliveries.log(name, limit)
