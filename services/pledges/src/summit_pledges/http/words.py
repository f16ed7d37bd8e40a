"""The words that promises are made of, as they go out over HTTP."""

from summit_chassis.answers import Answer
from summit_contracts.taxonomy import Term
from summit_contracts.values import Language
from summit_pledges.domain.taxonomy import Taxonomy


class TermAnswer(Answer):
    """A word that promises are made of."""

    names: dict[Language, str]
    since: int
    until: int | None

    @classmethod
    def of(cls, term: Term) -> "TermAnswer":
        """The word in six languages."""
        return cls(names=dict(term.names), since=term.since, until=term.until)


class CapabilityAnswer(TermAnswer):
    """Something that can be needed and pledged."""

    category: str
    units: tuple[str, ...]
    """What it is usually counted in; empty for money alone."""


class CompactAnswer(Answer):
    """A text that can be adhered to."""

    names: dict[Language, str]
    text_version: str
    opened_at: str


class TaxonomyAnswer(Answer):
    """All vocabularies in their current version."""

    version: int
    capabilities: dict[str, CapabilityAnswer]
    terms: dict[str, dict[str, TermAnswer]]
    """By vocabulary (`category`, `unit`, `condition`, `instrument`, `source`, `ask`) and code."""
    compacts: dict[str, CompactAnswer]

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "TaxonomyAnswer":
        """The whole taxonomy."""
        return cls(
            version=taxonomy.version,
            capabilities={
                code: CapabilityAnswer(
                    names=dict(one.names),
                    since=one.since,
                    until=one.until,
                    category=one.category,
                    units=one.units,
                )
                for code, one in taxonomy.capabilities.items()
            },
            terms={
                name: {code: TermAnswer.of(term) for code, term in vocabulary.items()}
                for name, vocabulary in taxonomy.terms.items()
            },
            compacts={
                code: CompactAnswer(
                    names=dict(one.names), text_version=one.text_version, opened_at=one.opened_at
                )
                for code, one in taxonomy.compacts.items()
            },
        )
