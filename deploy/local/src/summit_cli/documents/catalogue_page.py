"""The event catalogue: one page for people who want to subscribe."""

from collections.abc import Iterator, Mapping
from typing import Any

from summit_cli.documents.text import explanation_of, json_text
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Fact, Service, Stream
from summit_contracts.schemas import schema_of
from summit_contracts.testing import golden_messages_of

_INTRODUCTION = """\
# Event catalogue

Generated from `summit_contracts`; `summit docs` writes it anew. How another system subscribes: [contracts](../../contracts/README.md).
For machines: [asyncapi.json](asyncapi.json).

Every message is a [CloudEvent](https://cloudevents.io) 1.0 in structured JSON. Facts of one aggregate are numbered from 1 without
a gap (`aggregateversion`); a message may arrive twice, with the same `id`. Personal facts stand on the stream `PERSONAL`, which
forgets; all others stand in `SUMMIT` too, one history in one order.
"""
_FORMATS = {"date-time": "instant (UTC)", "date": "date", "duration": "duration (ISO 8601)", "uuid": "UUID"}


def catalogue_page() -> str:
    """The page, in Markdown: an overview, every fact with its fields and an example, every value they are made of."""
    return "\n".join([_INTRODUCTION, *_overview(), *_envelope(), *_facts(), *_values()])


def _overview() -> Iterator[str]:
    for service in filter(_of, Service):
        yield f"## {service.value.capitalize()}\n"
        yield "| fact | says |\n|---|---|"
        for fact in _of(service):
            yield f"| [{fact.__name__}](#{fact.__name__.lower()}) | {_cell(explanation_of(fact).summary)} |"
        yield ""


def _envelope() -> Iterator[str]:
    yield "## Envelope\n\nWhat is known about every fact besides what it says; here around an EditionPublished.\n"
    yield from _fields(schema_of(FACTS[0]))
    example = golden_messages_of(FACTS[0]).full.model_dump(mode="json", exclude_none=True, exclude={"data"})
    yield f"```json\n{json_text({**example, 'data': {}})}```\n"


def _facts() -> Iterator[str]:
    yield "## Facts\n"
    for service in Service:
        for fact in _of(service):
            yield from _fact(fact)


def _of(service: Service) -> list[type[Fact]]:
    return [fact for fact in FACTS if fact.OWNER is service]


def _fact(fact: type[Fact]) -> Iterator[str]:
    said, name, definitions = explanation_of(fact), fact.schema_name(), schema_of(fact)["$defs"]
    personal = " (personal)" if fact.STREAM is Stream.PERSONAL else ""
    files = f"[schema](../../contracts/schemas/{name}.json)" + "".join(
        f", [{kind} example](../../contracts/examples/{name}.{kind}.json)" for kind in ("full", "minimal")
    )
    yield f"### {fact.__name__}\n\n{said.summary}\n"
    yield f"- Why: {said.why}\n- Published by: {said.published_by}"
    yield f"- Rely on: {said.rely_on}\n- Not promised: {said.not_promised}"
    yield f"- Type `{fact.TYPE}`, stream `{fact.STREAM.value}`{personal}, history of `{fact.AGGREGATE}`"
    yield f"- Subject `{fact.SUBJECT}`\n- {files}\n"
    yield from _fields(definitions[fact.__name__])
    example = golden_messages_of(fact).full.data.model_dump(mode="json", exclude_none=True)
    yield f"<details><summary>Example of `data`</summary>\n\n```json\n{json_text(example)}```\n\n</details>\n"


def _values() -> Iterator[str]:
    definitions: dict[str, Any] = {}
    for fact in FACTS:
        definitions |= {name: one for name, one in schema_of(fact)["$defs"].items() if name != fact.__name__}
    yield "## Values\n"
    for name, definition in sorted(definitions.items()):
        yield f"### {name}\n\n{definition.get('description', '')}\n"
        if "enum" in definition:
            yield ", ".join(f"`{one}`" for one in definition["enum"]) + "\n"
        else:
            yield from _fields(definition)


def _fields(definition: Mapping[str, Any]) -> Iterator[str]:
    yield "| field | is | meaning |\n|---|---|---|"
    required = definition.get("required", ())
    for name, schema in definition.get("properties", {}).items():
        optional = "" if name in required else ", may be missing"
        yield f"| `{name}` | {_cell(_in_words(schema) + optional)} | {_cell(schema.get('description', ''))} |"
    yield ""


def _in_words(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(_in_words(one) for one in alternatives if one != {"type": "null"})
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return " or ".join(f"`{one}`" for one in values)
    match schema.get("type"):
        case "array":
            return f"list of {_in_words(schema.get('items', {}))}{_range(schema, 'minItems', 'maxItems')}"
        case "integer":
            return "whole number" + _range(schema, "minimum", "maximum")
        case "string" if "examples" in schema:
            return "text, e.g. " + ", ".join(f"`{one}`" for one in schema["examples"])
        case "string" if "pattern" in schema:
            return f"text `{schema['pattern']}`"
        case "string":
            length = _range(schema, "minLength", "maxLength")
            return _FORMATS.get(schema.get("format", ""), f"text{length}")
        case "boolean":
            return "yes or no"
        case other:
            return str(other or "anything")


def _range(schema: Mapping[str, Any], least: str, most: str) -> str:
    if least in schema and most in schema:
        return f", {schema[least]} to {schema[most]}"
    if least in schema:
        return f", at least {schema[least]}"
    return f", at most {schema[most]}" if most in schema else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
