"""How many, how much and when, typed so that it can be added up and keeps its uncertainty: "up to 275" is not 275."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from summit_contracts.values import Code, Money, ShortText, Value

Count = Annotated[int, Field(ge=0, le=10**9)]
"""A whole number of whatever the unit says."""


class _Tagged(Value):
    """One of several forms, told apart by `kind`, which is always written."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describes the form with `kind` among the required fields: its default only spares Python code from saying it twice."""
        schema = super().__get_pydantic_json_schema__(core_schema, handler)
        schema["required"] = ["kind", *(name for name in schema.get("required", ()) if name != "kind")]
        return schema


class Exact(_Tagged):
    """So many."""

    kind: Literal["exact"] = "exact"
    count: Count
    unit: Code
    is_approximate: bool = False
    """Whether it was said with "about"."""


class UpTo(_Tagged):
    """At most so many, and possibly none."""

    kind: Literal["up_to"] = "up_to"
    maximum: Annotated[int, Field(ge=1, le=10**9)]
    unit: Code


class Range(_Tagged):
    """Not fewer than the one, not more than the other."""

    kind: Literal["range"] = "range"
    minimum: Count
    maximum: Count
    unit: Code

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.maximum <= self.minimum:
            raise ValueError("a range ends above where it begins")
        return self


class AtLeast(_Tagged):
    """So many or more."""

    kind: Literal["at_least"] = "at_least"
    minimum: Count
    unit: Code
    is_exceeded: bool = False
    """Whether "more than" was said: the number itself is not enough."""


class Percent(_Tagged):
    """A share of something, which cannot be added to anything else."""

    kind: Literal["percent"] = "percent"
    basis_points: Annotated[int, Field(ge=0, le=10_000)]
    """In hundredths of a per cent: 35 per cent is 3500."""
    of: ShortText | None = None
    """What the whole is, e.g. the officers a State contributes."""
    is_approximate: bool = False
    """Whether it was said with "about"."""


class NoneGiven(_Tagged):
    """No number was given; it is not zero."""

    kind: Literal["none_given"] = "none_given"
    unit: Code | None = None
    """What it would be counted in."""


Quantity = Annotated[Exact | UpTo | Range | AtLeast | Percent | NoneGiven, Field(discriminator="kind")]


class ExactAmount(_Tagged):
    """So much money."""

    kind: Literal["exact"] = "exact"
    money: Money


class UpToAmount(_Tagged):
    """At most so much money."""

    kind: Literal["up_to"] = "up_to"
    maximum: Money


class RangeAmount(_Tagged):
    """Not less money than the one, not more than the other."""

    kind: Literal["range"] = "range"
    minimum: Money
    maximum: Money

    @model_validator(mode="after")
    def _grows_in_one_currency(self) -> Self:
        if self.minimum.currency != self.maximum.currency:
            raise ValueError("a range of money has one currency")
        if self.maximum.amount_minor <= self.minimum.amount_minor:
            raise ValueError("a range ends above where it begins")
        return self


class AtLeastAmount(_Tagged):
    """So much money or more."""

    kind: Literal["at_least"] = "at_least"
    minimum: Money
    is_exceeded: bool = False
    """Whether "more than" was said."""


Amount = Annotated[ExactAmount | UpToAmount | RangeAmount | AtLeastAmount, Field(discriminator="kind")]


class Span(Value):
    """A length of calendar time. A month is a calendar month, so no number of seconds says the same."""

    count: Annotated[int, Field(ge=1, le=1200)]
    unit: Literal["day", "week", "month", "year"]


class _Timeline(_Tagged):
    words: ShortText | None = None
    """When it is to be, as the pledger said it."""


class By(_Timeline):
    """Done on this day at the latest."""

    kind: Literal["by"] = "by"
    by_on: date


class Window(_Timeline):
    """Within these days; without a start, from now on; without an end, until further notice."""

    kind: Literal["window"] = "window"
    start_on: date | None = None
    end_on: date | None = None
    """The last day, included."""

    @model_validator(mode="after")
    def _is_bounded_and_in_order(self) -> Self:
        if self.start_on is None and self.end_on is None:
            raise ValueError("a window has a start, an end or both")
        if self.start_on is not None and self.end_on is not None and self.end_on < self.start_on:
            raise ValueError("a window ends before it starts")
        return self


class Lasting(_Timeline):
    """For so long, somewhere between two days."""

    kind: Literal["lasting"] = "lasting"
    lasting: Span
    earliest_on: date | None = None
    """No part of it lies before this day."""
    latest_on: date | None = None
    """No part of it lies after this day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.earliest_on is not None and self.latest_on is not None and self.latest_on < self.earliest_on:
            raise ValueError("the latest day lies before the earliest")
        return self


class Recurring(_Timeline):
    """Again and again."""

    kind: Literal["recurring"] = "recurring"
    every: Span
    """From one start to the next."""
    lasting: Span | None = None
    """How long each time."""
    start_on: date | None = None
    end_on: date | None = None
    """The last day, included."""


class Open(_Timeline):
    """No date that a calendar could hold; `words` may say more."""

    kind: Literal["open"] = "open"


Timeline = Annotated[By | Window | Lasting | Recurring | Open, Field(discriminator="kind")]
