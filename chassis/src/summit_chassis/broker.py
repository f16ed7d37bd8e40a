"""The connection to NATS, and publishing to a stream so that either all of a batch is stored or none.

nats-py has no interface for JetStream's atomic batches; their headers suffice (ADR-50 of NATS, server 2.12 and later).
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js.errors import APIError

from summit_chassis.ids import new_id
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

MAX_BATCH = 1000
"""The most messages a server takes in one atomic batch."""
_ALREADY_KNOWN = 10201
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


class SummitClient(Client):
    """A NATS client that knows whether it was closed on purpose."""

    is_stopping = False


class StreamMissing(Exception):
    """No stream listens on the subject: it was not provisioned, or somebody deleted it."""


class PublishRefused(Exception):
    """The stream answered that it will not store the message: full, or not allowed."""


async def connect(
    url: str, *, service: str, seed: str | None = None, on_reconnected: Callable[[], None] | None = None
) -> SummitClient:
    """A connection that outlives the server: it reconnects for ever, and notices a dead peer within about 10 s.

    If the client gives up all the same, the process ends: a supervisor's restart is better than a service that hears nothing.
    """

    complained_at = float("-inf")

    async def on_error(error: Exception) -> None:
        nonlocal complained_at
        if time.monotonic() - complained_at > _COMPLAINT_SECONDS:
            complained_at = time.monotonic()
            log.warning("nats.error", error=str(error) or repr(error))

    async def on_disconnected() -> None:
        log.warning("nats.disconnected")

    async def reconnected() -> None:
        log.info("nats.reconnected")
        if on_reconnected:
            on_reconnected()

    client = SummitClient()

    async def on_closed() -> None:
        if not client.is_stopping:
            log.error("nats.closed", remedy="the process ends and is started anew")
            os._exit(1)

    options: dict[str, Any] = {"nkeys_seed_str": seed} if seed else {}
    await client.connect(
        servers=url.split(","),
        name=f"summit-{service}",
        inbox_prefix=f"_INBOX_{service}".encode(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,  # type: ignore[arg-type]  # seconds; annotated int, used as a float
        ping_interval=5,
        max_outstanding_pings=2,
        connect_timeout=3,
        error_cb=on_error,
        disconnected_cb=on_disconnected,
        reconnected_cb=reconnected,
        closed_cb=on_closed,
        **options,
    )
    return client


async def close(client: SummitClient) -> None:
    """The connection is closed on purpose."""
    client.is_stopping = True
    try:
        await asyncio.wait_for(client.close(), timeout=2)
    except (TimeoutError, OSError) as failure:
        log.warning("nats.close_failed", error=repr(failure))


async def publish(client: Client, stream: str, messages: Sequence[Outgoing]) -> list[Acknowledged]:
    """All messages are stored by the stream, on disk, in this order; at most `MAX_BATCH` of them.

    A message whose id the stream knows already is not stored again.

    Raises:
        StreamMissing, PublishRefused: nothing of this call is stored, or only a known beginning of it.
        TimeoutError, nats.errors.Error: the outcome is unknown; publish the same messages again.
    """
    if len(messages) == 1:
        return [await _publish_one(client, stream, messages[0])]
    answer = await _publish_batch(client, stream, messages)
    if error := answer.get("error"):
        if error.get("err_code") != _ALREADY_KNOWN:
            raise PublishRefused(f"{stream}: {error.get('description')} ({error.get('err_code')})")
        log.info("broker.batch_has_known_messages", stream=stream, messages=len(messages))
        return [await _publish_one(client, stream, message) for message in messages]
    last = int(answer["seq"])
    return [
        Acknowledged(last - len(messages) + place, is_duplicate=False)
        for place in range(1, len(messages) + 1)
    ]


async def _publish_one(client: Client, stream: str, message: Outgoing) -> Acknowledged:
    try:
        ack = await client.jetstream(timeout=_TIMEOUT_SECONDS).publish(
            message.subject,
            message.payload,
            stream=stream,
            headers=_headers(message),
            timeout=_TIMEOUT_SECONDS,
        )
    except NoRespondersError as failure:
        raise StreamMissing(f"{stream}: nothing listens on {message.subject}") from failure
    except APIError as failure:
        raise PublishRefused(f"{stream}: {failure.description} ({failure.err_code})") from failure
    return Acknowledged(ack.seq, is_duplicate=bool(ack.duplicate))


async def _publish_batch(client: Client, stream: str, messages: Sequence[Outgoing]) -> dict[str, Any]:
    batch_id = new_id()
    for place, message in enumerate(messages[:-1], 1):
        await client.publish(
            message.subject, message.payload, headers=_batch_headers(message, stream, batch_id, place)
        )
    last = messages[-1]
    headers = {**_batch_headers(last, stream, batch_id, len(messages)), "Nats-Batch-Commit": "1"}
    try:
        answer = await client.request(last.subject, last.payload, timeout=_TIMEOUT_SECONDS, headers=headers)
    except NoRespondersError as failure:
        raise StreamMissing(f"{stream}: nothing listens on {last.subject}") from failure
    decoded: dict[str, Any] = json.loads(answer.data)
    return decoded


def _headers(message: Outgoing) -> dict[str, str]:
    return {**message.headers, "Nats-Msg-Id": message.event_id}


def _batch_headers(message: Outgoing, stream: str, batch_id: str, place: int) -> dict[str, str]:
    return {
        **_headers(message),
        "Nats-Expected-Stream": stream,
        "Nats-Batch-Id": batch_id,
        "Nats-Batch-Sequence": str(place),
    }


async def last_seq(client: Client, stream: str) -> int:
    """The sequence of the last message the stream holds; 0 for a new one.

    Raises:
        StreamMissing: there is no such stream.
    """
    try:
        info = await client.jetstream(timeout=_TIMEOUT_SECONDS).stream_info(stream)
    except nats.js.errors.NotFoundError as failure:
        raise StreamMissing(f"{stream} does not exist; run the provisioner") from failure
    return int(info.state.last_seq)
