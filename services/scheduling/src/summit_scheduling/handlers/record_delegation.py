"""What registration says about a delegation changes who can be met, and when."""

from datetime import datetime

from summit_contracts.registration import (
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
)
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import ENDED
from summit_scheduling.handlers.desk import keep

DelegationStated = DelegationRegistered | DelegationConfirmed | DelegationAmended


async def record_delegation(fact: DelegationStated, *, unit: Unit) -> None:
    """Its head and alternates are who can be met."""
    before = await _held(fact.edition_id, fact.invitee, unit=unit)
    after = before.attended_by(fact.members)
    if after != before:
        await unit.availabilities.save(after)


async def record_accreditation(fact: DelegateAccredited | DelegateRefused, *, unit: Unit) -> None:
    """Whoever was refused entry can be met no longer; whoever was let in after all can be met again."""
    before = await _held(fact.edition_id, fact.invitee, unit=unit)
    if isinstance(fact, DelegateRefused):
        after = before.without(fact.member_id)
    else:
        after = before.joined_by(fact.member_id, fact.function, fact.rank)
    if after != before:
        await unit.availabilities.save(after)


async def record_withdrawal(fact: DelegationWithdrawn, *, unit: Unit, now: datetime) -> None:
    """Nobody of it can be met, and every bilateral it is part of is cancelled."""
    before = await _held(fact.edition_id, fact.invitee, unit=unit)
    await unit.availabilities.save(before.attended_by_nobody())
    of_it = await unit.bilaterals.hold_of(fact.edition_id, fact.invitee)
    await keep(*(one.lose(fact.invitee, now=now) for one in of_it if one.status not in ENDED), unit=unit)


async def _held(edition_id: str, code: str, *, unit: Unit) -> Availability:
    found = await unit.availabilities.hold(edition_id, code)
    return found or Availability(edition_id=edition_id, code=code)
