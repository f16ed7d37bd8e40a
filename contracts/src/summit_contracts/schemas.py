"""The JSON Schema of every fact as it stands on a stream: the envelope around what it says."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from summit_contracts.catalogue import envelope_of
from summit_contracts.compatibility import ANNOTATIONS, Schema
from summit_contracts.envelope import Attributes
from summit_contracts.fact import Fact

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ALWAYS = (*Attributes.model_fields, "data")
_SOMETIMES = ("correlationid", "causationid")
_NAMED_PARTS = frozenset({"properties", "$defs"})


WALL_CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$"}
"""The schema of a wall-clock time: the format `time` of JSON Schema would demand an offset from UTC."""


class _Plain(GenerateJsonSchema):
    """Leaves out titles, which only say a field's name again, and tells a wall-clock time from a time with an offset."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Never: a title is kept only where somebody wrote one."""
        del schema
        return False

    def time_schema(self, schema: object) -> dict[str, Any]:
        """A wall-clock time."""
        del schema
        return dict(WALL_CLOCK)


def schema_of(fact: type[Fact]) -> dict[str, Any]:
    """The schema of a fact in its envelope; the attributes that are the same in every message are constants."""
    schema: dict[str, Any] = json.loads(_schema_text(fact))
    return schema


@cache
def _schema_text(fact: type[Fact]) -> str:
    generated = envelope_of(fact).model_json_schema(schema_generator=_Plain)
    attributes = generated["properties"]
    for name, value in {
        "specversion": "1.0",
        "source": fact.OWNER.source,
        "type": fact.TYPE,
        "dataschema": fact.schema_id(),
        "datacontenttype": "application/json",
    }.items():
        attributes[name] = {**_described(attributes[name]), "const": value, "type": "string"}
    for name in ("subject", *_SOMETIMES):
        attributes[name] = {**_described(attributes[name]), **attributes[name]["anyOf"][0]}
    schema = {
        "$schema": DIALECT,
        "$id": fact.schema_id(),
        "title": fact.TYPE,
        "description": fact.__doc__ or "",
        "type": "object",
        "properties": attributes,
        "required": [name for name in _ALWAYS if name not in _SOMETIMES],
        "$defs": generated["$defs"],
    }
    return json.dumps(_tidied(schema))


def substance_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without what only explains it: equal for two versions that the same messages fit."""
    substance: dict[str, Any] = _without_annotations(schema)
    return substance


def _described(attribute: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attribute.items() if key == "description"}


def _tidied(part: Any) -> Any:
    """Descriptions in one line; constants are required, for a reader tells alternatives apart by them.

    `discriminator` goes: it is OpenAPI's word and not JSON Schema's, and the constants say as much.
    """
    if isinstance(part, list):
        return [_tidied(one) for one in part]
    if not isinstance(part, dict):
        return part
    tidied = {
        key: " ".join(value.split()) if key == "description" and isinstance(value, str) else _tidied(value)
        for key, value in part.items()
        if not (key == "discriminator" and "propertyName" in value)
    }
    if isinstance(part.get("properties"), dict) and part.get("type") == "object":
        required = part.get("required", ())
        if all_required := [
            name for name, one in part["properties"].items() if name in required or "const" in one
        ]:
            tidied["required"] = all_required
    return tidied


def _without_annotations(schema: Schema | list[Schema] | Any) -> Any:
    if isinstance(schema, list):
        return [_without_annotations(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: {name: _without_annotations(part) for name, part in sorted(value.items())}
        if key in _NAMED_PARTS
        else _without_annotations(value)
        for key, value in schema.items()
        if key == "$defs" or key not in ANNOTATIONS
    }
