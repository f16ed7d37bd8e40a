"""The AsyncAPI 3 document of everything that is published, from the catalogue, the schemas and the golden messages."""

import json
from importlib.metadata import version
from typing import Any

from summit_cli.documents.text import explanation_of, parameters_of
from summit_contracts.catalogue import FACTS
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.fact import Fact, Service
from summit_contracts.schemas import DIALECT, schema_of
from summit_contracts.testing import golden_messages_of

_DESCRIPTION = """\
What happens at a United Nations Chiefs of Police Summit, as CloudEvents 1.0 in structured JSON on NATS JetStream.
Each service alone writes its stream; the stream SUMMIT gathers the public facts of all into one history that a newcomer
reads from its first message. An aggregate's facts are numbered from 1 without a gap (`aggregateversion`); a fact may arrive
twice (`id`). Within a major version a contract only grows: ignore fields that you do not know."""

_HEADERS = {
    "type": "object",
    "properties": {
        "Nats-Msg-Id": {"type": "string", "description": "The `id` of the event; the stream takes it once."},
        "content-type": {"type": "string", "const": CONTENT_TYPE},
        "traceparent": {"type": "string", "description": "W3C Trace Context of the work that led to it."},
    },
    "required": ["Nats-Msg-Id", "content-type"],
}


class AmbiguousName(Exception):
    """Two different values share a name over the contracts: the document could show only one of them."""


def asyncapi() -> dict[str, Any]:
    """The document; every channel is one subject, every message one fact.

    Raises:
        AmbiguousName: two different values share a name.
    """
    return {
        "asyncapi": "3.1.0",
        "id": "urn:summit:events",
        "info": {
            "title": "Summit events",
            "version": version("summit-contracts"),
            "description": _DESCRIPTION,
            "tags": [
                {"name": service.value} for service in Service if any(fact.OWNER is service for fact in FACTS)
            ],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "nats": {
                "host": "{host}:4222",
                "protocol": "nats",
                "description": "NATS with JetStream; each subscriber has an account and a durable of its own.",
                "variables": {"host": {"description": "Where the operator runs it.", "default": "localhost"}},
            }
        },
        "channels": {fact.schema_name(): _channel(fact) for fact in FACTS},
        "operations": {f"publish.{fact.schema_name()}": _operation(fact) for fact in FACTS},
        "components": {
            "messages": {fact.schema_name(): _message(fact) for fact in FACTS},
            "messageTraits": {"cloudevent": {"headers": _HEADERS, "contentType": CONTENT_TYPE}},
            "parameters": _parameters(),
            "schemas": _values(),
        },
    }


def _channel(fact: type[Fact]) -> dict[str, Any]:
    name = fact.schema_name()
    return {
        "address": fact.SUBJECT,
        "title": fact.__name__,
        "summary": explanation_of(fact).summary,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {one: {"$ref": f"#/components/parameters/{one}"} for one in parameters_of(fact)},
        "tags": [{"name": fact.OWNER.value}],
        "x-stream": fact.STREAM.value,
        "x-aggregate": fact.AGGREGATE,
    }


def _operation(fact: type[Fact]) -> dict[str, Any]:
    name, said = fact.schema_name(), explanation_of(fact)
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"{fact.OWNER.value} publishes {fact.__name__}.",
        "description": f"Why: {said.why} Published by: {said.published_by}",
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "tags": [{"name": fact.OWNER.value}],
        "x-owner": fact.OWNER.value,
    }


def _message(fact: type[Fact]) -> dict[str, Any]:
    said = explanation_of(fact)
    return {
        "name": fact.TYPE,
        "title": fact.__name__,
        "summary": said.summary,
        "description": f"Rely on: {said.rely_on}\n\nNot promised: {said.not_promised}",
        "tags": [{"name": fact.OWNER.value}],
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": _in_components({key: value for key, value in schema_of(fact).items() if key[0] != "$"}),
        "examples": [
            {
                "name": kind,
                "headers": {"Nats-Msg-Id": message.id, "content-type": CONTENT_TYPE},
                "payload": json.loads(message.to_json()),
            }
            for kind, message in golden_messages_of(fact)._asdict().items()
        ],
        "x-model": f"{fact.__module__}.{fact.__qualname__}",
        "x-json-schema": fact.schema_id(),
        "x-json-schema-dialect": DIALECT,
    }


def _parameters() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact in FACTS:
        fields = schema_of(fact)["$defs"][fact.__name__]["properties"]
        for name in parameters_of(fact):
            described = fields[name].get("description", f"The field `{name}` of the fact.")
            parameter = {"description": described, "location": f"$message.payload#/data/{name}"}
            if examples := fields[name].get("examples"):
                parameter["examples"] = examples
            found.setdefault(name, parameter)
    return found


def _values() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact in FACTS:
        for name, schema in schema_of(fact)["$defs"].items():
            if found.setdefault(name, schema) != schema:
                raise AmbiguousName(f"{name} of {fact.TYPE} is not the {name} of another fact")
    components: dict[str, Any] = _in_components(found)
    return components


def _in_components(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_in_components(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _in_components(value)
        for key, value in schema.items()
    }
