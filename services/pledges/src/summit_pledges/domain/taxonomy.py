"""The capability taxonomy: which codes there are, what they are called in six languages, and how registers write them (D3).

The tables lie in `vocabulary/` beside this module, with what they were made from. They are part of the program and are
read once; a code never changes its meaning, so a promise made under an earlier version stays readable.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from summit_contracts.values import Language
from summit_pledges.domain.errors.promises import CapabilityUnknown, TermUnknown


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
class Taxonomy:
    """One version of all vocabularies."""

    version: int
    capabilities: Mapping[str, Capability]
    terms: Mapping[str, Mapping[str, Term]]
    """By vocabulary (`category`, `unit`, `condition`, `instrument`, `source`, `ask`) and code."""
    compacts: Mapping[str, Compact]

    def capability(self, code: str) -> Capability:
        """The capability of this code, whether it is still offered or not.

        Raises:
            CapabilityUnknown: no version up to this one has it.
        """
        try:
            return self.capabilities[code]
        except KeyError:
            raise CapabilityUnknown(code, self.version) from None

    def term(self, vocabulary: str, code: str, field: str) -> Term:
        """The term of this code; `field` is where it stood in the request.

        Raises:
            TermUnknown: the vocabulary has no such term.
        """
        terms = self.terms[vocabulary]
        if code not in terms:
            raise TermUnknown(vocabulary, code, field, tuple(terms))
        return terms[code]

    def capability_written(self, category: str, text: str) -> Capability | None:
        """What a register means by this text under this category, or none where nobody knows."""
        for capability in self.capabilities.values():
            if capability.category == category and text in (capability.written, *capability.also_written):
                return capability
        return None

    def term_written(self, vocabulary: str, text: str) -> Term | None:
        """What a register means by this text, or none where nobody knows."""
        return next((term for term in self.terms[vocabulary].values() if text and term.written == text), None)


@cache
def shipped_taxonomy() -> Taxonomy:
    """The taxonomy that came with this program, read once."""
    tables = files(__package__) / "vocabulary"
    head = tomllib.loads((tables / "taxonomy.toml").read_text("utf-8"))
    capabilities = {row["code"]: _capability(row) for row in _rows("capabilities.csv")}
    terms: dict[str, dict[str, Term]] = {}
    for row in _rows("terms.csv"):
        terms.setdefault(row["vocabulary"], {})[row["code"]] = _term(row)
    compacts = {
        row["code"]: Compact(row["code"], row["text_version"], row["opened_at"], _names(row))
        for row in _rows("compacts.csv")
    }
    return Taxonomy(
        version=head["version"],
        capabilities=MappingProxyType(capabilities),
        terms=MappingProxyType({name: MappingProxyType(vocabulary) for name, vocabulary in terms.items()}),
        compacts=MappingProxyType(compacts),
    )


def _rows(table: str) -> Iterator[Mapping[str, str]]:
    text = (files(__package__) / "vocabulary" / table).read_text("utf-8")
    return iter(csv.DictReader(text.splitlines()))


def _names(row: Mapping[str, str]) -> Mapping[Language, str]:
    return MappingProxyType({language: row[language.value] for language in Language})


def _until(row: Mapping[str, str]) -> int | None:
    return int(row["until"]) if row["until"] else None


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
