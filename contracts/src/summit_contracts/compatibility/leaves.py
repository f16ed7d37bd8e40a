"""The comparison of what has no parts: values, texts, numbers, sizes."""

import json
import re
from collections.abc import Iterator, Mapping
from math import ceil, floor
from typing import Any

from summit_contracts.compatibility.breaks import Break


def shape_of(value: Any) -> dict[str, Any]:
    """What a schema can say about one value."""
    match value:
        case None:
            return {"type": "null"}
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer", "minimum": value, "maximum": value}
        case float():
            return {"type": "number", "minimum": value, "maximum": value}
        case str():
            return {"type": "string", "minLength": len(value), "maxLength": len(value)}
        case list():
            return {
                "type": "array",
                "prefixItems": [{"const": one} for one in value],
                "maxItems": len(value),
                "minItems": len(value),
            }
        case _:
            return {
                "type": "object",
                "properties": {key: {"const": one} for key, one in value.items()},
                "required": list(value),
            }


def compare_with_values(path: str, known: list[Any], writer: Mapping[str, Any]) -> Iterator[Break]:
    """A reader that knows only some values refuses every other."""
    if "const" not in writer:
        yield Break(path, f"the reader knows only {listed(known)}, the writer is not bound to that")
    elif json.dumps(writer["const"], sort_keys=True) not in {
        json.dumps(one, sort_keys=True) for one in known
    }:
        yield Break(path, f"the reader does not know {listed([writer['const']])}")


def compare_strings(path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]) -> Iterator[Break]:
    """Length, pattern and format."""
    yield from compare_sizes(path, reader, writer, "minLength", "maxLength")
    pattern = reader.get("pattern")
    if pattern is not None and writer.get("pattern") != pattern:
        if "const" not in writer:
            yield Break(
                path,
                f"the reader expects the pattern {pattern}, the writer has {writer.get('pattern', 'none')}",
            )
        elif not re.search(pattern, writer["const"]):
            yield Break(path, f"the reader's pattern {pattern} does not match {writer['const']!r}")
    if "format" in reader and writer.get("format") != reader["format"]:
        yield Break(
            path,
            f"the reader expects the format {reader['format']}, the writer has {writer.get('format', 'none')}",
        )


def compare_numbers(path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]) -> Iterator[Break]:
    """Bounds and steps."""
    whole = writer.get("type") == "integer"
    lowest, least = _lower_bound(reader, whole=whole), _lower_bound(writer, whole=whole)
    if lowest is not None and (least is None or least < lowest):
        yield Break(
            path,
            f"the reader's lower bound {lowest[0]} lies above the writer's {least[0] if least else 'none'}",
        )
    highest, most = _upper_bound(reader, whole=whole), _upper_bound(writer, whole=whole)
    if highest is not None and (most is None or most > highest):
        yield Break(
            path,
            f"the reader's upper bound {highest[0]} lies below the writer's {most[0] if most else 'none'}",
        )
    step = reader.get("multipleOf")
    if step is not None and writer.get("const", writer.get("multipleOf", step / 2)) % step != 0:
        yield Break(path, f"the reader expects multiples of {step}, the writer may write others")


def _lower_bound(schema: Mapping[str, Any], *, whole: bool) -> tuple[float, int] | None:
    """The bound and whether it is left out (1) or not (0): the larger tuple allows less."""
    bounds = [
        (schema[key], left_out)
        for key, left_out in (("minimum", 0), ("exclusiveMinimum", 1))
        if key in schema
    ]
    if whole:
        bounds = [(floor(bound) + 1 if left_out else ceil(bound), 0) for bound, left_out in bounds]
    return max(bounds, default=None)


def _upper_bound(schema: Mapping[str, Any], *, whole: bool) -> tuple[float, int] | None:
    """The bound and whether it is left out (-1) or not (0): the smaller tuple allows less."""
    bounds = [
        (schema[key], left_out)
        for key, left_out in (("maximum", 0), ("exclusiveMaximum", -1))
        if key in schema
    ]
    if whole:
        bounds = [(ceil(bound) - 1 if left_out else floor(bound), 0) for bound, left_out in bounds]
    return min(bounds, default=None)


def compare_sizes(
    path: str, reader: Mapping[str, Any], writer: Mapping[str, Any], least: str, most: str
) -> Iterator[Break]:
    """How many there are: letters, items or fields; `least` and `most` name the keywords."""
    if reader.get(least, 0) > writer.get(least, 0):
        yield Break(
            path, f"{least} {reader[least]} of the reader lies above the writer's {writer.get(least, 'none')}"
        )
    if most in reader and writer.get(most, reader[most] + 1) > reader[most]:
        yield Break(
            path, f"{most} {reader[most]} of the reader lies below the writer's {writer.get(most, 'none')}"
        )


def described(writer: Mapping[str, Any], tag: str | None) -> str:
    """What the writer writes, in a word for a reason; by its tag where the reader tells alternatives by one."""
    named = writer.get("properties", {}).get(tag, {}) if tag else {}
    return (
        f"{tag} {named['const']!r}"
        if "const" in named
        else str(writer.get("const", writer.get("type", "anything")))
    )


def listed(values: list[Any]) -> str:
    """The values as a reason shows them."""
    return ", ".join(repr(one) for one in values)
