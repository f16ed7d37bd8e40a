"""Meetings as calendar objects, read back by ical.js, which Thunderbird and Nextcloud use."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from summit_contracts.reference import name
from summit_contracts.scheduling import Placement
from summit_contracts.values import Language
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.mail import CalendarObject
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.icalendar import Organizer, agenda, calendar_object

FRAME = Frame(
    title="United Nations Chiefs of Police Summit 2022",
    place="United Nations Headquarters, New York",
    time_zone="America/New_York",
    first_day=date(2022, 8, 31),
    last_day=date(2022, 9, 2),
    portal_url="https://portal.summit.example",
)
ORGANIZER = Organizer('The "secretariat", Summit', "summit@un.example")
START = datetime(2022, 8, 31, 18, 5, tzinfo=UTC)
CalendarReader = Callable[[Sequence[str], str], list[dict[str, Any]]]


def entry(**more: object) -> CalendarEntry:
    return CalendarEntry.model_validate(
        {
            "edition_id": "uncops-2022",
            "bilateral_id": "bil-01",
            "sequence": 0,
            "is_cancelled": False,
            "placement": Placement(
                start_at=START,
                end_at=START + timedelta(minutes=20),
                on=date(2022, 8, 31),
                room="CR-A",
                room_name="Conference Room A; first floor",
            ),
            "parties": ("KE", "RW", "INTERPOL"),
            "topic": "Training, equipment;\nand a\\backslash",
            "topic_language": "en",
            "changed_at": datetime(2022, 7, 4, 14, 5, tzinfo=UTC),
            **more,
        }
    )


def written(one: CalendarEntry, language: Language = Language.ENGLISH, invitee: str = "KE") -> CalendarObject:
    return calendar_object(one, invitee, f"mission@{invitee.lower()}.example", ORGANIZER, FRAME, language)


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Kathmandu"])
def test_the_hour_is_the_same_wherever_it_is_read(calendar_reader: CalendarReader, zone: str) -> None:
    (read,) = calendar_reader([written(entry()).text], zone)
    (event,) = read["events"]
    assert (event["start"], event["end"]) == ("2022-08-31T18:05:00.000Z", "2022-08-31T18:25:00.000Z")
    assert (event["zone"], read["zones"], read["version"]) == ("UTC", 0, "2.0")


def test_a_change_and_a_cancellation_are_about_the_same_meeting(calendar_reader: CalendarReader) -> None:
    story = [entry(), entry(sequence=1), entry(sequence=2, is_cancelled=True)]
    read = calendar_reader([written(one).text for one in story], "UTC")
    assert [(one["method"], one["events"][0]["status"]) for one in read] == [
        ("REQUEST", "CONFIRMED"),
        ("REQUEST", "CONFIRMED"),
        ("CANCEL", "CANCELLED"),
    ]
    assert {one["events"][0]["uid"] for one in read} == {"bil-01@uncops-2022.summit"}
    assert [one["events"][0]["sequence"] for one in read] == [0, 1, 2]


def test_whoever_reads_it_learns_no_address_but_its_own(calendar_reader: CalendarReader) -> None:
    (read,) = calendar_reader([written(entry(), invitee="RW").text], "UTC")
    (event,) = read["events"]
    assert {one["name"]: one["address"] for one in event["attendees"]} == {
        "Kenya": "urn:summit:uncops-2022:delegation:KE",
        "Rwanda": "mailto:mission@rw.example",
        "International Criminal Police Organization": "urn:summit:uncops-2022:delegation:INTERPOL",
    }
    assert event["organizer"]["address"] == "mailto:summit@un.example"


@pytest.mark.parametrize("language", Language, ids=str)
def test_names_come_through_in_every_language(calendar_reader: CalendarReader, language: Language) -> None:
    (read,) = calendar_reader([written(entry(parties=("KE", "KP")), language).text], "UTC")
    (event,) = read["events"]
    assert name("KP", language) in event["summary"]
    assert event["language"] == language.value
    assert [one["name"] for one in event["attendees"]] == [name("KE", language), name("KP", language)]
    assert not set("\u2068\u2069") & set(event["summary"])


def test_what_others_wrote_comes_through_and_does_not_break_out(calendar_reader: CalendarReader) -> None:
    attack = "x\nATTENDEE:mailto:evil@example.org\nEND:VEVENT\n"
    plain, attacked = calendar_reader([written(entry()).text, written(entry(topic=attack)).text], "UTC")
    assert plain["events"][0]["description"] == "Training, equipment;\nand a\\backslash"
    assert plain["events"][0]["location"] == (
        "Conference Room A; first floor, United Nations Headquarters, New York"
    )
    (event,) = attacked["events"]
    assert [one["address"] for one in event["attendees"] if "evil" in one["address"]] == []


def test_lines_are_folded_and_ended_as_the_standard_asks() -> None:
    text = written(entry(topic="محاور " * 33), Language.ARABIC).text
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_the_same_meeting_is_written_the_same_way() -> None:
    other_place = replace(FRAME, place="Elsewhere")
    assert written(entry()) == written(entry())
    assert (
        written(entry()).text
        != calendar_object(entry(), "KE", "mission@ke.example", ORGANIZER, other_place, Language.ENGLISH).text
    )


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
def test_a_feed_says_the_same_as_the_letters_did(calendar_reader: CalendarReader, zone: str) -> None:
    moved = entry(bilateral_id="bil-02", sequence=3, is_cancelled=True)
    feed = agenda([entry(), moved], "KE", ORGANIZER, FRAME, Language.FRENCH)
    in_feed, *in_letters = calendar_reader(
        [feed, *(written(one, Language.FRENCH).text for one in (entry(), moved))], zone
    )
    assert in_feed["method"] is None
    told = [letter["events"][0] for letter in in_letters]
    for field in ("uid", "sequence", "status", "start", "end", "summary", "location"):
        assert [one[field] for one in in_feed["events"]] == [one[field] for one in told]
