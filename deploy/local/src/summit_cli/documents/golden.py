"""Schemas and golden messages, and the memory of what they were.

Layout below `contracts/`:

    schemas/<name>.json                      the schema now
    schemas/history/<name>/<n>.schema.json   what it was before its n-th change, without explanations
    schemas/history/<name>/<n>.<kind>.json   the golden messages of that time
    examples/<name>.{full,minimal}.json      the golden messages now

A fact's schema and everything in its history is held against the code: both directions, all versions.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from summit_cli.documents.text import json_text
from summit_contracts.catalogue import FACTS, parse_without_subject
from summit_contracts.compatibility import breaks_with
from summit_contracts.envelope import NotAnEvent
from summit_contracts.fact import Fact
from summit_contracts.schemas import schema_of, substance_of
from summit_contracts.testing import golden_messages_of

_SCHEMAS = "contracts/schemas"
_HISTORY = f"{_SCHEMAS}/history"
_EXAMPLES = "contracts/examples"
_KINDS = ("full", "minimal")
_ADVICE = """\
A contract only grows within its major version: publish a new major version beside this one.
Where no message of it has ever left the house, forget it: delete its files in contracts/schemas, contracts/schemas/history
and contracts/examples, and write the documents anew."""


class ContractBroken(Exception):
    """The code breaks with what is committed; `lines` names each schema and path."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join([*lines, "", _ADVICE]))
        self.lines = lines


def contract_files(root: Path) -> dict[str, str]:
    """Every schema and golden message as the code has them, and what must be remembered of those it replaces.

    Raises:
        ContractBroken: the code breaks with what is committed below `root`.
    """
    if lines := list(_breaks(root)):
        raise ContractBroken(lines)
    files: dict[str, str] = {}
    for fact in FACTS:
        files |= _remembered(root, fact)
        files[f"{_SCHEMAS}/{fact.schema_name()}.json"] = json_text(schema_of(fact))
        for kind, message in golden_messages_of(fact)._asdict().items():
            files[f"{_EXAMPLES}/{fact.schema_name()}.{kind}.json"] = json_text(json.loads(message.to_json()))
    return files


def superfluous_files(root: Path, wanted: Iterable[str]) -> list[str]:
    """Committed schemas and golden messages that no fact has, relative to `root`; history is never superfluous."""
    committed = [*(root / _SCHEMAS).glob("*.json"), *(root / _EXAMPLES).glob("*.json")]
    return sorted({str(path.relative_to(root)) for path in committed} - set(wanted))


def _remembered(root: Path, fact: type[Fact]) -> dict[str, str]:
    name = fact.schema_name()
    committed = _read(root / _SCHEMAS / f"{name}.json")
    if committed is None or substance_of(committed) == substance_of(schema_of(fact)):
        return {}
    place = f"{_HISTORY}/{name}/{len(_past_schemas(root, name)) + 1}"
    files = {f"{place}.schema.json": json_text(substance_of(committed))}
    for kind in _KINDS:
        example = root / _EXAMPLES / f"{name}.{kind}.json"
        if example.exists():
            files[f"{place}.{kind}.json"] = example.read_text(encoding="utf-8")
    return files


def _breaks(root: Path) -> Iterator[str]:
    facts = {fact.schema_name(): fact for fact in FACTS}
    names = {path.stem for path in (root / _SCHEMAS).glob("*.json")}
    for name in sorted(names | {path.name for path in (root / _HISTORY).glob("*")}):
        if name not in facts:
            yield f"{name}: its fact is no longer in the catalogue"
            continue
        now = substance_of(schema_of(facts[name]))
        earlier = {version: substance_of(one) for version, one in _committed_schemas(root, name).items()}
        others = {version: schema for version, schema in earlier.items() if schema != now}
        yield from (f"{name} {one}" for one in breaks_with(others, now))
        for path in [*(root / _HISTORY / name).glob("*.*.json"), *(root / _EXAMPLES).glob(f"{name}.*.json")]:
            if not path.name.endswith(".schema.json"):
                yield from _unread(path.relative_to(root), path.read_bytes())


def _unread(path: Path, message: bytes) -> Iterator[str]:
    try:
        parse_without_subject(message)
    except NotAnEvent as failure:
        yield f"{path} is no longer read: {failure.reason}"


def _past_schemas(root: Path, name: str) -> dict[str, Mapping[str, Any]]:
    paths = sorted(
        (root / _HISTORY / name).glob("*.schema.json"), key=lambda path: int(path.name.split(".")[0])
    )
    return {
        f"version {path.name.split('.')[0]}": json.loads(path.read_text(encoding="utf-8")) for path in paths
    }


def _committed_schemas(root: Path, name: str) -> dict[str, Mapping[str, Any]]:
    present = _read(root / _SCHEMAS / f"{name}.json")
    return _past_schemas(root, name) | ({} if present is None else {"the committed version": present})


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema
