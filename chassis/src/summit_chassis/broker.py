"""The connection to NATS, and publishing to a stream so that either all of a batch is stored or none.

nats-py has no interface for JetStream's atomic batches; their headers suffice (ADR-50 of NATS, server 2.12 and later).
"""

import asyncio
import json
import os
import random
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
from nats.errors import NoRespondersError
from nats.js.errors import APIError

from summit_chassis.connection import Reconnected, SummitClient, message
from summit_chassis.ids import new_id
from summit_chassis.telemetry import get_logger

__all__ = [
    "MAX_BATCH",
    "Acknowledged",
    "Outgoing",
    "PublishRefused",
    "Reconnected",
    "StreamMissing",
    "StreamMoved",
    "SummitClient",
    "close",
    "connect",
    "credentials",
    "fault_of",
    "last_seq",
    "message_id",
    "publish",
]

log = get_logger(__name__)

MAX_BATCH = 1000
"""The most messages a server takes in one atomic batch."""
_ALREADY_KNOWN = 10201
_WRONG_LAST_SEQUENCE = 10071
_TIMEOUT_SECONDS = 5.0
_COMPLAINT_SECONDS = 5.0


@dataclass(frozen=True)
class Outgoing:
    """A message for a stream; its id makes a second publishing harmless."""

    event_id: str
    subject: str
    payload: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Acknowledged:
    """Where the stream keeps a message, and whether it had it already."""

    seq: int
    is_duplicate: bool


class StreamMissing(Exception):
    """No stream listens on the subject: it was not provisioned, or somebody deleted it."""


class PublishRefused(Exception):
    """The stream answered that it will not store the message: full, or not allowed."""


class StreamMoved(Exception):
    """The stream does not end where it was said to end: somebody else published, or it lost its tail. Nothing was stored."""


