"""The facts notifications hears: every one that concerns somebody, from all services and from the personal stream."""

from summit_chassis.subscribers import ComeAgain, Subscribers
from summit_contracts.catalogue import FACTS
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Service
from summit_notifications.domain.known import NotYetKnown
from summit_notifications.domain.ports import Unit
from summit_notifications.handlers.hear import hear

subscribers: Subscribers[Unit] = Subscribers(Service.NOTIFICATIONS)


async def on_fact(event: Envelope[Fact], unit: Unit) -> None:
    """What letters rest on is remembered, and the letters the fact calls for are queued.

    Raises:
        ComeAgain: something it rests on is still on its way from another stream.
    """
    try:
        await hear(event, unit=unit, now=event.time)
    except NotYetKnown as early:
        raise ComeAgain(str(early)) from early


for _fact in FACTS:
    if _fact.OWNER is not Service.NOTIFICATIONS:
        subscribers.on(_fact)(on_fact)
