"""The facts that webhooks hears: every public one of all services. Nothing personal ever leaves by a webhook."""

from summit_chassis.subscribers import Subscribers
from summit_contracts.catalogue import FACTS
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Service, Stream
from summit_webhooks.domain.ports import Unit

subscribers: Subscribers[Unit] = Subscribers(Service.WEBHOOKS)


async def on_fact(event: Envelope[Fact], unit: Unit) -> None:
    """The fact is kept, and waits for every webhook whose filter it fits."""
    unit.deliveries.hear(event)


for _fact in FACTS:
    if _fact.STREAM is not Stream.PERSONAL:
        subscribers.on(_fact)(on_fact)
