"""A value is validated once, where it enters: what nobody could keep, send or show is refused there."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from summit_contracts.registration import EmailAddress
from summit_contracts.values import Instant, LongText, ShortText

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
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
