"""Calendar feeds: opened, closed, read."""

from datetime import datetime
from typing import NamedTuple

from summit_contracts.editions import Edition
from summit_contracts.errors import EditionUnknown
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.errors import FeedClosed
from summit_notifications.domain.feed import Feed, digest_of
from summit_notifications.domain.ports import Unit


class Agenda(NamedTuple):
    """What a delegation's calendar shows."""

    invitee: str
    edition: Edition
    entries: tuple[CalendarEntry, ...]
    """Every meeting that was ever placed, by its start; cancelled ones too, so that calendars remove them."""


async def open_feed(edition_id: str, invitee: str, *, secret: str, unit: Unit, now: datetime) -> Feed:
    """The secret opens the invitee's agenda from now on, and no other secret does."""
    feed = Feed(edition_id, invitee, digest_of(secret), now)
    await unit.feeds.open(feed)
    return feed


async def close_feed(edition_id: str, invitee: str, *, unit: Unit) -> None:
    """No secret opens the invitee's agenda."""
    await unit.feeds.close(edition_id, invitee)


async def agenda_of(edition_id: str, invitee: str, *, unit: Unit) -> Agenda:
    """The invitee's meetings as calendars have them; published timetables only.

    Raises:
        EditionUnknown: it was never published, or not heard of yet.
    """
    known = await unit.heard.known(edition_id)
    if known.edition is None:
        raise EditionUnknown(edition_id)
    own = (entry for entry in known.calendar.values() if invitee in entry.parties)
    in_order = sorted(own, key=lambda entry: (entry.placement.start_at, entry.bilateral_id))
    return Agenda(invitee, known.edition, tuple(in_order))


async def read_feed(edition_id: str, secret: str, *, unit: Unit) -> Agenda:
    """The agenda that the secret opens.

    Raises:
        FeedClosed: it opens none, or no longer.
    """
    feed = await unit.feeds.by_digest(edition_id, digest_of(secret))
    if feed is None:
        raise FeedClosed
    return await agenda_of(edition_id, feed.invitee, unit=unit)
