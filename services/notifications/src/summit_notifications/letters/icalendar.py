"""A meeting as an iCalendar object (RFC 5545, RFC 5546) that every calendar reads alike.

Times are UTC and written with `Z`: a zone description is read differently by different programs, and one of them moved
a meeting in New York by an hour. One object holds one meeting, as RFC 5546 3.2.2 asks. Other delegations are attendees
without an address: whoever reads the object learns nobody's but its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from summit_chassis.speech import speaking, spoken
from summit_contracts.values import Language
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.mail import CalendarObject
from summit_notifications.letters import speech
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.pen import Pen, unturned


@dataclass(frozen=True, slots=True)
class Organizer:
    """Whose meeting it is for calendars: the secretariat."""

    name: str
    email: str


def calendar_object(
    entry: CalendarEntry, invitee: str, email: str, organizer: Organizer, frame: Frame, language: Language
) -> CalendarObject:
    """The meeting as it goes to one delegation, to be entered, moved or removed.

    `invitee` is who receives it, `email` the address it is sent to.
    """
    calendar = _calendar()
    method = "CANCEL" if entry.is_cancelled else "REQUEST"
    calendar.add("method", method)
    with speaking(language):
        calendar.add_component(_event(entry, invitee, email, organizer, frame))
    text = calendar.to_ical().decode("utf-8")
    return CalendarObject(method, f"{entry.bilateral_id}.ics", text)  # type: ignore[arg-type]  # one of the two


def agenda(
    entries: Sequence[CalendarEntry],
    invitee: str,
    organizer: Organizer,
    frame: Frame,
    language: Language,
) -> str:
    """All meetings of one delegation as one calendar to subscribe to; the entries are those that letters bring.

    Source: RFC 7986 5.1 and 5.7 (NAME, REFRESH-INTERVAL); without METHOD, because nobody is invited by reading it.
    """
    calendar = _calendar()
    with speaking(language):
        pen = _Plain(is_html=False, time_zone=frame.time_zone)
        name = f"{pen.state(invitee)} · {frame.title}"
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(minutes=15), parameters={"value": "DURATION"})
        for entry in entries:
            calendar.add_component(_event(entry, invitee, None, organizer, frame))
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Summit//Notifications//EN")
    calendar.add("version", "2.0")
    return calendar


def _event(
    entry: CalendarEntry, invitee: str, email: str | None, organizer: Organizer, frame: Frame
) -> Event:
    pen = _Plain(is_html=False, time_zone=frame.time_zone)
    language = spoken().value
    others = [party for party in entry.parties if party != invitee]
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.placement.start_at.astimezone(UTC))
    event.add("dtend", entry.placement.end_at.astimezone(UTC))
    summary = speech.gettext("Bilateral meeting: %(names)s") % {"names": pen.states(others)}
    event.add("summary", summary, parameters={"language": language})
    event.add("description", entry.topic, parameters={"language": entry.topic_language.value})
    event.add("location", f"{entry.placement.room_name}, {frame.place}")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event["organizer"] = _address(f"mailto:{organizer.email}", organizer.name)
    for party in entry.parties:
        address = (
            f"mailto:{email}"
            if email and party == invitee
            else f"urn:summit:{entry.edition_id}:delegation:{party}"
        )
        event.add("attendee", _attendee(address, pen.state(party)), encode=False)
    return event


class _Plain(Pen):
    """Writes names without isolates: a calendar shows each in a field of its own."""

    def isolated(self, text: str) -> str:
        return unturned(text)


def _address(uri: str, name: str) -> vCalAddress:
    address = vCalAddress(uri)
    address.params["cn"] = vText(name)
    return address


def _attendee(uri: str, name: str) -> vCalAddress:
    attendee = _address(uri, name)
    attendee.params["cutype"] = vText("GROUP")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    return attendee