async def connect(
    url: str,
    *,
    service: str,
    seed_file: Path | None = None,
    ca_file: Path | None = None,
    on_reconnected: Callable[[], None] | None = None,
    on_fault: Callable[[str], None] | None = None,
) -> SummitClient:
    """A connection that outlives the server: it reconnects for ever, and notices a dead peer within about 10 s.

    What keeps it from connecting, or what it was refused, is logged and told to `on_fault`, with the setting that mends it.
    If the client gives up all the same, the process ends: a supervisor's restart is better than a service that hears nothing.
    """

    client = SummitClient()
    complained_at = float("-inf")

    async def on_error(error: Exception) -> None:
        nonlocal complained_at
        said = fault_of(error)
        if on_fault:
            on_fault(said)
        if time.monotonic() - complained_at > _COMPLAINT_SECONDS:
            complained_at = time.monotonic()
            log.warning("nats.error", error=said)

    async def on_disconnected() -> None:
        if not client.is_stopping:
            log.warning("nats.disconnected")

    async def reconnected() -> None:
        log.info("nats.reconnected")
        if on_reconnected:
            on_reconnected()

    async def on_closed() -> None:
        if not client.is_stopping:
            log.error("nats.closed", remedy="the process ends and is started anew")
            os._exit(1)

    await client.connect(
        servers=_in_any_order(url),
        dont_randomize=True,  # in turn: the next is never the one that was just left
        name=f"summit-{service}",
        inbox_prefix=f"_INBOX_{service}".encode(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,  # type: ignore[arg-type]  # seconds; annotated int, used as a float
        ping_interval=5,
        max_outstanding_pings=2,
        connect_timeout=3,
        pending_size=0,  # what cannot be sent now is refused, not sent over another connection
        error_cb=on_error,
        disconnected_cb=on_disconnected,
        reconnected_cb=reconnected,
        closed_cb=on_closed,
        **credentials(url, seed_file, ca_file),
    )
    return client


def _in_any_order(url: str) -> list[str]:
    """The servers, so that not everybody begins with the first."""
    servers = url.split(",")
    random.shuffle(servers)
    return servers


def credentials(url: str, seed_file: Path | None, ca_file: Path | None) -> dict[str, Any]:
    """How nats-py is told who connects, and whom it may trust."""
    options: dict[str, Any] = {"nkeys_seed": str(seed_file)} if seed_file else {}
    if ca_file or url.startswith("tls://"):
        options["tls"] = ssl.create_default_context(cafile=ca_file)
    return options


def fault_of(error: Exception) -> str:
    """What is wrong with the connection, in one line that names the setting where one mends it."""
    said = str(error) or repr(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _fault_of_certificate(error)
    lowered = said.lower()
    if "authorization violation" in lowered or "nkeys" in lowered:
        return (
            f"SUMMIT_NATS_SEED_FILE: the server does not know this key ({said}); `summit keys init` tells it"
        )
    if "permissions violation" in lowered:
        return f"not allowed: {said}; `summit keys init` writes the rights of this version"
    return said


def _fault_of_certificate(error: ssl.SSLCertVerificationError) -> str:
    match error.verify_code:
        case 10:  # X509_V_ERR_CERT_HAS_EXPIRED
            return "the server's certificate has expired: `summit keys init --tls` makes another, then reload NATS"
        case 9:  # X509_V_ERR_CERT_NOT_YET_VALID
            return "the server's certificate is not valid yet: set this machine's clock, or NATS', right"
        case _:
            return f"SUMMIT_NATS_CA_FILE: the server's certificate is refused: {error.verify_message}"


async def close(client: SummitClient) -> None:
    """The connection is closed on purpose."""
    client.is_stopping = True
    try:
        await asyncio.wait_for(client.close(), timeout=2)
    except (TimeoutError, OSError) as failure:
        log.warning("nats.close_failed", error=repr(failure))


async def publish(
    client: SummitClient,
    stream: str,
    messages: Sequence[Outgoing],
    *,
    after: int | None = None,
    over: int | None = None,
) -> list[Acknowledged]:
    """The messages are stored by the stream, on disk, in this order; at most `MAX_BATCH` of them.

    `after` is the sequence the stream must end with; without it they are stored whatever was there. `over` is the connection
    they may go over; without it, any. A message whose id the stream knows already is not stored again. Where ids are known,
    messages go one by one; if one of them fails then, the acknowledgements of those before it come back, fewer than there are
    messages.

    Raises:
        StreamMoved, StreamMissing, PublishRefused, Reconnected: nothing of this call is stored.
        TimeoutError, nats.errors.Error: the outcome is unknown; publish the same messages again.
    """
    for one in messages:
        if len(one.payload) > client.max_payload:
            raise PublishRefused(
                f"{stream}: {one.event_id} has {len(one.payload)} bytes, more than the server takes"
            )
    client.must_be(over or client.connection)
    if len(messages) == 1:
        return [await _publish_one(client, stream, messages[0], after)]
    answer = await _publish_batch(client, stream, messages, after)
    if error := answer.get("error"):
        if error.get("err_code") != _ALREADY_KNOWN:
            raise _refusal(stream, error.get("err_code"), error.get("description"))
        log.info("broker.batch_has_known_messages", stream=stream, messages=len(messages))
        return await _publish_one_by_one(client, stream, messages, after, over)
    last = int(answer["seq"])
    return [
        Acknowledged(last - len(messages) + place, is_duplicate=False)
        for place in range(1, len(messages) + 1)
    ]


async def _publish_one_by_one(
    client: SummitClient, stream: str, messages: Sequence[Outgoing], after: int | None, over: int | None
) -> list[Acknowledged]:
    acknowledged: list[Acknowledged] = []
    for outgoing in messages:
        try:
            client.must_be(over or client.connection)
            one = await _publish_one(client, stream, outgoing, after)
        except Exception as failure:
            if not acknowledged:
                raise
            log.warning(
                "broker.batch_stopped_short", stream=stream, stored=len(acknowledged), error=repr(failure)
            )
            break
        acknowledged.append(one)
        after = after if after is None or one.is_duplicate else one.seq
    return acknowledged


async def _publish_one(client: SummitClient, stream: str, one: Outgoing, after: int | None) -> Acknowledged:
    try:
        ack = await client.jetstream(timeout=_TIMEOUT_SECONDS).publish(
            one.subject,
            one.payload,
            stream=stream,
            headers={**_headers(one), **_fence(after)},
            timeout=_TIMEOUT_SECONDS,
        )
    except NoRespondersError as failure:
        raise StreamMissing(f"nothing listens on {one.subject}; run `summit provision`") from failure
    except APIError as failure:
        raise _refusal(stream, failure.err_code, failure.description) from failure
    return Acknowledged(ack.seq, is_duplicate=bool(ack.duplicate))


async def _publish_batch(
    client: SummitClient, stream: str, messages: Sequence[Outgoing], after: int | None
) -> dict[str, Any]:
    batch_id = new_id()
    fence = _fence(after)
    commands: list[bytes] = []
    for place, one in enumerate(messages[:-1], 1):
        headers = {**_batch_headers(one, stream, batch_id, place), **fence}
        commands.append(message(one.subject, one.payload, headers))
        fence = {}
    await client.send_all(commands)
    last = messages[-1]
    headers = {**_batch_headers(last, stream, batch_id, len(messages)), "Nats-Batch-Commit": "1"}
    try:
        answer = await client.request(last.subject, last.payload, timeout=_TIMEOUT_SECONDS, headers=headers)
    except NoRespondersError as failure:
        raise StreamMissing(f"nothing listens on {last.subject}; run `summit provision`") from failure
    decoded: dict[str, Any] = json.loads(answer.data)
    return decoded


def _refusal(stream: str, code: int | None, description: str | None) -> Exception:
    text = f"{stream}: {description} ({code})"
    return StreamMoved(text) if code == _WRONG_LAST_SEQUENCE else PublishRefused(text)


def _fence(after: int | None) -> dict[str, str]:
    return {} if after is None else {"Nats-Expected-Last-Sequence": str(after)}


def _headers(one: Outgoing) -> dict[str, str]:
    return {**one.headers, "Nats-Msg-Id": one.event_id}


def _batch_headers(one: Outgoing, stream: str, batch_id: str, place: int) -> dict[str, str]:
    return {
        **_headers(one),
        "Nats-Expected-Stream": stream,
        "Nats-Batch-Id": batch_id,
        "Nats-Batch-Sequence": str(place),
    }


async def last_seq(client: SummitClient, stream: str) -> int:
    """The sequence of the last message the stream holds; 0 for a new one.

    Raises:
        StreamMissing: there is no such stream.
    """
    try:
        info = await client.jetstream(timeout=_TIMEOUT_SECONDS).stream_info(stream)
    except nats.js.errors.NotFoundError as failure:
        raise StreamMissing("does not exist; run `summit provision`") from failure
    return int(info.state.last_seq)


async def message_id(client: SummitClient, stream: str, seq: int) -> str | None:
    """The id of the message that stands at this sequence; none if it was taken out since, or came without one."""
    try:
        found = await client.jetstream(timeout=_TIMEOUT_SECONDS).get_msg(stream, seq)
    except nats.js.errors.NotFoundError:
        return None
    return (found.headers or {}).get("Nats-Msg-Id")
