"""Timetables of which everything was heard are told: one letter for each delegation that they change something for."""

from datetime import datetime

from summit_notifications.domain.digest import Calm
from summit_notifications.domain.ports import Unit


async def tell_timetables(*, unit: Unit, now: datetime, calm: Calm) -> int:
    """The letters of every timetable that is ripe wait to be sent; how many there are."""
    told = 0
    for publication in await unit.publications.hold_open():
        if not publication.is_ripe(now, calm):
            continue
        known = await unit.heard.known(publication.edition_id)
        drafts = [
            draft for draft in publication.letters(known.calendar) if known.is_written_to(draft.invitee)
        ]
        await unit.letters.add(drafts, now=now)
        await unit.publications.save(publication.told())
        told += len(drafts)
    return told
