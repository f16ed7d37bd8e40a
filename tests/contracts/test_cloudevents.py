"""The envelope held against the official CloudEvents SDK: it reads what we write, we read what it writes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from summit_contracts.catalogue import FACTS, parse, seal
from summit_contracts.envelope import CONTENT_TYPE, Envelope
from summit_contracts.fact import Fact
from summit_contracts.schemas import schema_of
from summit_contracts.testing import examples_of, golden_messages_of

SAFE_IN_A_HEADER = "".join(character for character in map(chr, range(0x21, 0x7F)) if character not in '"%')
every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.schema_name())

Draw = Callable[[st.SearchStrategy[Any]], Any]


def attributes_of(sealed: Envelope[Fact]) -> dict[str, Any]:
    attributes: dict[str, Any] = sealed.model_dump(mode="python", exclude={"data"}, exclude_none=True)
    return attributes


def as_the_sdk_has_it(sealed: Envelope[Fact]) -> CloudEvent:
    return CloudEvent(attributes_of(sealed), sealed.data.model_dump(mode="json", exclude_none=True))


def as_binary(sealed: Envelope[Fact]) -> tuple[dict[str, str], bytes]:
    """The message in binary mode, as the NATS binding has it: every attribute a header, percent-encoded."""
    attributes = json.loads(sealed.to_json())
    data = attributes.pop("data")
    headers = {f"ce-{name}": quote(str(value), safe=SAFE_IN_A_HEADER) for name, value in attributes.items()}
    return headers, json.dumps(data).encode()


@every_fact
def test_the_sdk_reads_what_we_write(fact: type[Fact]) -> None:
    for sealed in golden_messages_of(fact):
        event = from_structured(HTTPMessage({"content-type": CONTENT_TYPE}, sealed.to_json()), JSONFormat())
        assert event.get_attributes() == attributes_of(sealed)
        assert event.get_data() == json.loads(sealed.to_json())["data"]


@every_fact
def test_we_read_what_the_sdk_writes_in_structured_mode(fact: type[Fact]) -> None:
    for sealed in golden_messages_of(fact):
        message = to_structured(as_the_sdk_has_it(sealed), JSONFormat())
        assert parse(sealed.data.subject, message.body, message.headers) == sealed


@every_fact
def test_we_read_what_the_sdk_writes_in_binary_mode(fact: type[Fact]) -> None:
    for sealed in golden_messages_of(fact):
        message = to_binary(as_the_sdk_has_it(sealed), JSONFormat())
        assert parse(sealed.data.subject, message.body, message.headers) == sealed


def values_of(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a schema without parts."""
    if "$ref" in schema:
        return values_of(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if alternatives := schema.get("anyOf"):
        return st.one_of([values_of(one, definitions) for one in alternatives])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"), schema.get("format"):
        case "string", "date-time":
            return st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2)).map(datetime.isoformat)  # noqa: DTZ001  # Hypothesis wants it so
        case "string", "date":
            return st.dates().map(str)
        case "string", None if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True)
        case "string", None:
            return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 9), 9))
        case "integer", _:
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "boolean", _:
            return st.booleans()
        case _:
            return st.none()


def leaves_of(value: Any, schema: Any, definitions: dict[str, Any], path: tuple[Any, ...] = ()) -> list[Any]:
    """Every place of a value that has no parts, with its schema."""
    if "$ref" in schema:
        return leaves_of(value, definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions, path)
    if isinstance(value, dict):
        fields = schema.get("properties", {})
        return [
            leaf
            for name, part in value.items()
            if name in fields
            for leaf in leaves_of(part, fields[name], definitions, (*path, name))
        ]
    if isinstance(value, list):
        return [
            leaf
            for place, part in enumerate(value)
            for leaf in leaves_of(part, schema.get("items", {}), definitions, (*path, place))
        ]
    return [(path, schema)]


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [replaced(one, rest, by) if place == step else one for place, one in enumerate(value)]
    return {name: replaced(one, rest, by) if name == step else one for name, one in value.items()}


@st.composite
def facts(draw: Draw) -> Fact:
    """A fact like one of the examples, some of its fields replaced by whatever its schema allows."""
    kind = draw(st.sampled_from(FACTS))
    definitions = schema_of(kind)["$defs"]
    fact: Fact = draw(st.sampled_from(examples_of(kind)))
    data = fact.model_dump(mode="json", exclude_none=True)
    leaves = leaves_of(data, definitions[kind.__name__], definitions)
    for path, schema in draw(st.lists(st.sampled_from(leaves), max_size=6)):
        candidate = replaced(data, path, draw(values_of(schema, definitions)))
        try:
            fact = kind.model_validate_json(json.dumps(candidate))
        except ValidationError:
            continue  # a rule between fields: keep what was
        data = candidate
    return fact


@st.composite
def sealed_facts(draw: Draw) -> Envelope[Fact]:
    visible = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=100)
    return seal(
        draw(facts()),
        id=draw(visible),
        at=draw(st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1))),  # noqa: DTZ001  # Hypothesis wants it so
        version=draw(st.integers(1, 2**31 - 1)),
        correlation_id=draw(st.none() | visible),
        causation_id=draw(st.none() | visible),
    )


@settings(max_examples=300, deadline=None)
@given(sealed=sealed_facts())
def test_what_is_written_is_read_back_the_same(sealed: Envelope[Fact]) -> None:
    assert parse(sealed.data.subject, sealed.to_json()) == sealed


@settings(max_examples=200, deadline=None)
@given(sealed=sealed_facts())
def test_binary_mode_says_the_same_as_structured_mode(sealed: Envelope[Fact]) -> None:
    headers, body = as_binary(sealed)
    assert parse(sealed.data.subject, body, headers) == sealed


@settings(max_examples=200, deadline=None)
@given(sealed=sealed_facts())
def test_the_sdk_carries_any_fact_there_and_back(sealed: Envelope[Fact]) -> None:
    event = from_structured(HTTPMessage({"content-type": CONTENT_TYPE}, sealed.to_json()), JSONFormat())
    for message in (to_structured(event, JSONFormat()), to_binary(event, JSONFormat())):
        assert parse(sealed.data.subject, message.body, message.headers) == sealed
