"""A form that is not finished: kept as it stands, checked for nothing but whether it can be kept, so that no work is lost."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from summit_contracts.meetings import Needs, Priority
from summit_contracts.values import (
    Function,
    InviteeCode,
    Key,
    Language,
    Rank,
    ShortText,
    Value,
    without_control_characters,
)

_Unfinished = Annotated[str, Field(max_length=200), AfterValidator(without_control_characters)]


class DraftPerson(Value):
    """What was typed so far about one person."""

    model_config = ConfigDict(extra="forbid")

    member_id: Key | None = None
    name: _Unfinished | None = None
    title: _Unfinished | None = None
    email: _Unfinished | None = None
    """May be half an address."""
    language: Language | None = None
    function: Function | None = None
    rank: Rank | None = None
    arrives_on: date | None = None
    leaves_on: date | None = None


class DraftWish(Value):
    """What was chosen so far for one wish."""

    model_config = ConfigDict(extra="forbid")

    counterparts: Annotated[tuple[InviteeCode, ...], Field(max_length=9)] = ()
    priority: Priority | None = None
    topic: _Unfinished | None = None
    level: Rank | None = None
    language: Language | None = None
    size: Annotated[int, Field(ge=0, le=1000)] | None = None
    days: Annotated[tuple[date, ...], Field(max_length=30)] = ()
    needs: Needs = ()


class Draft(Value):
    """An unfinished form. Personal."""

    model_config = ConfigDict(extra="forbid")

    language: Language | None = None
    members: Annotated[tuple[DraftPerson, ...], Field(max_length=500)] = ()
    wishes: Annotated[tuple[DraftWish, ...], Field(max_length=200)] = ()
    remark: ShortText | None = None
    """A note of the nominator to whoever goes on with the form."""
