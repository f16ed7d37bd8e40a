"""A value is validated once, where it enters: what nobody could keep, send or show is refused there."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from summit_contracts import values
from summit_contracts.catalogue import parse
from summit_contracts.envelope import NotAnEvent
from summit_contracts.registration import EditionPublished, EmailAddress
from summit_contracts.testing import golden_messages_of
from summit_contracts.values import Instant, LongText, ShortText, TimeZone

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
ZONE: TypeAdapter[str] = TypeAdapter(TimeZone)
TEXTS: dict[str, TypeAdapter[str]] = {
    "short text": TypeAdapter(ShortText),
    "long text": TypeAdapter(LongText),
    "address": TypeAdapter(EmailAddress),
}


@pytest.mark.parametrize(
    "written", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2022-08-31T09:00:00"]
)
def test_a_moment_that_has_no_place_in_utc_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        INSTANT.validate_python(written)


def test_the_ends_of_the_calendar_are_moments() -> None:
    assert INSTANT.validate_python("0001-01-01T00:00:00Z") == datetime(1, 1, 1, tzinfo=UTC)
    assert INSTANT.validate_python("9999-12-31T23:59:59Z") == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("character", ["\0", "\x1b", "\ud800"])
def test_no_text_holds_what_cannot_be_kept(kind: str, character: str) -> None:
    with pytest.raises(ValidationError):
        TEXTS[kind].validate_python(f"a{character}@b.example")


@pytest.mark.parametrize(
    "name", ["America/New_York", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "UTC"]
)
def test_a_place_of_the_time_zone_database_is_a_time_zone(name: str) -> None:
    assert ZONE.validate_python(name) == name
    assert ZoneInfo(name).key == name


NO_ZONES = {
    "folder": "Africa",
    "nowhere": "Nowhere/At-All",
    "empty": "",
    "lower case": "america/new_york",
    "path": "../../etc/passwd",
    "control": "UTC\0",
    "machine": "localtime",
    "long": "A" * 10_000,
}


@pytest.mark.parametrize("kind", NO_ZONES)
def test_what_nobody_can_tell_the_time_by_is_no_time_zone(kind: str) -> None:
    published = golden_messages_of(EditionPublished).full
    name = json.dumps(NO_ZONES[kind]).encode()
    payload = published.to_json().replace(b'"America/New_York"', name)
    with pytest.raises(NotAnEvent, match="is no time zone of the IANA database") as refused:
        parse(published.data.subject, payload)
    assert refused.value.reason.startswith("data.edition.time_zone: ")
    assert len(refused.value.reason) < 200


def test_without_a_time_zone_database_what_looks_like_a_name_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(values, "time_zones", frozenset)
    assert ZONE.validate_python("America/New_York") == "America/New_York"
    with pytest.raises(ValidationError, match="is no time zone"):
        ZONE.validate_python("../../etc/passwd")
