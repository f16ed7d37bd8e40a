"""The envelope of every fact: CloudEvents 1.0 in structured JSON; binary mode is read too.

Source: CloudEvents 1.0.2, its JSON format and its NATS protocol binding. Extensions: `aggregateid`, `aggregateversion`
(order and gaps), `correlationid` (one piece of work), `causationid` (the event that led to this one).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summit_contracts.values import Instant

CONTENT_TYPE = "application/cloudevents+json"
_ATTRIBUTE = re.compile(r"^ce-([a-z0-9]{1,40})$")

F_co = TypeVar("F_co", covariant=True)


class NotAnEvent(Exception):
    """The message is no well-formed event, today or ever: trying again cannot help.

    `reason` says what is wrong and where, fit for a dead letter.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Attributes(BaseModel):
    """What is known about a fact besides what it says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(min_length=1, max_length=100)]
    """Unique for this source; a consumer that saw it before does nothing."""
    source: Annotated[str, Field(min_length=1)]
    type: Annotated[str, Field(min_length=1)]
    subject: str | None = None
    """The key of the fact, e.g. the code of the delegation."""
    time: Instant
    """When it happened, as the publisher's clock has it. Order is told by `aggregateversion`, never by this."""
    dataschema: str | None = None
    datacontenttype: str = "application/json"
    aggregateid: Annotated[str, Field(min_length=1, max_length=200)]
    aggregateversion: Annotated[int, Field(ge=1)]
    """1 for an aggregate's first fact, then without a gap."""
    correlationid: str | None = None
    causationid: str | None = None


class Envelope(Attributes, Generic[F_co]):
    """A fact and what is known about it."""

    data: F_co

    def to_json(self) -> bytes:
        """The structured JSON form; attributes and fields without a value are left out."""
        return self.model_dump_json(exclude_none=True).encode()


def read(
    envelope: type[Envelope[F_co]], payload: bytes, headers: Mapping[str, str] | None = None
) -> Envelope[F_co]:
    """Reads structured or binary mode, whichever the headers say.

    Raises:
        NotAnEvent: when it is no CloudEvent 1.0 or its data does not fit the contract; the reason names the path.
    """
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    try:
        if "ce-specversion" in lowered:
            return envelope.model_validate(_binary(payload, lowered))
        content_type = lowered.get("content-type", CONTENT_TYPE)
        if not content_type.lower().startswith("application/cloudevents"):
            raise NotAnEvent(f"content-type {content_type!r} is not a CloudEvent")
        return envelope.model_validate_json(payload)
    except ValidationError as failure:
        raise NotAnEvent(_in_words(failure)) from failure


def _binary(payload: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    from pydantic_core import from_json

    attributes: dict[str, Any] = {}
    for name, value in headers.items():
        if match := _ATTRIBUTE.match(name):
            attributes[match.group(1)] = _percent_decoded(name, value)
    try:
        attributes["data"] = from_json(payload)
    except ValueError as failure:
        raise NotAnEvent(f"data: {failure}") from failure
    return attributes


def _percent_decoded(name: str, value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value).decode("utf-8", errors="strict")
    except UnicodeDecodeError as failure:
        raise NotAnEvent(f"header {name}: not UTF-8 after percent-decoding") from failure


def _in_words(failure: ValidationError) -> str:
    first = failure.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(step) for step in first["loc"]) or "$"
    more = failure.error_count() - 1
    return f"{path}: {first['msg']}" + (f" (and {more} more)" if more else "")
