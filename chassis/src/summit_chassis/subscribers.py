"""Which facts a service hears, and what it does about each: declared once, used by the inbox and by the documents.

FastStream holds the declarations (its documents and its life cycle come from them); the chassis delivers under them, because
FastStream's own pull loop does not survive the faults this system must survive (docs/adr/0007).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub

from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Service, Stream

U = TypeVar("U")
F = TypeVar("F", bound=Fact)


class ComeAgain(Exception):
    """A fact came before one it rests on, from another stream: deliver it again in a moment. No failure, and not counted.

    A handler raises it before it changes anything: what else came with the fact is applied.
    """


BATCH = 500
"""The most messages of one transaction."""


class Subscribers(Generic[U]):
    """The facts one service hears. `U` is its unit of work: its repositories within one transaction."""

    def __init__(self, durable: Service) -> None:
        self.durable = durable
        """Also the name of its durable consumers, one per stream it hears."""
        self._handlers: dict[str, Callable[[Any, U], Awaitable[None]]] = {}
        self._facts: list[type[Fact]] = []
        self._prepare: Callable[[Sequence[Envelope[Fact]], U], Awaitable[None]] | None = None

    def on(
        self, fact: type[F]
    ) -> Callable[[Callable[[Envelope[F], U], Awaitable[None]]], Callable[[Envelope[F], U], Awaitable[None]]]:
        """The decorated function is called once for each such fact, inside the transaction that remembers it was."""

        def register(
            handler: Callable[[Envelope[F], U], Awaitable[None]],
        ) -> Callable[[Envelope[F], U], Awaitable[None]]:
            if fact.TYPE in self._handlers:
                raise ValueError(f"{fact.TYPE} has a handler already")
            self._handlers[fact.TYPE] = handler
            self._facts.append(fact)
            return handler

        return register

    def before_batch(
        self, prepare: Callable[[Sequence[Envelope[Fact]], U], Awaitable[None]]
    ) -> Callable[[Sequence[Envelope[Fact]], U], Awaitable[None]]:
        """The decorated function may load with one query what the handlers of a whole batch will ask the unit for."""
        self._prepare = prepare
        return prepare

    def handler_of(self, type_: str) -> Callable[[Envelope[Any], U], Awaitable[None]] | None:
        """What is done about facts of this CloudEvents type; nothing for one that is not heard."""
        return self._handlers.get(type_)

    async def prepare(self, events: Sequence[Envelope[Fact]], unit: U) -> None:
        """What the service loads ahead for a batch is loaded."""
        if self._prepare and events:
            await self._prepare(events, unit)

    @property
    def facts(self) -> tuple[type[Fact], ...]:
        """Everything heard, in the order of declaration."""
        return tuple(self._facts)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams to read: whole, so that no version of an aggregate is missed."""
        return tuple(dict.fromkeys(fact.STREAM for fact in self._facts))

    def declare(self, broker: NatsBroker) -> None:
        """FastStream knows every subscription: for its documents, and for handlers to be called through it in a test."""
        for fact in self._facts:
            broker.subscriber(
                wildcard(fact.SUBJECT),
                stream=JStream(fact.STREAM.value, declare=False),
                durable=self.durable.value,
                pull_sub=PullSub(batch_size=BATCH, timeout=1.0, batch=True),
                ack_policy=AckPolicy.MANUAL,
                title=fact.TYPE,
                description=fact.__doc__,
            )(_documented(fact))


def _documented(fact: type[Fact]) -> Callable[[Any], Awaitable[None]]:
    async def hear(event: Any) -> None:
        raise NotImplementedError("the chassis delivers; this is a declaration")

    hear.__name__ = f"on_{fact.schema_name().split('.')[1]}"
    hear.__annotations__["event"] = fact
    return hear


def wildcard(subject: str) -> str:
    """The subject with `*` for every placeholder."""
    return ".".join("*" if token.startswith("{") else token for token in subject.split("."))


def subject_space(stream: Stream) -> str:
    """Every subject that the stream keeps."""
    match stream:
        case Stream.PERSONAL:
            return "summit-personal.*.registration.>"
        case Stream.SUMMIT:
            return "summit.>"
        case Stream.DEAD:
            return "dead.>"
        case _:
            return f"summit.*.{stream.value.lower()}.>"
