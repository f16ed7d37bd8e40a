"""A fact was heard: what letters rest on is remembered, and the letters it calls for are queued."""

from datetime import datetime

from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_contracts.registration import (
    ContactsNamed,
    DeadlineExtended,
    EditionPublished,
    InvitationIssued,
)
from summit_contracts.scheduling import (
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.digest import Placed, Publication
from summit_notifications.domain.letter import letter_for
from summit_notifications.domain.ports import Unit


async def hear(envelope: Envelope[Fact], *, unit: Unit, now: datetime) -> None:
    """The fact is remembered where letters rest on it, and each letter it calls for waits to be sent, once.

    Raises:
        NotYetKnown: something it rests on has not been heard of yet; nothing was changed.
    """
    fact = envelope.data
    if not isinstance(fact, EditionPublished | ContactsNamed | InvitationIssued):
        # The letter says how things were before the fact: what was in the calendar is cancelled there.
        known = await unit.heard.known(fact.edition_id)
        drafts = [draft for draft in letter_for(envelope, known) if known.is_written_to(draft.invitee)]
        await unit.letters.add(drafts, now=now)
    await _remember(envelope, unit=unit, now=now)


async def _remember(envelope: Envelope[Fact], *, unit: Unit, now: datetime) -> None:
    match envelope.data:
        case EditionPublished() as fact:
            await unit.heard.edition(fact.edition, fact.revision)
        case InvitationIssued() as fact:
            await unit.heard.invitation(fact)
        case DeadlineExtended() as fact:
            await unit.heard.extension(fact.edition_id, fact.invitee, fact.step, fact.until_at)
        case ContactsNamed() as fact:
            await unit.heard.named(fact.edition_id, fact.invitee, fact.contacts)
            await unit.letters.wake(fact.edition_id, fact.invitee)
        case TimetablePublished() as fact:
            publication = await _publication(fact.edition_id, fact.number, unit=unit, now=now)
            await unit.publications.save(publication.with_announcement(fact, envelope.id, now))
        case BilateralScheduled() | BilateralMoved() | BilateralUnplaced() as fact:
            await _place(fact, at=envelope.time, unit=unit, now=now)
        case BilateralCancelled() as fact:
            for publication in await unit.publications.hold_open(fact.edition_id):
                await unit.publications.save(publication.without(fact.bilateral_id))
            await _enter(fact, at=envelope.time, unit=unit)
        case _:
            return


async def _place(fact: Placed, *, at: datetime, unit: Unit, now: datetime) -> None:
    publication = await _publication(fact.edition_id, fact.timetable, unit=unit, now=now)
    await unit.publications.save(publication.with_change(fact, now))
    await _enter(fact, at=at, unit=unit)


async def _enter(fact: Placed | BilateralCancelled, *, at: datetime, unit: Unit) -> None:
    known = await unit.heard.known(fact.edition_id)
    entry = CalendarEntry.after(fact, known.calendar.get(fact.bilateral_id), at)
    if entry is not None:
        await unit.heard.calendar(entry)


async def _publication(edition_id: str, number: int, *, unit: Unit, now: datetime) -> Publication:
    return await unit.publications.hold(edition_id, number) or Publication(edition_id, number, now)
