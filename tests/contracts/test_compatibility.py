"""The compatibility check: every change that loses messages is named by its path, every harmless one passes."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from pydantic import BaseModel, ConfigDict, Field, create_model

from summit_contracts.compatibility import Break, Schema, breaks_with, reads


class Few(StrEnum):
    USD = "USD"
    EUR = "EUR"


class More(StrEnum):
    USD = "USD"
    EUR = "EUR"
    GBP = "GBP"


def model(**fields: Any) -> type[BaseModel]:
    """A model of the given fields: an annotation alone is required, a pair carries its default."""
    definitions: dict[str, Any] = {
        name: field if isinstance(field, tuple) else (field, ...) for name, field in fields.items()
    }
    return create_model("Message", **definitions)


def closed(**fields: Any) -> type[BaseModel]:
    definitions: dict[str, Any] = {name: (field, ...) for name, field in fields.items()}
    return create_model("Message", __config__=ConfigDict(extra="forbid"), **definitions)


class Card(BaseModel):
    kind: Literal["card"]
    number: str


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: int


class CashWithCurrency(BaseModel):
    kind: Literal["cash"]
    amount: int
    currency: str


class Cheque(BaseModel):
    kind: Literal["cheque"]
    bank: str


Tagged = Field(discriminator="kind")
Short = Annotated[str, Field(max_length=10)]
Long = Annotated[str, Field(max_length=20)]


class Place(BaseModel):
    city: str


class PlaceWithZip(Place):
    zip: str


class Tree(BaseModel):
    name: Short
    children: list["Tree"] = []


class LongTree(BaseModel):
    name: Long
    children: list["LongTree"] = []


class Change(NamedTuple):
    title: str
    old: type[BaseModel]
    new: type[BaseModel]
    backward: tuple[str, ...]
    """Where the new reader stumbles over old messages."""
    forward: tuple[str, ...]
    """Where the old reader stumbles over new messages."""


def breaking(title: str, old: Any, new: Any, *, backward: str = "", forward: str = "") -> Change:
    return Change(title, old, new, tuple(backward.split()), tuple(forward.split()))


def harmless(title: str, old: Any, new: Any) -> Change:
    return Change(title, old, new, (), ())


def at_least(bound: int) -> Any:
    return Annotated[int, Field(ge=bound)]


def sized(least: int, most: int) -> Any:
    return Annotated[list[str], Field(min_length=least, max_length=most)]


def matching(pattern: str) -> Any:
    return Annotated[str, Field(pattern=pattern)]


BREAKING = [
    breaking("a required field is added", model(a=str), model(a=str, b=str), backward="$.b"),
    breaking("a required field is removed", model(a=str, b=str), model(a=str), forward="$.b"),
    breaking("a required field is renamed", model(a=str), model(z=str), backward="$.z", forward="$.a"),
    breaking("an optional field becomes required", model(a=(str, "x")), model(a=str), backward="$.a"),
    breaking("a required field becomes optional", model(a=str), model(a=(str, "x")), forward="$.a"),
    breaking("a field may be null", model(a=str), model(a=(str | None)), forward="$.a"),
    breaking("a field may not be null any more", model(a=(str | None)), model(a=str), backward="$.a"),
    breaking("a text becomes a number", model(a=str), model(a=int), backward="$.a", forward="$.a"),
    breaking("a whole number becomes any number", model(a=int), model(a=float), forward="$.a"),
    breaking("any number becomes a whole number", model(a=float), model(a=int), backward="$.a"),
    breaking("a number becomes a switch", model(a=int), model(a=bool), backward="$.a", forward="$.a"),
    breaking("a vocabulary grows", model(a=Few), model(a=More), forward="$.a"),
    breaking("a vocabulary shrinks", model(a=More), model(a=Few), backward="$.a"),
    breaking("a vocabulary opens", model(a=Few), model(a=str), forward="$.a"),
    breaking("a vocabulary closes", model(a=str), model(a=Few), backward="$.a"),
    breaking(
        "a constant changes", model(a=Literal["1.0"]), model(a=Literal["2.0"]), backward="$.a", forward="$.a"
    ),
    breaking("a lower bound rises", model(a=at_least(0)), model(a=at_least(1)), backward="$.a"),
    breaking("a lower bound falls", model(a=at_least(1)), model(a=at_least(0)), forward="$.a"),
    breaking("a lower bound appears", model(a=int), model(a=at_least(1)), backward="$.a"),
    breaking(
        "an upper bound falls",
        model(a=Annotated[int, Field(le=9)]),
        model(a=Annotated[int, Field(le=8)]),
        backward="$.a",
    ),
    breaking(
        "a bound is left out",
        model(a=Annotated[float, Field(ge=0)]),
        model(a=Annotated[float, Field(gt=0)]),
        backward="$.a",
    ),
    breaking("a step appears", model(a=int), model(a=Annotated[int, Field(multiple_of=5)]), backward="$.a"),
    breaking("a text grows longer", model(a=Short), model(a=Long), forward="$.a"),
    breaking("a text grows shorter", model(a=Long), model(a=Short), backward="$.a"),
    breaking(
        "a text may be empty", model(a=Annotated[str, Field(min_length=1)]), model(a=str), forward="$.a"
    ),
    breaking("a pattern appears", model(a=str), model(a=matching("^x")), backward="$.a"),
    breaking(
        "a pattern changes", model(a=matching("^x")), model(a=matching("^y")), backward="$.a", forward="$.a"
    ),
    breaking(
        "a pattern misses a word of the vocabulary",
        model(a=Few),
        model(a=matching("^E")),
        backward="$.a",
        forward="$.a",
    ),
    breaking("a date becomes a moment", model(a=date), model(a=datetime), backward="$.a", forward="$.a"),
    breaking("a text becomes a date", model(a=str), model(a=date), backward="$.a"),
    breaking(
        "an amount as text becomes a number", model(a=Decimal), model(a=float), backward="$.a", forward=""
    ),
    breaking("one becomes many", model(a=str), model(a=list[str]), backward="$.a", forward="$.a"),
    breaking("items change type", model(a=list[str]), model(a=list[int]), backward="$.a[]", forward="$.a[]"),
    breaking("a list may be empty", model(a=sized(1, 3)), model(a=sized(0, 3)), forward="$.a"),
    breaking("a list may be longer", model(a=sized(1, 3)), model(a=sized(1, 4)), forward="$.a"),
    breaking("a list becomes a set", model(a=list[str]), model(a=set[str]), backward="$.a"),
    breaking(
        "a place in a tuple changes",
        model(a=tuple[str, int]),
        model(a=tuple[str, str]),
        backward="$.a[1]",
        forward="$.a[1]",
    ),
    breaking(
        "a tuple grows",
        model(a=tuple[str, int]),
        model(a=tuple[str, int, int]),
        backward="$.a",
        forward="$.a",
    ),
    breaking("a nested field is required", model(a=Place), model(a=PlaceWithZip), backward="$.a.zip"),
    breaking(
        "a field of an item is required",
        model(a=list[Place]),
        model(a=list[PlaceWithZip]),
        backward="$.a[].zip",
    ),
    breaking(
        "the values of a map change",
        model(a=dict[str, int]),
        model(a=dict[str, str]),
        backward="$.a.*",
        forward="$.a.*",
    ),
    breaking(
        "the keys of a map are bound",
        model(a=dict[str, int]),
        model(a=dict[Few, int]),
        backward="$.a~(names)",
    ),
    breaking(
        "a record becomes a map",
        model(a=Place),
        model(a=dict[str, int]),
        backward="$.a.city",
        forward="$.a.city",
    ),
    breaking(
        "an alternative is added",
        model(a=Annotated[Card | Cash, Tagged]),
        model(a=Annotated[Card | Cash | Cheque, Tagged]),
        forward="$.a",
    ),
    breaking(
        "an alternative is removed",
        model(a=Annotated[Card | Cash | Cheque, Tagged]),
        model(a=Annotated[Card | Cash, Tagged]),
        backward="$.a",
    ),
    breaking(
        "an alternative changes within",
        model(a=Annotated[Card | Cash, Tagged]),
        model(a=Annotated[Card | CashWithCurrency, Tagged]),
        backward="$.a.currency",
    ),
    breaking(
        "an alternative that may be missing changes within",
        model(a=(Annotated[Card | Cash, Tagged] | None, None)),
        model(a=(Annotated[Card | CashWithCurrency, Tagged] | None, None)),
        backward="$.a.currency",
    ),
    breaking(
        "an untagged alternative is added", model(a=int | str), model(a=int | str | list[int]), forward="$.a"
    ),
    breaking("a type that contains itself changes", Tree, LongTree, forward="$.name $.children[].name"),
    breaking("a message closes", model(a=str, b=(str, "")), closed(a=str), backward="$.b"),
    breaking(
        "a closed message gets an optional field", closed(a=str), model(a=str, b=(str, "")), forward="$.b"
    ),
]

HARMLESS = [
    harmless("nothing changes", model(a=str, b=(Place, None)), model(a=str, b=(Place, None))),
    harmless("an optional field is added", model(a=str), model(a=str, b=(str | None, None))),
    harmless("a nested optional field is added", model(a=Place), model(a=model(city=str, zip=(str, "")))),
    harmless("an optional field is removed", model(a=str, b=(str | None, None)), model(a=str)),
    harmless("fields change places", model(a=str, b=int), model(b=int, a=str)),
    harmless("a description changes", model(a=Annotated[str, Field(description="old")]), model(a=str)),
    harmless("examples change", model(a=Annotated[str, Field(examples=["x"])]), model(a=str)),
    harmless("a default changes", model(a=(int, 1)), model(a=(int, 2))),
    harmless("a field is deprecated", model(a=str), model(a=Annotated[str, Field(deprecated=True)])),
    harmless("a class is renamed", model(a=Place), model(a=create_model("Town", city=(str, ...)))),
    harmless("a vocabulary changes its order", model(a=Literal["x", "y"]), model(a=Literal["y", "x"])),
    harmless("a vocabulary becomes a class", model(a=Literal["USD", "EUR"]), model(a=Few)),
    harmless("alternatives change places", model(a=int | str), model(a=str | int)),
    harmless(
        "a bound is said otherwise",
        model(a=Annotated[int, Field(ge=1, le=9)]),
        model(a=Annotated[int, Field(gt=0, lt=10)]),
    ),
    harmless("a list of one kind is a tuple", model(a=list[str]), model(a=tuple[str, ...])),
    harmless("a type that contains itself stays", Tree, Tree),
]


def schema(of: type[BaseModel]) -> Schema:
    return of.model_json_schema()


def paths(found: list[Break]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.path.replace(" ", "~") for one in found))


@pytest.mark.parametrize("change", BREAKING, ids=lambda change: change.title)
def test_a_breaking_change_is_named_by_its_path(change: Change) -> None:
    assert paths(reads(schema(change.new), schema(change.old))) == change.backward
    assert paths(reads(schema(change.old), schema(change.new))) == change.forward


@pytest.mark.parametrize("change", BREAKING, ids=lambda change: change.title)
def test_a_breaking_change_breaks_full_compatibility(change: Change) -> None:
    found = breaks_with({"1": schema(change.old)}, schema(change.new))
    assert set(paths(found)) == {*change.backward, *change.forward} != set()


@pytest.mark.parametrize("change", HARMLESS, ids=lambda change: change.title)
def test_a_harmless_change_passes(change: Change) -> None:
    assert breaks_with({"1": schema(change.old)}, schema(change.new)) == []


def test_there_are_more_mutants_than_any_library_was_measured_with() -> None:
    assert len(BREAKING) >= 21


def test_every_earlier_version_counts_not_only_the_last() -> None:
    first, second, third = model(a=(str, "")), model(), model(a=(int, 0))
    assert breaks_with({"2": schema(second)}, schema(third)) == []
    found = breaks_with({"version 1": schema(first), "version 2": schema(second)}, schema(third))
    assert paths(found) == ("$.a",)
    assert all("version 1" in one.reason for one in found)


def test_a_reason_says_who_suffers() -> None:
    (found,) = breaks_with({"version 1": schema(model(a=Few))}, schema(model(a=More)))
    assert str(found) == "$.a: the reader does not know 'GBP' (readers of version 1 are shut out)"


@pytest.mark.parametrize(
    "reader", [{"not": {"type": "string"}}, {"type": "string", "contentEncoding": "base64"}]
)
def test_what_the_check_does_not_understand_is_no_silent_yes(reader: Schema) -> None:
    (found,) = reads(reader, {"type": "string"})
    assert "does not understand" in found.reason
    assert reads(reader, {"type": "string", **reader} if isinstance(reader, dict) else reader) == []


def test_one_keyword_said_twice_is_no_silent_yes() -> None:
    reader = {"$defs": {"A": {"type": "string", "minLength": 2}}, "$ref": "#/$defs/A", "minLength": 9}
    (found,) = reads(reader, {"type": "string", "minLength": 3})
    assert "said twice" in found.reason


@pytest.mark.parametrize(
    ("reader", "writer", "expected"),
    [
        (True, {"type": "string"}, ()),
        ({}, True, ()),
        ({"type": "string"}, True, ("$",)),
        ({"type": "string"}, False, ()),
        (False, {"type": "string"}, ("$",)),
        ({"type": ["string", "null"]}, {"type": "null"}, ()),
        ({"type": "string"}, {"type": ["string", "null"]}, ("$",)),
        ({"enum": [1]}, {"const": True}, ("$",)),
        ({"type": "integer", "maximum": 5}, {"enum": [4, 5, 6]}, ("$",)),
        ({"type": "array", "items": {"type": "integer"}}, {"const": [1, "x"]}, ("$[1]",)),
        ({"type": "object", "required": ["a"]}, {"const": {"b": 1}}, ("$.a",)),
        ({"type": "number"}, {"const": 1.5}, ()),
        ({"type": "integer", "multipleOf": 5}, {"enum": [5, 10]}, ()),
        (
            {"propertyNames": {"maxLength": 2}},
            {"type": "object", "properties": {"abc": True}},
            ("$~(names)",),
        ),
    ],
)
def test_schemas_that_pydantic_seldom_makes(
    reader: Schema, writer: Schema, expected: tuple[str, ...]
) -> None:
    assert paths(reads(reader, writer)) == expected
