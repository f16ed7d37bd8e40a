"""The provisioner: the one place that makes streams and durables. Services only bind to them.

Running it again changes nothing that is right, and says what it changed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from nats.aio.client import Client
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
    StreamSource,
)
from nats.js.errors import APIError, NotFoundError

from summit_chassis.subscribers import subject_space
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Service, Stream

ACK_WAIT = timedelta(seconds=15)
TURN = timedelta(seconds=6)
"""So long a process of a service that has stopped asking keeps its turn to hear a stream, then another has it."""
TURNS = "turns"
"""The name of the group whose members take turns."""
_OWNED = (Stream.REGISTRATION, Stream.SCHEDULING, Stream.PLEDGES, Stream.NOTIFICATIONS)
_NOT_FOUND = 404
REMEDY = "run `summit provision`"
"""What makes right whatever is wrong with a stream or a durable."""
_DUPLICATE_WINDOW = timedelta(hours=1)
GIBIBYTE = 1024**3


@dataclass(frozen=True)
class Durable:
    """A service that hears a stream, or an outsider that hears the history."""

    stream: Stream
    name: str
    facts: str | None = None
    """The subjects it hears; all of the stream if none are said."""


@dataclass(frozen=True)
class Storage:
    """How safely streams are kept, how much of them, and for how long: an operator's to say, and remembered by the streams.

    What is not said leaves a stream that is there as it is; one that is made is as `NEW` says.
    """

    replicas: int | None = None
    """On how many servers each stream is kept: 1, 3 or 5."""
    max_bytes: int | None = None
    """Per stream, and `SIZES_OF_HISTORY` times that for the history; a full stream refuses new facts (they wait in the outbox)
    and never forgets old ones.
    """
    personal_retention: timedelta | None = None
    """After that, names and addresses are gone from the stream."""


SIZES_OF_HISTORY = len(_OWNED) + 1
"""So many times the size of one of its sources the history is: it holds them all, and where each fact came from, which NATS
writes beside it in some 100 bytes; facts of 400 bytes or more leave room for that.
"""
NEW = StreamConfig(num_replicas=1, max_bytes=GIBIBYTE, max_age=timedelta(days=400).total_seconds())
"""How a stream is kept that is made without a word about it; the history is larger."""


def _stream(stream: Stream, storage: Storage, found: StreamConfig | None = None) -> StreamConfig:
    """The stream as it has to be, and as it was found in what nobody said anything about: placement or compression, too."""
    times = SIZES_OF_HISTORY if stream is Stream.SUMMIT else 1
    found = found or NEW.evolve(max_bytes=GIBIBYTE * times)
    is_history = stream not in (Stream.PERSONAL, Stream.DEAD)
    said = storage.personal_retention
    keeps_persons = said.total_seconds() if said else found.max_age
    return found.evolve(
        name=stream.value,
        subjects=None if stream is Stream.SUMMIT else [subject_space(stream)],
        sources=[StreamSource(name=owned.value) for owned in _OWNED] if stream is Stream.SUMMIT else None,
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        num_replicas=storage.replicas or found.num_replicas,
        max_bytes=storage.max_bytes * times if storage.max_bytes else found.max_bytes,
        max_age=keeps_persons if stream is Stream.PERSONAL else 0,
        duplicate_window=_DUPLICATE_WINDOW.total_seconds(),
        deny_delete=is_history,
        deny_purge=is_history,
        allow_atomic=stream is not Stream.SUMMIT,
        allow_direct=True,  # an operator reads pages of it, and needs no consumer for that
    )


@dataclass
class ConsumerInTurns(ConsumerConfig):
    """A consumer that serves one of several processes at a time; the client library does not know these fields yet."""

    priority_groups: list[str] | None = None
    priority_policy: str | None = None
    priority_timeout: int | None = None
    """Nanoseconds."""


def consumer(durable: Durable) -> ConsumerConfig:
    """A durable as it has to be: every fact, in order, until it is acknowledged.

    A stream is heard by one process of a service at a time, the others stand by: the server deals messages out one by one,
    and two processes would wait for each other at every aggregate. Outsiders, who read the history, do as they like.
    """
    in_turns = durable.stream is not Stream.SUMMIT
    return ConsumerInTurns(
        durable_name=durable.name,
        filter_subject=durable.facts or subject_space(durable.stream),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT.total_seconds(),
        max_deliver=-1,
        max_ack_pending=2048,
        priority_groups=[TURNS] if in_turns else None,
        priority_policy="pinned_client" if in_turns else None,
        priority_timeout=int(TURN.total_seconds() * 10**9) if in_turns else None,
    )


async def provision(client: Client, durables: Sequence[Durable], storage: Storage | None = None) -> list[str]:
    """All streams and durables are there as they have to be; what was made or changed, in words.

    Raises:
        nats.js.errors.APIError: the server refuses, e.g. because it has fewer servers than replicas are asked for.
    """
    jetstream = client.jetstream(timeout=10)
    changes: list[str] = []
    storage = storage or Storage()
    for stream in Stream:
        try:
            found = (await jetstream.stream_info(stream.value)).config
        except NotFoundError:
            await jetstream.add_stream(_stream(stream, storage))
            changes.append(f"stream {stream.value}: made")
            continue
        config = _stream(stream, storage, found)
        if differing := _differences(found, config):
            await jetstream.update_stream(config)
            changed = [f"{what} was {was}, is {now}" for what, was, now in differing]
            changes.append(f"stream {stream.value}: {', '.join(changed)}")
    for durable in durables:
        if fault := await durable_fault(client, durable):
            await jetstream.add_consumer(durable.stream.value, consumer(durable))
            changes.append(f"durable {durable.stream.value}/{durable.name}: {fault}, made right")
    return changes


async def stream_fault(client: Client, stream: Stream) -> str | None:
    """What is wrong with a stream, or nothing; a history that is full is named here, for no relay meets it.

    How large a stream may be, on how many servers and how long it keeps persons is the operator's to say.

    Raises:
        nats.errors.Error: the server does not answer, or not about this.
    """
    try:
        info = await client.jetstream(timeout=5).stream_info(stream.value)
    except NotFoundError:
        return "missing"
    differing = _differences(info.config, _stream(stream, Storage(), info.config))
    wrong = [f"{what} is {now} and has to be {right}" for what, now, right in differing]
    if wrong:
        return f"was changed by hand: {', '.join(wrong)}"
    lacking, room = lacking_of_sources(info), (info.config.max_bytes or 0) - info.state.bytes
    if lacking and room < client.max_payload:
        return f"is full, and systems outside do not hear {lacking} facts or more until it is larger (`--gibibytes`)"
    return None


def filled(info: StreamInfo) -> float:
    """Which share (0 to 1) of what the stream may hold it holds; 0 where it has no bound."""
    most = info.config.max_bytes or 0
    return info.state.bytes / most if most > 0 else 0.0


def lacking_of_sources(info: StreamInfo) -> int:
    """How many facts of its sources the stream has not taken, as NATS counts them: of one that is full, a few too little; 0 of
    one that has no sources.
    """
    return sum(source.lag or 0 for source in info.sources or ())


def streams_of(service: str) -> list[Stream]:
    """The streams whose keeping is a service's concern: those it publishes to.

    Nobody publishes to the history, and systems outside read it; webhooks, which is there for them, looks after it.
    """
    own = sorted({fact.STREAM for fact in FACTS if fact.OWNER.value == service})
    return [*own, *([Stream.SUMMIT] if service == Service.WEBHOOKS.value else []), Stream.DEAD]


async def durable_fault(client: Client, durable: Durable) -> str | None:
    """What is wrong with a durable, or nothing: services ask this when they start and in their readiness."""
    found = await durable_config(client, durable)
    if found is None:
        return "missing"
    expected = consumer(durable).as_dict()
    fields = ("filter_subject", "ack_policy", "ack_wait", "max_deliver", "max_ack_pending", "priority_groups",
        "priority_policy", "priority_timeout")  # fmt: skip
    wrong = [name for name in fields if (found.get(name) or None) != (expected.get(name) or None)]
    return f"differs in {', '.join(wrong)}" if wrong else None


async def durable_config(client: Client, durable: Durable) -> dict[str, Any] | None:
    """The durable's configuration as the server tells it, times in nanoseconds; none where there is no such durable.

    Raises:
        nats.errors.Error: the server does not answer, or not about this.
    """
    told = await _durable_info(client, durable)
    return dict(told["config"]) if told else None


async def durable_lag(client: Client, durable: Durable) -> int | None:
    """How many messages the durable's reader has not acknowledged, delivered or not; none where there is no such durable.

    Raises:
        nats.errors.Error: the server does not answer, or not about this.
    """
    told = await _durable_info(client, durable)
    return int(told["num_pending"]) + int(told["num_ack_pending"]) if told else None


async def _durable_info(client: Client, durable: Durable) -> dict[str, Any] | None:
    answer = await client.request(
        f"$JS.API.CONSUMER.INFO.{durable.stream.value}.{durable.name}", b"", timeout=5
    )
    told: dict[str, Any] = json.loads(answer.data)
    if error := told.get("error"):
        if error.get("code") == _NOT_FOUND:
            return None
        raise APIError.from_error(error)
    return told


def _differences(found: StreamConfig, expected: StreamConfig) -> list[tuple[str, Any, Any]]:
    """What is not as it has to be, how it is, and how it has to be."""
    fields = (
        "subjects",
        "sources",
        "discard",
        "num_replicas",
        "max_bytes",
        "max_age",
        "duplicate_window",
        "deny_delete",
        "deny_purge",
        "allow_atomic",
        "allow_direct",
    )
    told = [(name, _plain(getattr(found, name)), _plain(getattr(expected, name))) for name in fields]
    return [
        (name, _said(name, is_now), _said(name, right)) for name, is_now, right in told if is_now != right
    ]


def _said(name: str, plain: Any) -> Any:
    """A field's value for people: ages in days."""
    return f"{timedelta(seconds=plain) / timedelta(days=1):g} days" if plain and name == "max_age" else plain


def _plain(value: Any) -> Any:
    """A field's value as one writes it; of a list of sources their names, of what is not set nothing."""
    if isinstance(value, list):
        return sorted(one.name if isinstance(one, StreamSource) else str(one) for one in value) or None
    return value.value if isinstance(value, Enum) else value or None
