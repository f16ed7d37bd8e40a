"""The facts scheduling hears, all from registration, and what it does about each."""

from summit_chassis.subscribers import ComeAgain, Subscribers
from summit_contracts.envelope import Envelope
from summit_contracts.errors import EditionUnknown
from summit_contracts.fact import Service
from summit_contracts.registration import (
    BilateralRequested,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
    EditionPublished,
)
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.record_delegation import (
    record_accreditation,
    record_delegation,
    record_withdrawal,
)
from summit_scheduling.handlers.record_edition import record_edition
from summit_scheduling.handlers.record_request import record_request

subscribers: Subscribers[Unit] = Subscribers(Service.SCHEDULING)


@subscribers.on(EditionPublished)
async def on_edition_published(event: Envelope[EditionPublished], unit: Unit) -> None:
    """Days, slots and rooms are known."""
    await record_edition(event.data, unit=unit)


@subscribers.on(BilateralRequested)
async def on_bilateral_requested(event: Envelope[BilateralRequested], unit: Unit) -> None:
    """A bilateral waits for its answer.

    Raises:
        ComeAgain: its edition has not been heard of yet.
    """
    try:
        await record_request(event.data, unit=unit, now=event.time)
    except EditionUnknown as early:
        raise ComeAgain(str(early)) from early


@subscribers.on(DelegationRegistered)
async def on_delegation_registered(event: Envelope[DelegationRegistered], unit: Unit) -> None:
    """Who can be met is known."""
    await record_delegation(event.data, unit=unit)


@subscribers.on(DelegationConfirmed)
async def on_delegation_confirmed(event: Envelope[DelegationConfirmed], unit: Unit) -> None:
    """Who can be met may have changed."""
    await record_delegation(event.data, unit=unit)


@subscribers.on(DelegationAmended)
async def on_delegation_amended(event: Envelope[DelegationAmended], unit: Unit) -> None:
    """Who can be met may have changed."""
    await record_delegation(event.data, unit=unit)


@subscribers.on(DelegateAccredited)
async def on_delegate_accredited(event: Envelope[DelegateAccredited], unit: Unit) -> None:
    """Somebody may enter."""
    await record_accreditation(event.data, unit=unit)


@subscribers.on(DelegateRefused)
async def on_delegate_refused(event: Envelope[DelegateRefused], unit: Unit) -> None:
    """Somebody may not enter, and so cannot be met."""
    await record_accreditation(event.data, unit=unit)


@subscribers.on(DelegationWithdrawn)
async def on_delegation_withdrawn(event: Envelope[DelegationWithdrawn], unit: Unit) -> None:
    """Its bilaterals are void."""
    await record_withdrawal(event.data, unit=unit, now=event.time)
