"""The envelope of every fact: CloudEvents 1.0 in structured JSON; binary mode is read too.

Source: CloudEvents 1.0.2, its JSON format and its NATS protocol binding. Extensions: `aggregateid`, `aggregateversion`
(order and gaps), `correlationid` (one piece of work), `causationid` (the event that led to this one).
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import unquote_to_bytes

from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import from_json

from summit_contracts.explained import Explained
from summit_contracts.values import Instant

CONTENT_TYPE = "application/cloudevents+json"
_ATTRIBUTE = re.compile(r"^ce-([a-z0-9]{1,40})$")

_VISIBLE = r"^[!-~]+$"
"""What identifies goes into subjects, headers, databases and logs: visible ASCII, without spaces and control characters."""

F_co = TypeVar("F_co", covariant=True)


class NotAnEvent(Exception):
    """The message is no well-formed event, today or ever: trying again cannot help.

    `reason` says what is wrong and where, fit for a dead letter.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Attributes(Explained):
    """What is known about a fact besides what it says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    """The version of CloudEvents."""
    id: Annotated[str, Field(min_length=1, max_length=100, pattern=_VISIBLE)]
    """Unique for this source; a consumer that saw it before does nothing."""
    source: Annotated[str, Field(min_length=1, max_length=200, pattern=_VISIBLE)]
    """The service that owns the fact, e.g. `/summit/registration`."""
    type: Annotated[str, Field(min_length=1, max_length=200, pattern=_VISIBLE)]
    """What happened, with the major version of its contract."""
    subject: Annotated[str, Field(min_length=1, max_length=200, pattern=_VISIBLE)] | None = None
    """The key of the fact, e.g. the code of the delegation: the last token of the NATS subject."""
    time: Instant
    """When it happened, as the publisher's clock has it. Order is told by `aggregateversion`, never by this."""
    dataschema: Annotated[str, Field(min_length=1, max_length=200, pattern=_VISIBLE)] | None = None
    """The `$id` of the JSON Schema that the message fits."""
    datacontenttype: str = "application/json"
    """The form of `data`."""
    aggregateid: Annotated[str, Field(min_length=1, max_length=200, pattern=_VISIBLE)]
    """Whose history the fact is part of."""
    aggregateversion: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """1 for an aggregate's first fact, then without a gap."""
    correlationid: Annotated[str, Field(min_length=1, max_length=100, pattern=_VISIBLE)] | None = None
    """One piece of work, e.g. a request and everything that followed from it."""
    causationid: Annotated[str, Field(min_length=1, max_length=100, pattern=_VISIBLE)] | None = None
    """The `id` of the event that led to this one."""


class Envelope(Attributes, Generic[F_co]):
    """A fact and what is known about it."""

    data: F_co
    """What happened."""

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
    content_type = lowered.get("content-type", "").lower()
    try:
        if content_type.startswith("application/cloudevents"):
            return _structured(envelope, payload)
        if "ce-specversion" in lowered:
            return envelope.model_validate(_binary(payload, lowered))
        if content_type:
            raise NotAnEvent(f"content-type {content_type!r} is not a CloudEvent")
        return _structured(envelope, payload)
    except ValidationError as failure:
        raise NotAnEvent(_in_words(failure)) from failure


def _structured(envelope: type[Envelope[F_co]], payload: bytes) -> Envelope[F_co]:
    if b'"data_base64"' not in payload:
        return envelope.model_validate_json(payload)
    attributes = _json("$", payload)
    if isinstance(attributes, dict) and "data_base64" in attributes and "data" not in attributes:
        try:
            data = b64decode(attributes["data_base64"], validate=True)
        except (TypeError, ValueError) as failure:
            raise NotAnEvent(f"data_base64: {failure}") from failure
        attributes["data"] = _json("data_base64", data)
    return envelope.model_validate(attributes)


def _binary(payload: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for name, value in headers.items():
        if match := _ATTRIBUTE.match(name):
            attributes[match.group(1)] = _percent_decoded(name, value)
    attributes["data"] = _json("data", payload)
    return attributes


def _json(where: str, text: bytes) -> Any:
    try:
        return from_json(text)
    except ValueError as failure:
        raise NotAnEvent(f"{where}: {failure}") from failure


def _percent_decoded(name: str, value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    try:
        return unquote_to_bytes(value).decode("utf-8", errors="strict")
    except UnicodeError as failure:
        raise NotAnEvent(f"header {name}: not UTF-8 after percent-decoding") from failure


def _in_words(failure: ValidationError) -> str:
    first = failure.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(step) for step in first["loc"]) or "$"
    more = failure.error_count() - 1
    return f"{path}: {first['msg']}" + (f" (and {more} more)" if more else "")
