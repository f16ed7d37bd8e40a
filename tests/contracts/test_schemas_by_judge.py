"""The schemas held against a validator in another language: what we publish fits them, what they require is required."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from summit_contracts.catalogue import FACTS
from summit_contracts.schemas import schema_of
from summit_contracts.testing import golden_messages_of

Judge = Callable[[str, Any], Any]


def golden() -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Every fact's schema with its golden messages."""
    return [
        (fact.schema_name(), schema_of(fact), [json.loads(one.to_json()) for one in golden_messages_of(fact)])
        for fact in FACTS
    ]


def without_each_required(schema: dict[str, Any], message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The message again and again, each time without one attribute or field that its schema requires."""
    for name in schema["required"]:
        yield {key: value for key, value in message.items() if key != name}
    for name in schema["$defs"][schema["properties"]["data"]["$ref"].rsplit("/", 1)[-1]]["required"]:
        lacking = deepcopy(message)
        del lacking["data"][name]
        yield lacking


def test_every_golden_message_fits_its_schema(judge: Judge) -> None:
    cases = golden()
    verdicts = judge(
        "schemas.mjs", [{"schema": schema, "messages": messages} for _, schema, messages in cases]
    )
    misfits = [
        (name, said)
        for (name, _, _), verdict in zip(cases, verdicts, strict=True)
        for said in verdict
        if said
    ]
    assert not misfits


def test_what_a_schema_requires_cannot_be_left_out(judge: Judge) -> None:
    cases = [
        (name, schema, list(without_each_required(schema, messages[1])))
        for name, schema, messages in golden()
    ]
    verdicts = judge(
        "schemas.mjs", [{"schema": schema, "messages": messages} for _, schema, messages in cases]
    )
    passed = [name for (name, _, _), verdict in zip(cases, verdicts, strict=True) if not all(verdict)]
    assert not passed


@pytest.mark.parametrize("attribute", ["source", "type", "dataschema", "specversion", "datacontenttype"])
def test_an_attribute_that_never_changes_is_held_to_its_value(judge: Judge, attribute: str) -> None:
    _, schema, (message, _) = golden()[0]
    ((said,),) = judge("schemas.mjs", [{"schema": schema, "messages": [{**message, attribute: "another"}]}])
    assert f"{attribute} must be equal to constant" in said


def test_a_message_of_a_newer_minor_version_fits_the_schema(judge: Judge) -> None:
    _, schema, (message, _) = golden()[0]
    newer = {**message, "sequence": "1", "data": {**message["data"], "weather": "fair"}}
    assert judge("schemas.mjs", [{"schema": schema, "messages": [newer]}]) == [[""]]
