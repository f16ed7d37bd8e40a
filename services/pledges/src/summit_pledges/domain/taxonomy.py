"""What can be said in a pledge, a need or an adherence: the published taxonomy, with a refusal for what is not in it (D3)."""

from dataclasses import dataclass
from functools import cache

from summit_contracts import taxonomy
from summit_contracts.taxonomy import Capability, Tables, Term
from summit_pledges.domain.errors.promises import CapabilityUnknown, TermUnknown


@dataclass(frozen=True)
class Taxonomy(Tables):
    """One version of all vocabularies, as a form or a register is read with it."""

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
    """The taxonomy that came with the contracts."""
    return Taxonomy(**vars(taxonomy.tables()))
