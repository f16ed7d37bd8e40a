"""The facts pledges hears, all from registration, and what it does about each."""

from summit_chassis.subscribers import Subscribers
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Service
from summit_contracts.registration import EditionPublished
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.record_edition import record_edition

subscribers: Subscribers[Unit] = Subscribers(Service.PLEDGES)


@subscribers.on(EditionPublished)
async def on_edition_published(event: Envelope[EditionPublished], unit: Unit) -> None:
    """Who may pledge, and until when, is known."""
    await record_edition(event.data, unit=unit)
