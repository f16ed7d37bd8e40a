"""For tests of whoever publishes or subscribes: an example of every fact, alone or sealed as it stands on a stream."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from summit_contracts.catalogue import seal
from summit_contracts.envelope import Envelope
from summit_contracts.examples import notifications, pledges, registration, scheduling
from summit_contracts.fact import Fact

HAPPENED_AT = datetime(2022, 7, 4, 14, 5, tzinfo=UTC)
"""When every golden message happened."""

_EXAMPLES: dict[type[Fact], tuple[Fact, Fact]] = {
    **registration.EXAMPLES,
    **scheduling.EXAMPLES,
    **pledges.EXAMPLES,
    **notifications.EXAMPLES,
}


class Examples(NamedTuple):
    """Two examples of one fact."""

    full: Fact
    """Every optional field has a value."""
    minimal: Fact
    """No optional field has a value."""


class GoldenMessages(NamedTuple):
    """Two examples of one fact in their envelopes, always with the same ids and times."""

    full: Envelope[Fact]
    """With every attribute, as the answer to another event."""
    minimal: Envelope[Fact]
    """Without the attributes that may be missing."""


class NoExample(Exception):
    """A fact without examples: nobody can see what it looks like."""


def examples_of(fact: type[Fact]) -> Examples:
    """The full and the minimal example of a fact.

    Raises:
        NoExample: `summit_contracts.examples` has none for it.
    """
    try:
        return Examples(*_EXAMPLES[fact])
    except KeyError:
        raise NoExample(f"{fact.TYPE}: no line in summit_contracts.examples.{fact.OWNER}.EXAMPLES") from None


def golden_messages_of(fact: type[Fact]) -> GoldenMessages:
    """The full and the minimal example in their envelopes.

    Raises:
        NoExample: `summit_contracts.examples` has none for it.
    """
    full, minimal = examples_of(fact)
    return GoldenMessages(
        seal(
            full,
            id=_id(fact, "full"),
            at=HAPPENED_AT,
            version=2,
            correlation_id=_id(fact, "correlation"),
            causation_id=_id(fact, "cause"),
        ),
        seal(minimal, id=_id(fact, "minimal"), at=HAPPENED_AT, version=1),
    )


def _id(fact: type[Fact], role: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{fact.schema_id()}/{role}"))
