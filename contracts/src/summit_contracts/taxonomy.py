"""The capability taxonomy: which codes there are, and what each is called in six languages (D3).

Facts about needs, pledges and compacts carry these codes and the version they were chosen from; whoever hears them puts them
into words with `name`. The tables lie in `reference/taxonomy/`, with what they were made from. A code never changes its
meaning and is never taken out, so the newest tables name whatever was said under an earlier version.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from summit_contracts.values import Language


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary."""

    code: str
    written: str
    """How registers of pledges write it; empty where they do not."""
    since: int
    """The version of the taxonomy that brought it."""
    until: int | None
    """The last version that offers it; none while it is offered."""
    names: Mapping[Language, str]

    def is_offered_in(self, version: int) -> bool:
        """Whether that version of the taxonomy has it."""
        return self.since <= version and (self.until is None or version <= self.until)


@dataclass(frozen=True, slots=True)
class Capability(Term):
    """Something that can be needed and pledged."""

    category: str
    also_written: tuple[str, ...]
    units: tuple[str, ...]
    """What it is usually counted in; empty for money alone."""
    is_general: bool
    """Whether it says too little to be followed up without asking which."""


@dataclass(frozen=True, slots=True)
class Compact:
    """A text that can be adhered to."""

    code: str
    text_version: str
    opened_at: str
    """The meeting at which it was opened."""
    names: Mapping[Language, str]


@dataclass(frozen=True)
class Tables:
    """One version of all vocabularies."""

    version: int
    capabilities: Mapping[str, Capability]
    terms: Mapping[str, Mapping[str, Term]]
    """By vocabulary (`category`, `unit`, `condition`, `instrument`, `source`, `ask`) and code."""
    compacts: Mapping[str, Compact]


def name(vocabulary: str, code: str, language: Language) -> str | None:
    """What the code is called; none where these tables do not have it, because a newer publisher wrote it.

    `vocabulary` is `capability`, `compact` or one of those in `Tables.terms`.
    """
    shipped = tables()
    found: Term | Compact | None
    if vocabulary == "capability":
        found = shipped.capabilities.get(code)
    elif vocabulary == "compact":
        found = shipped.compacts.get(code)
    else:
        found = shipped.terms.get(vocabulary, {}).get(code)
    return found.names[language] if found else None


@cache
def tables() -> Tables:
    """The taxonomy that came with this package, read once."""
    version = tomllib.loads(_text_of("taxonomy.toml"))["version"]
    terms: dict[str, dict[str, Term]] = {}
    for row in _rows("terms.csv"):
        terms.setdefault(row["vocabulary"], {})[row["code"]] = _term(row)
    return Tables(
        version=version,
        capabilities=MappingProxyType({row["code"]: _capability(row) for row in _rows("capabilities.csv")}),
        terms=MappingProxyType({name: MappingProxyType(vocabulary) for name, vocabulary in terms.items()}),
        compacts=MappingProxyType({row["code"]: _compact(row) for row in _rows("compacts.csv")}),
    )


def _text_of(table: str) -> str:
    return files("summit_contracts").joinpath("reference", "taxonomy", table).read_text("utf-8")


def _rows(table: str) -> Iterator[Mapping[str, str]]:
    return iter(csv.DictReader(_text_of(table).splitlines()))


def _names(row: Mapping[str, str]) -> Mapping[Language, str]:
    return MappingProxyType({language: row[language.value] for language in Language})


def _until(row: Mapping[str, str]) -> int | None:
    return int(row["until"]) if row["until"] else None


def _compact(row: Mapping[str, str]) -> Compact:
    return Compact(row["code"], row["text_version"], row["opened_at"], _names(row))


def _term(row: Mapping[str, str]) -> Term:
    return Term(row["code"], row["written"], int(row["since"]), _until(row), _names(row))


def _capability(row: Mapping[str, str]) -> Capability:
    return Capability(
        code=row["code"],
        written=row["written"],
        since=int(row["since"]),
        until=_until(row),
        names=_names(row),
        category=row["category"],
        also_written=tuple(filter(None, row["also_written"].split(";"))),
        units=tuple(row["units"].split()),
        is_general=row["is_general"] == "1",
    )
