"""Which facts there are, and how to read one: from a subject or a type to its class.

The order of `FACTS` is the order of the documents generated from it. A fact that is not listed here is not published.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic_core import from_json

from summit_contracts import notifications, pledges, registration, scheduling
from summit_contracts.envelope import Envelope, NotAnEvent, read
from summit_contracts.fact import Fact, Service

FACTS: tuple[type[Fact], ...] = (
    registration.EditionPublished,
    registration.InvitationIssued,
    registration.InvitationDeclined,
    registration.DeadlineExtended,
    registration.DelegationRegistered,
    registration.DelegationConfirmed,
    registration.DelegationAmended,
    registration.DelegationWithdrawn,
    registration.BilateralRequested,
    registration.DelegateAccredited,
    registration.DelegateRefused,
    registration.ContactsNamed,
    registration.AccessCodeIssued,
    *scheduling.FACTS,
    *pledges.FACTS,
    *notifications.FACTS,
)

_OWNERS = frozenset(service.value for service in Service)
_BY_TYPE: dict[str, type[Fact]] = {fact.TYPE: fact for fact in FACTS}
_BY_TOKENS: dict[tuple[str, ...], type[Fact]] = {tuple(fact.SUBJECT.split(".")[2:5]): fact for fact in FACTS}


class Unheard(Exception):
    """A well-formed event of a type this version does not know: a newer publisher's. Nothing to do, and no fault."""

    def __init__(self, envelope: Envelope[Any]) -> None:
        super().__init__(envelope.type)
        self.envelope = envelope


def fact_of(type_: str) -> type[Fact] | None:
    """The class of a CloudEvents type, or none where this version does not know it."""
    return _BY_TYPE.get(type_)


@cache
def envelope_of(fact: type[Fact]) -> type[Envelope[Fact]]:
    """The envelope that carries this fact, built once."""
    return Envelope[fact]  # type: ignore[valid-type]  # a class made at run time, as pydantic's generics are


def seal(
    fact: Fact,
    *,
    id: str,  # noqa: A002  # the attribute's own name in CloudEvents
    at: datetime,
    version: int,
    correlation_id: str | None = None,
    causation_id: str | None = None,
) -> Envelope[Fact]:
    """The fact in its envelope, every attribute filled: the only place that says which attribute comes from where.

    `at` is the moment it happened, with a time zone; `version` counts the facts of its aggregate from 1. `causation_id` is
    the id of the event that led to this one, `correlation_id` what is one for a whole piece of work.

    Raises:
        ValueError: for a time without a zone, a version below 1, or an id that is empty or longer than 100 characters.
    """
    return envelope_of(type(fact))(
        id=id,
        source=fact.OWNER.source,
        type=fact.TYPE,
        subject=fact.key,
        time=at,
        dataschema=fact.schema_id(),
        aggregateid=fact.aggregate_id,
        aggregateversion=version,
        correlationid=correlation_id,
        causationid=causation_id,
        data=fact,
    )


def parse(subject: str, payload: bytes, headers: Mapping[str, str] | None = None) -> Envelope[Fact]:
    """Reads a message from a stream: one parse, and only what its subject's owner may say.

    Raises:
        NotAnEvent: no CloudEvent, not fitting its contract, or of a source or type that does not belong on the subject.
        Unheard: a well-formed event of a type that is not in this version's catalogue.
    """
    tokens = subject.split(".")
    expected = _BY_TOKENS.get(tuple(tokens[2:5]))
    if expected is None:
        envelope = read(Envelope[dict[str, Any]], payload, headers)
        _check_owner(envelope, tokens)
        raise Unheard(envelope)
    known = read(envelope_of(expected), payload, headers)
    if known.type != expected.TYPE:
        raise NotAnEvent(f"type {known.type!r} does not belong on subject {subject!r}")
    _check_owner(known, tokens)
    if known.data.subject != subject:
        raise NotAnEvent(f"the fact belongs on {known.data.subject!r}, not on {subject!r}")
    return known


def _check_owner(envelope: Envelope[Any], tokens: list[str]) -> None:
    owner = tokens[2] if len(tokens) > 2 else ""
    if owner not in _OWNERS or envelope.source != f"/summit/{owner}":
        raise NotAnEvent(f"source {envelope.source!r} does not own subject {'.'.join(tokens)!r}")


def parse_without_subject(payload: bytes) -> Envelope[Fact]:
    """Reads a structured event that came by another way than a stream: a file, a webhook, a dead letter.

    Raises:
        NotAnEvent: no CloudEvent, of an unknown type, or not fitting its contract.
    """
    try:
        kind = from_json(payload)["type"]
    except (ValueError, TypeError, KeyError) as failure:
        raise NotAnEvent(f"no CloudEvent: {failure}") from failure
    fact = fact_of(str(kind))
    if fact is None:
        raise NotAnEvent(f"type: {kind!r} is not in the catalogue")
    return read(envelope_of(fact), payload)
