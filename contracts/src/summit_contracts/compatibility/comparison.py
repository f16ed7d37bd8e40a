"""The walk through two schemas side by side."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from summit_contracts.compatibility.breaks import Break
from summit_contracts.compatibility.leaves import (
    compare_numbers,
    compare_sizes,
    compare_strings,
    compare_with_values,
    described,
    listed,
    shape_of,
)

Schema = Mapping[str, Any] | bool

ANNOTATIONS = frozenset(
    {"title", "description", "examples", "default", "deprecated", "discriminator"}
    | {"$defs", "$schema", "$id", "$comment"}
)
"""Keywords that say nothing about which messages fit."""

_UNDERSTOOD = ANNOTATIONS | {
    *("type", "enum", "const", "anyOf", "oneOf", "$ref", "format", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties"),
    *("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
}
_ANYTHING: Mapping[str, Any] = {}
_NOTHING: Mapping[str, Any] = {"enum": []}


class _Unclear(Exception):
    """A combination of keywords that pydantic does not make and this comparison does not understand."""


class Comparison:
    """One reader beside one writer; `compare` answers for any pair of their parts."""

    def __init__(self, reader_root: Schema, writer_root: Schema) -> None:
        self._reader_root = reader_root
        self._writer_root = writer_root
        self._under_way: set[tuple[str, str]] = set()

    def compare(self, path: str, reader: Schema, writer: Schema) -> list[Break]:
        """Every place at or below `path` at which the reader may refuse what the writer writes."""
        pair = (json.dumps(reader, sort_keys=True), json.dumps(writer, sort_keys=True))
        if pair in self._under_way:
            return []  # a type that contains itself: the same question is being answered further up
        self._under_way.add(pair)
        try:
            return list(self._compare(path, self._reader(reader), self._writer(writer)))
        except _Unclear as why:
            return [Break(path, str(why))]
        finally:
            self._under_way.discard(pair)

    def _reader(self, schema: Schema) -> Mapping[str, Any]:
        return _resolved(schema, self._reader_root)

    def _writer(self, schema: Schema) -> Mapping[str, Any]:
        writer = _resolved(schema, self._writer_root)
        return {**writer, **shape_of(writer["const"])} if "const" in writer else writer

    def _compare(self, path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]) -> Iterator[Break]:
        if not reader.keys() - ANNOTATIONS:
            return
        for keyword in sorted(reader.keys() - _UNDERSTOOD):
            if reader[keyword] != writer.get(keyword):
                yield Break(path, f"this check does not understand {keyword!r}")
        if alternatives := _alternatives(writer):
            for one in alternatives:
                yield from self.compare(path, reader, one)
        elif "enum" in writer:
            yield from self._compare_values(path, reader, writer["enum"])
        elif alternatives := self._alternatives_of(reader):
            yield from self._compare_with_alternatives(path, alternatives, writer)
        elif "enum" in reader or "const" in reader:
            yield from compare_with_values(path, reader.get("enum", [reader.get("const")]), writer)
        else:
            yield from self._compare_types(path, reader, writer)

    def _compare_values(self, path: str, reader: Schema, values: list[Any]) -> Iterator[Break]:
        if refused := [value for value in values if self.compare(path, reader, {"const": value})]:
            yield Break(path, f"the reader does not know {listed(refused)}")

    def _compare_with_alternatives(
        self, path: str, alternatives: list[Schema], writer: Mapping[str, Any]
    ) -> Iterator[Break]:
        if not all(self.compare(path, one, writer) for one in alternatives):
            return
        tag = self._tag_of(alternatives)
        meant = [one for one in alternatives if self._is_meant(self._reader(one), writer, tag)]
        if len(meant) == 1:
            yield from self.compare(path, meant[0], writer)
        else:
            yield Break(path, f"no alternative of the reader fits {described(writer, tag)}")

    def _alternatives_of(self, reader: Mapping[str, Any]) -> list[Schema]:
        """What the reader may accept instead of one another, alternatives within alternatives included."""
        flat: list[Schema] = []
        for one in _alternatives(reader):
            flat += self._alternatives_of(self._reader(one)) or [one]
        return flat

    def _tag_of(self, alternatives: list[Schema]) -> str | None:
        """The field whose constant tells the records among the alternatives apart, where there is one."""
        records = [one["properties"] for one in map(self._reader, alternatives) if "properties" in one]
        constants = [
            {name for name, schema in fields.items() if "const" in self._reader(schema)} for fields in records
        ]
        return min(set.intersection(*constants), default=None) if constants else None

    def _is_meant(self, reader: Mapping[str, Any], writer: Mapping[str, Any], tag: str | None) -> bool:
        """Whether this alternative is the one whose breaks explain best why none fits."""
        if reader.get("type") != writer.get("type"):
            return False
        if tag is None or "properties" not in writer:
            return True
        ours, theirs = reader.get("properties", {}).get(tag, True), writer["properties"].get(tag, True)
        return not self.compare("", ours, theirs)

    def _compare_types(
        self, path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]
    ) -> Iterator[Break]:
        expected, written = reader.get("type"), writer.get("type")
        if expected is not None and written != expected and (expected, written) != ("number", "integer"):
            yield Break(path, f"the reader expects {expected}, the writer writes {written or 'anything'}")
            return
        if written in ("string", None):
            yield from compare_strings(path, reader, writer)
        if written in ("integer", "number", None):
            yield from compare_numbers(path, reader, writer)
        if written in ("array", None):
            yield from self._compare_arrays(path, reader, writer)
        if written in ("object", None):
            yield from self._compare_objects(path, reader, writer)

    def _compare_arrays(
        self, path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]
    ) -> Iterator[Break]:
        yield from compare_sizes(path, reader, writer, "minItems", "maxItems")
        if reader.get("uniqueItems") and not writer.get("uniqueItems"):
            yield Break(path, "the reader expects no item twice, the writer may write one twice")
        longest = writer.get("maxItems")
        placed = max(len(reader.get("prefixItems", ())), len(writer.get("prefixItems", ())))
        for place in range(placed if longest is None else min(placed, longest)):
            yield from self.compare(f"{path}[{place}]", _item(reader, place), _item(writer, place))
        if longest is None or longest > placed:
            yield from self.compare(f"{path}[]", reader.get("items", True), writer.get("items", True))

    def _compare_objects(
        self, path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]
    ) -> Iterator[Break]:
        yield from compare_sizes(path, reader, writer, "minProperties", "maxProperties")
        known, written = reader.get("properties", {}), writer.get("properties", {})
        for name in reader.get("required", ()):
            if name not in written:
                yield Break(f"{path}.{name}", "the reader requires it, the writer does not know it")
            elif name not in writer.get("required", ()):
                yield Break(f"{path}.{name}", "the reader requires it, the writer may leave it out")
        others = reader.get("additionalProperties", True)
        for name, schema in written.items():
            if name in known:
                yield from self.compare(f"{path}.{name}", known[name], schema)
            elif others is False:
                yield Break(f"{path}.{name}", "the reader refuses fields that it does not know")
            else:
                yield from self.compare(f"{path}.{name}", others, schema)
        yield from self._compare_open_fields(path, reader, writer)

    def _compare_open_fields(
        self, path: str, reader: Mapping[str, Any], writer: Mapping[str, Any]
    ) -> Iterator[Break]:
        open_fields = writer.get("additionalProperties", False)
        if open_fields is not False:
            yield from self.compare(f"{path}.*", reader.get("additionalProperties", True), open_fields)
            for name in reader.get("properties", {}).keys() - writer.get("properties", {}).keys():
                yield from self.compare(f"{path}.{name}", reader["properties"][name], open_fields)
            names = writer.get("propertyNames", {"type": "string"})
            yield from self.compare(f"{path} (names)", reader.get("propertyNames", True), names)
        if "propertyNames" in reader and (declared := list(writer.get("properties", ()))):
            yield from self._compare_values(f"{path} (names)", reader["propertyNames"], declared)


def _resolved(schema: Schema, root: Schema) -> Mapping[str, Any]:
    if isinstance(schema, bool):
        return _ANYTHING if schema else _NOTHING
    while "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/") if schema["$ref"] != "#" else ():
            target = target[step.replace("~1", "/").replace("~0", "~")]
        schema = _merged({key: value for key, value in schema.items() if key != "$ref"}, target)
    return schema


def _merged(outer: Mapping[str, Any], inner: Schema) -> Mapping[str, Any]:
    if isinstance(inner, bool):
        inner = _ANYTHING if inner else _NOTHING
    asserted = {key: value for key, value in outer.items() if key not in ANNOTATIONS}
    if twice := sorted(key for key in asserted.keys() & inner.keys() if asserted[key] != inner[key]):
        raise _Unclear(f"this check does not understand {', '.join(twice)} said twice")
    return {**asserted, **inner}


def _alternatives(schema: Mapping[str, Any]) -> list[Schema]:
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            rest = {key: value for key, value in schema.items() if key != keyword}
            return [_merged(rest, one) for one in schema[keyword]]
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": one} for one in schema["type"]]
    return []


def _item(schema: Mapping[str, Any], place: int) -> Schema:
    placed: list[Schema] = schema.get("prefixItems", [])
    rest: Schema = schema.get("items", True)
    return placed[place] if place < len(placed) else rest
