"""The facts the portal hears: every public one of all services. It keeps nobody's name or address, so not the personal ones."""

from collections.abc import Sequence

from summit_chassis.subscribers import Subscribers
from summit_contracts.catalogue import FACTS
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Service, Stream
from summit_portal.readmodel.hearing import READ_BEFORE, hear
from summit_portal.readmodel.kinds import Participation
from summit_portal.readmodel.unit import ReadModelUnit

subscribers: Subscribers[ReadModelUnit] = Subscribers(Service.PORTAL)


@subscribers.before_batch
async def read_ahead(events: Sequence[Envelope[Fact]], unit: ReadModelUnit) -> None:
    """What the facts of a batch add to is read with one question for all of them."""
    added_to = (one.data for one in events if isinstance(one.data, READ_BEFORE))
    await unit.load(Participation, ((one.edition_id, str(one.invitee)) for one in added_to))


async def on_fact(event: Envelope[Fact], unit: ReadModelUnit) -> None:
    """What pages are made of is as the fact says."""
    await hear(event, unit=unit)
    unit.note(event)


for _fact in FACTS:
    if _fact.STREAM is not Stream.PERSONAL:
        subscribers.on(_fact)(on_fact)
