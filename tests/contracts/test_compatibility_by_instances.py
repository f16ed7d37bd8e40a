"""The compatibility check held against pydantic itself: what it calls compatible is read, message by message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, cast

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, create_model

from summit_contracts.compatibility import reads

WORDS = ("alpha", "beta", "gamma", "delta")


@dataclass(frozen=True)
class Pair:
    """A random type in an old and a new version that have much in common, and the values that fit the old one."""

    old: Any
    new: Any
    old_values: st.SearchStrategy[Any]


class Draw:
    """The dice of one example."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def between(self, least: int, most: int) -> int:
        return cast("int", self._draw(st.integers(least, most)))

    def one_of(self, *choices: Any) -> Any:
        return self._draw(st.sampled_from(choices))

    def some_of(self, choices: tuple[str, ...], at_least: int = 0) -> list[str]:
        return cast(
            "list[str]", self._draw(st.lists(st.sampled_from(choices), unique=True, min_size=at_least))
        )

    def rarely(self) -> bool:
        return self.between(0, 7) == 7

    def bounds(self, floor: int) -> tuple[int, int, int, int]:
        """The bounds of the old type, then those of the new one: often the same or a little wider."""
        least = self.between(floor, floor + 3)
        most = least + self.between(0, 3)
        new_least = max(floor, least - self.one_of(0, 0, 1, -1))
        return least, most, new_least, max(new_least, most + self.one_of(0, 0, 1, -1))


def subscripted(generic: Any, *arguments: Any) -> Any:
    return generic[arguments if len(arguments) > 1 else arguments[0]]


def whole_number(draw: Draw) -> Pair:
    least, most, new_least, new_most = draw.bounds(-3)
    return Pair(
        subscripted(Annotated, int, Field(ge=least, le=most)),
        subscripted(Annotated, draw.one_of(int, int, float), Field(ge=new_least, le=new_most)),
        st.integers(least, most),
    )


def text(draw: Draw) -> Pair:
    least, most, new_least, new_most = draw.bounds(0)
    return Pair(
        subscripted(Annotated, str, Field(min_length=least, max_length=most)),
        subscripted(Annotated, str, Field(min_length=new_least, max_length=new_most)),
        st.text("ab", min_size=least, max_size=most),
    )


def word(draw: Draw) -> Pair:
    words = draw.some_of(WORDS, at_least=1)
    new_words = [*words, *(draw.some_of(WORDS) if draw.rarely() else [])][draw.one_of(0, 0, 0, 1) :] or [
        "omega"
    ]
    return Pair(
        subscripted(Literal, *words), subscripted(Literal, *dict.fromkeys(new_words)), st.sampled_from(words)
    )


def day(draw: Draw) -> Pair:
    return Pair(date, str if draw.rarely() else date, st.dates())


def nothing_or(draw: Draw, depth: int) -> Pair:
    inner = pair(draw, depth - 1)
    return Pair(
        inner.old | None, inner.new if draw.rarely() else inner.new | None, st.none() | inner.old_values
    )


def either(draw: Draw, depth: int) -> Pair:
    one, other = pair(draw, depth - 1), pair(draw, depth - 1)
    new = draw.one_of(other.new | one.new, other.new | one.new, one.new)
    return Pair(one.old | other.old, new, one.old_values | other.old_values)


def many(draw: Draw, depth: int) -> Pair:
    inner = pair(draw, depth - 1)
    least, most, new_least, new_most = draw.bounds(0)
    return Pair(
        subscripted(Annotated, subscripted(list, inner.old), Field(min_length=least, max_length=most)),
        subscripted(
            Annotated, subscripted(list, inner.new), Field(min_length=new_least, max_length=new_most)
        ),
        st.lists(inner.old_values, min_size=least, max_size=most),
    )


def by_key(draw: Draw, depth: int) -> Pair:
    inner = pair(draw, depth - 1)
    values = st.dictionaries(st.text("ab", max_size=2), inner.old_values, max_size=2)
    return Pair(subscripted(dict, str, inner.old), subscripted(dict, str, inner.new), values)


def record(draw: Draw, depth: int) -> Pair:
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name in draw.some_of(("v", "w", "x", "y", "z")):
        field = pair(draw, depth - 1)
        match draw.one_of("both", "both", "both", "both", "old", "new"):
            case "old":
                old[name] = (field.old, ...)
                required[name] = field.old_values
            case "new":
                new[name] = (field.new, ...) if draw.rarely() else (field.new | None, None)
            case _ if draw.one_of(True, False):
                old[name], new[name] = (
                    (field.old, ...),
                    draw.one_of((field.new, ...), (field.new | None, None)),
                )
                required[name] = field.old_values
            case _:
                old[name], new[name] = (field.old | None, None), (field.new | None, None)
                optional[name] = field.old_values
    values = st.fixed_dictionaries(required, optional=optional)
    return Pair(create_model("Old", **old), create_model("New", **new), values)


def pair(draw: Draw, depth: int) -> Pair:
    if depth <= 0 or draw.one_of(True, False):
        return cast("Pair", draw.one_of(whole_number, text, word, day)(draw))
    return cast("Pair", draw.one_of(nothing_or, either, many, by_key, record)(draw, depth))


@st.composite
def records(draw: Callable[[st.SearchStrategy[Any]], Any], depth: int) -> Pair:
    return record(Draw(draw), depth)


def written(as_type: Any, value: Any) -> bytes:
    adapter: TypeAdapter[Any] = TypeAdapter(as_type)
    return adapter.dump_json(adapter.validate_python(value))


def is_refused(by: Any, message: bytes) -> bool:
    try:
        TypeAdapter(by).validate_json(message)
    except ValueError:
        return True
    return False


def schema(of: Any) -> dict[str, Any]:
    return TypeAdapter(of).json_schema()


MANY = settings(
    max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None
)


@MANY
@given(versions=records(2), data=st.data())
def test_what_is_called_compatible_is_read(versions: Pair, data: st.DataObject) -> None:
    assume(versions.old.model_fields.keys() & versions.new.model_fields.keys())
    breaks = reads(schema(versions.new), schema(versions.old))
    event("breaking" if breaks else "compatible")
    assume(not breaks)
    assert not is_refused(versions.new, written(versions.old, data.draw(versions.old_values)))


@MANY
@given(versions=records(2), data=st.data())
def test_what_pydantic_refuses_was_called_breaking(versions: Pair, data: st.DataObject) -> None:
    message = written(versions.old, data.draw(versions.old_values))
    refused = is_refused(versions.new, message)
    event("refused" if refused else "read")
    if refused:
        assert reads(schema(versions.new), schema(versions.old))


@MANY
@given(versions=records(3))
def test_every_contract_reads_itself(versions: Pair) -> None:
    assert reads(schema(versions.old), schema(versions.old)) == []
