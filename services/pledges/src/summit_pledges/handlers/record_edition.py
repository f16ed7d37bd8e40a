"""Registration published an edition: who may pledge, and until when, is known from now on."""

from summit_contracts.registration import EditionPublished
from summit_pledges.domain.ports import Unit


async def record_edition(fact: EditionPublished, *, unit: Unit) -> None:
    """The edition is kept, unless a later revision is known."""
    await unit.editions.save(fact.edition, fact.revision)
