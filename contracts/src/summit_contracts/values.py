"""The words that facts are made of: codes, languages, ranks, money, instants.

A value is validated once, where it enters; everything behind may trust it.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from summit_contracts.explained import Explained


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("the moment lies beyond the calendar in UTC") from None


def without_control_characters(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: it holds a control character other than a line feed or a tab.
    """
    for character in text:
        if character < " " and character not in "\n\t":
            raise ValueError(f"control character U+{ord(character):04X} is not allowed")
    return text


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment in UTC, written as RFC 3339 with `Z`. A time without a zone is refused."""

EditionId = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", examples=["uncops-2022"])]
"""One summit: lower case letters, digits and hyphens, at most 40; it stands in every subject."""

InviteeCode = Annotated[
    str, Field(pattern=r"^[A-Z][A-Z0-9-]{1,23}$", examples=["KE", "INTERPOL", "UN-USG-DPO"])
]
"""ISO 3166-1 alpha-2 for States, else a short name; stable over editions and free of dots, so it can end a subject."""

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""An identifier that is safe as one token of a subject."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A term of a vocabulary; people see its translation, machines see the code."""

ShortText = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(without_control_characters)]
LongText = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(without_control_characters)]


_PLACE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}")


@cache
def time_zones() -> frozenset[str]:
    """The IANA names that this machine can tell the time of; none where it has no time zone database."""
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}  # those are no places


def _is_a_time_zone(name: str) -> str:
    known = time_zones()
    if name not in known and (known or not _PLACE.fullmatch(name)):
        raise ValueError(f"{name[:64]!r} is no time zone of the IANA database, such as 'America/New_York'")
    return name


TimeZone = Annotated[str, Field(examples=["America/New_York"]), AfterValidator(_is_a_time_zone)]
"""An IANA name. Where there is no time zone database, whatever looks like one is taken."""


class Value(Explained):
    """Cannot change after it was made; ignores fields that a newer publisher may add."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describes the value in one line per paragraph, so that a committed schema reads like a sentence."""
        schema = super().__get_pydantic_json_schema__(core_schema, handler)
        if cls.__doc__ and "description" in schema:
            schema["description"] = " ".join(cls.__doc__.split())
        return schema


class Language(StrEnum):
    """The six official languages of the United Nations, in the order the Organization lists them."""

    ARABIC = "ar"
    CHINESE = "zh"
    ENGLISH = "en"
    FRENCH = "fr"
    RUSSIAN = "ru"
    SPANISH = "es"


class InviteeKind(StrEnum):
    """What an invitee is to the General Assembly; decides its quota, never its dignity."""

    MEMBER_STATE = "member_state"
    OBSERVER_STATE = "observer_state"
    ORGANIZATION = "organization"
    POLICE_BODY = "police_body"
    PRINCIPAL = "principal"
    """A UN principal (e.g. the Under-Secretary-General for Peace Operations): met in bilaterals, registers no delegation."""


class Rank(StrEnum):
    """The level a person has for protocol, highest first.

    Source: the level classes Protocol uses for lists of speakers, adapted to a meeting of police (docs/glossary.md).
    """

    HEAD_OF_GOVERNMENT = "head_of_government"
    MINISTER = "minister"
    DEPUTY_MINISTER = "deputy_minister"
    HEAD_OF_POLICE = "head_of_police"
    PERMANENT_REPRESENTATIVE = "permanent_representative"
    DEPUTY_HEAD_OF_POLICE = "deputy_head_of_police"
    SENIOR_OFFICER = "senior_officer"
    EXPERT = "expert"

    @property
    def precedence(self) -> int:
        """1 for the highest rank; larger numbers stand behind."""
        return tuple(Rank).index(self) + 1

    def at_least(self, other: "Rank") -> bool:
        """Whether this rank is `other` or stands before it."""
        return self.precedence <= other.precedence


class Function(StrEnum):
    """What a person is within a delegation; exactly one is its head."""

    HEAD = "head"
    ALTERNATE = "alternate"
    MEMBER = "member"


class Money(Value):
    """An amount in the smallest unit of its currency, so that no cent is ever rounded."""

    amount_minor: Annotated[int, Field(ge=0, le=10**15)]
    """In minor units: 150,000.00 GBP is 15000000; 1,000 JPY is 1000."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]
    """ISO 4217 alphabetic code."""


class Interval(Value):
    """From a moment up to, and not including, a later one."""

    start_at: Instant
    end_at: Instant

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end_at <= self.start_at:
            raise ValueError("an interval ends after it starts")
        return self

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share any moment."""
        return self.start_at < other.end_at and other.start_at < self.end_at


class FieldChange(Value):
    """One field that an amendment changed. What names or reaches a person is shown as changed, never what it says."""

    path: ShortText
    """Where the field stands, e.g. `members[2].rank`."""
    before: str | None = None
    """The value as text; none where there was none, or where the value is personal."""
    after: str | None = None
    """The value as text; none where there is none any more, or where the value is personal."""
    is_personal: bool = False
    """Whether the values were left out because they name or reach a person."""


def as_text(value: Any) -> str | None:
    """The value as a person would read it in a list of changes."""
    if value is None:
        return None
    return value.value if isinstance(value, StrEnum) else str(value)
