"""What a stream delivered, and what could be read of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from summit_contracts.catalogue import Unheard, parse
from summit_contracts.envelope import Attributes, Envelope, NotAnEvent, read
from summit_contracts.fact import Fact


class _Said(NamedTuple):
    attributes: Attributes | None
    event: Envelope[Fact] | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Incoming:
    """A message as a stream delivered it; `deliveries` counts from 1."""

    stream: str
    seq: int
    subject: str
    payload: bytes
    headers: Mapping[str, str]
    deliveries: int = 1

    @property
    def parsed(self) -> "Parsed":
        """What the message says, or why nobody can read it; read once, however often it is tried."""
        return Parsed(self, *self._said)

    @cached_property
    def _said(self) -> "_Said":
        """Kept without the message itself: two that hold each other would wait for the garbage collector, a batch at a time."""
        return _read(self)


@dataclass(frozen=True)
class Parsed:
    """A message with what could be read of it."""

    incoming: Incoming
    attributes: Attributes | None
    event: Envelope[Fact] | None = None
    fault: str | None = None

    @property
    def message_id(self) -> str:
        """The event's id, or where it has none, its place in the stream and a mark of its content."""
        if self.attributes:
            return self.attributes.id
        digest = hashlib.sha256(self.incoming.payload).hexdigest()[
            :8
        ]  # a stream made anew counts from 1 again
        return f"{self.incoming.stream}-{self.incoming.seq}-{digest}"

    @property
    def aggregate_key(self) -> str | None:
        """The aggregate, made unique over services by its source."""
        return f"{self.attributes.source}/{self.attributes.aggregateid}" if self.attributes else None

    @property
    def version(self) -> int:
        """Its place in the aggregate's history; 0 where that cannot be read."""
        return self.attributes.aggregateversion if self.attributes else 0


def _read(incoming: Incoming) -> _Said:
    """What the message says, or why nobody can read it; attributes are kept where at least they can be read."""
    try:
        event = parse(incoming.subject, incoming.payload, incoming.headers)
        return _Said(event, event)
    except Unheard as unheard:
        return _Said(unheard.envelope)
    except NotAnEvent as failure:
        return _Said(_attributes_of(incoming), fault=failure.reason)


def _attributes_of(incoming: Incoming) -> Attributes | None:
    tokens = incoming.subject.split(".")
    try:
        envelope = read(Envelope[Any], incoming.payload, incoming.headers)
    except NotAnEvent:
        return None
    return envelope if len(tokens) > 2 and envelope.source == f"/summit/{tokens[2]}" else None


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses: NUL and lone surrogates are written out."""
    return text.replace("\x00", "\\0").encode("utf-8", errors="backslashreplace").decode()
