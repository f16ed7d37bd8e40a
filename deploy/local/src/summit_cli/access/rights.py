"""The least that each user of NATS needs. Computed from the facts of the contracts and from what each service hears.

Nobody but the provisioner may make or change a consumer: filters and delivery subjects of consumers are not held against
the rights of who makes them. Whoever reads by hand gets messages one page at a time, and leaves nothing behind.

Source: NATS documentation, "JetStream wire API reference"; nats-server issues 6180 and 8274.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summit_chassis.provisioner import Durable, streams_of
from summit_chassis.subscribers import wildcard
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream

READABLE = tuple(stream for stream in Stream if stream is not Stream.PERSONAL)
"""What an operator may read message by message; of personal facts it may know how many there are."""


@dataclass(frozen=True)
class Rights:
    """What a user may publish to and subscribe to; everything else is refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def of_service(service: str, durables: Iterable[Durable]) -> Rights:
    """Publishing its own facts, looking how the streams that are its concern stand, and announcing its dead letters; reading by its own durables."""
    own = {fact.STREAM: _space(fact.SUBJECT) for fact in FACTS if fact.OWNER.value == service}
    reading = [one for one in durables if one.name == service]
    return Rights(
        publish=(
            *own.values(),
            f"dead.{service}.>",
            *(f"$JS.API.STREAM.INFO.{stream.value}" for stream in streams_of(service)),
            *(f"$JS.API.STREAM.MSG.GET.{stream.value}" for stream in own),
            *(subject for durable in reading for subject in reading_by(durable)),
        ),
        subscribe=(_inbox(service),),
    )


def reading_by(durable: Durable) -> tuple[str, str, str]:
    """The subjects of looking at a durable, asking it for messages, and acknowledging them."""
    place = f"{durable.stream.value}.{durable.name}"
    return (
        f"$JS.API.CONSUMER.INFO.{place}",
        f"$JS.API.CONSUMER.MSG.NEXT.{place}",
        f"$JS.ACK.{place}.>",
    )


def of_provisioner() -> Rights:
    """Making and changing the streams there are, and durables on them; no deleting, purging, reading or publishing."""
    streams = [stream.value for stream in Stream]
    return Rights(
        publish=(
            *(
                f"$JS.API.STREAM.{verb}.{stream}"
                for stream in streams
                for verb in ("INFO", "CREATE", "UPDATE")
            ),
            *(f"$JS.API.CONSUMER.{verb}.{stream}.>" for stream in streams for verb in ("INFO", "CREATE")),
            *(f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.*" for stream in streams),
            f"$JS.API.CONSUMER.DELETE.{Stream.SUMMIT.value}.*",
        ),
        subscribe=(_inbox("provisioner"),),
    )


def of_operator() -> Rights:
    """Looking at streams and reading what is public or dead; leaving no trace."""
    return Rights(
        publish=(
            *(f"$JS.API.STREAM.INFO.{stream.value}" for stream in Stream),
            *(f"$JS.API.DIRECT.GET.{stream.value}" for stream in READABLE),
        ),
        subscribe=(_inbox("operator"),),
    )


def of_subscriber(durable: Durable) -> Rights:
    """An outsider in an account of its own: its durable, and nothing else."""
    return Rights(publish=reading_by(durable), subscribe=(_inbox(durable.name),))


def of_everybody(durables: Sequence[Durable], services: Sequence[str]) -> dict[str, Rights]:
    """The rights of each user of the platform's own account, by name."""
    return {
        **{service: of_service(service, durables) for service in services},
        "provisioner": of_provisioner(),
        "operator": of_operator(),
    }


def _space(subject: str) -> str:
    """Everything of the same owner: `summit.*.pledges.>`."""
    return ".".join([*wildcard(subject).split(".")[:3], ">"])


def _inbox(name: str) -> str:
    return f"_INBOX_{name}.>"
