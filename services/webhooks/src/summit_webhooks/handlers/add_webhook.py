"""A system that cannot speak NATS is told of facts from now on, and of all that happened before."""

from dataclasses import dataclass
from datetime import datetime

from summit_webhooks.domain.addresses import fault_of
from summit_webhooks.domain.errors import AddressRefused, WebhookNameTaken
from summit_webhooks.domain.ports import Seal, Unit
from summit_webhooks.domain.webhook import Webhook, secret_of


@dataclass(frozen=True, slots=True)
class AddWebhook:
    """Who is to be told of what, and who answers for that."""

    name: str
    url: str
    facts: str
    owner: str


async def add_webhook(
    command: AddWebhook, *, unit: Unit, now: datetime, random: bytes, seal: Seal, internal: bool
) -> Webhook:
    """The webhook is there, signed with a secret made of `random`; everything heard so far waits to be posted to it.

    Raises:
        AddressRefused: nobody is posted to at such an address.
        WebhookNameTaken: there is another of this name.
    """
    if fault := fault_of(command.url, internal=internal):
        raise AddressRefused(fault)
    if await unit.webhooks.find(command.name) is not None:
        raise WebhookNameTaken(command.name)
    sealed = seal.close(secret_of(random))
    webhook = Webhook(command.name, command.url, command.facts, command.owner, sealed, now)
    await unit.webhooks.add(webhook)
    return webhook
