"""The examples: every fact has a full and a minimal one, and they are what they are called."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from summit_contracts.catalogue import FACTS, parse, parse_without_subject
from summit_contracts.fact import Fact
from summit_contracts.testing import NoExample, examples_of, golden_messages_of

EXCLUDED = {"Promise.follow_up"}
"""What a full example cannot show: it is held back there, so that `held_back` has a value."""

every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.schema_name())


def parts_of(value: Any) -> Iterator[BaseModel]:
    """The value and every value within it."""
    if isinstance(value, BaseModel):
        yield value
        value = [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from parts_of(one)


def with_one_thing_less(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The value again and again, each time without one field or item; with the path of what is missing."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield f"{path}.{name}", {key: one for key, one in value.items() if key != name}
            for where, less in with_one_thing_less(part, f"{path}.{name}"):
                yield where, {**value, name: less}
    if isinstance(value, list):
        for place, part in enumerate(value):
            yield f"{path}[{place}]", value[:place] + value[place + 1 :]
            for where, less in with_one_thing_less(part, f"{path}[{place}]"):
                yield where, [*value[:place], less, *value[place + 1 :]]


@every_fact
def test_a_full_example_shows_every_field_of_every_value_in_it(fact: type[Fact]) -> None:
    parts = list(parts_of(examples_of(fact).full))
    everything = {(type(part), name) for part in parts for name in type(part).model_fields}
    shown = {
        (kind, name)
        for kind, name in everything
        if any(has_value(part, name) for part in parts if type(part) is kind)
    }
    assert {f"{kind.__name__}.{name}" for kind, name in everything - shown} <= EXCLUDED


def has_value(part: BaseModel, name: str) -> bool:
    return getattr(part, name) not in (None, ())


@every_fact
def test_a_minimal_example_has_nothing_that_may_be_left_out(fact: type[Fact]) -> None:
    minimal = examples_of(fact).minimal
    superfluous = []
    for path, less in with_one_thing_less(minimal.model_dump(mode="json", exclude_none=True)):
        try:
            if fact.model_validate(less) != minimal:
                superfluous.append(path)
        except ValidationError:
            pass
    assert superfluous == []


@every_fact
def test_an_example_is_of_its_fact(fact: type[Fact]) -> None:
    assert {type(example) for example in examples_of(fact)} == {fact}


@every_fact
def test_a_golden_message_is_read_as_it_was_written(fact: type[Fact]) -> None:
    for message in golden_messages_of(fact):
        assert parse(message.data.subject, message.to_json()) == message
        assert parse_without_subject(message.to_json()) == message


@every_fact
def test_golden_messages_are_always_the_same(fact: type[Fact]) -> None:
    assert golden_messages_of(fact) == golden_messages_of(fact)


def test_golden_messages_have_ids_of_their_own() -> None:
    ids = [message.id for fact in FACTS for message in golden_messages_of(fact)]
    assert len(set(ids)) == len(ids)


def test_a_fact_without_examples_says_where_they_belong() -> None:
    class DoorOpened(FACTS[0]):  # type: ignore[misc, valid-type]  # a fact that nobody published
        TYPE = "summit.registration.door_opened.v1"

    with pytest.raises(NoExample, match=r"door_opened.v1: no line in summit_contracts.examples.registration"):
        examples_of(DoorOpened)
