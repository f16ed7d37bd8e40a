"""Nobody can do on NATS what is not theirs to do: every user against every foreign subject, consumer and stream."""

from collections.abc import Iterator

import nats
import pytest
from nats.aio.client import Client

from summit_chassis import broker
from summit_chassis.broker import Outgoing
from summit_chassis.subscribers import wildcard
from summit_cli.access.rights import READABLE, reading_by
from summit_cli.services import SERVICES
from summit_contracts.catalogue import FACTS
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.fact import Stream
from summit_contracts.testing import golden_messages_of
from summit_testkit.guarded import OUTSIDERS, Guarded

MADE = ("provisioner", "operator")
EVERYBODY = (*SERVICES, *MADE, *OUTSIDERS)
_LIFE_AND_DEATH = ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "MSG.GET", "SNAPSHOT", "RESTORE")


def facts_of_others(user: str) -> list[str]:
    """A subject for each fact that the user does not own."""
    return [wildcard(fact.SUBJECT).replace("*", "x") for fact in FACTS if fact.OWNER.value != user]


def streams_managed(user: str) -> Iterator[str]:
    """Making, changing, emptying, and looking into streams."""
    for stream in Stream:
        for verb in _LIFE_AND_DEATH:
            is_own = any((fact.OWNER.value, fact.STREAM) == (user, stream) for fact in FACTS)
            if not (user == "provisioner" and verb in ("CREATE", "UPDATE")) and not (
                is_own and verb == "MSG.GET"
            ):
                yield f"$JS.API.STREAM.{verb}.{stream.value}"
        if user != "operator" or stream not in READABLE:
            yield f"$JS.API.DIRECT.GET.{stream.value}"
    yield from ("$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST", "$JS.API.STREAM.CREATE.OTHER", "$JS.API.INFO")


def consumers_managed(user: str) -> Iterator[str]:
    """Making and removing consumers, on any stream, under any name."""
    for stream in Stream:
        yield f"$JS.API.CONSUMER.NAMES.{stream.value}"
        yield f"$JS.API.CONSUMER.LIST.{stream.value}"
        if user != "provisioner":
            yield f"$JS.API.CONSUMER.CREATE.{stream.value}"
            yield f"$JS.API.CONSUMER.CREATE.{stream.value}.{user}"
            yield f"$JS.API.CONSUMER.CREATE.{stream.value}.{user}.summit.>"
            yield f"$JS.API.CONSUMER.DURABLE.CREATE.{stream.value}.{user}"
            yield f"$JS.API.CONSUMER.DELETE.{stream.value}.{user}"
            yield f"$JS.API.CONSUMER.PAUSE.{stream.value}.{user}"
            yield f"$JS.API.CONSUMER.UNPIN.{stream.value}.{user}"


def durables_of_others(guarded: Guarded, user: str) -> Iterator[str]:
    """Looking at, pulling from and acknowledging for whoever else reads."""
    for durable in guarded.durables:
        looking, asking, acknowledging = reading_by(durable)
        if durable.name != user:
            yield asking
            yield acknowledging.replace(">", "1.1.1.1.1")
            if user != "provisioner":
                yield looking


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_publishes_what_another_owns(guarded: Guarded, user: str) -> None:
    foreign = [
        *facts_of_others(user),
        *(f"dead.{service}.REGISTRATION" for service in SERVICES if service != user),
        "summit.x.nobody.x.v1.KE",
        "anything",
        "$SYS.REQ.SERVER.PING",
    ]
    async with guarded.visitor(user) as visitor:
        await visitor.is_refused(publishing=foreign)


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_but_the_provisioner_makes_or_changes_streams_and_nobody_empties_them(
    guarded: Guarded, user: str
) -> None:
    foreign = list(streams_managed(user))
    async with guarded.visitor(user) as visitor:
        await visitor.is_refused(publishing=foreign)


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_but_the_provisioner_makes_or_removes_consumers(guarded: Guarded, user: str) -> None:
    foreign = list(consumers_managed(user))
    async with guarded.visitor(user) as visitor:
        await visitor.is_refused(publishing=foreign)


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_reads_or_acknowledges_by_the_durable_of_another(guarded: Guarded, user: str) -> None:
    foreign = list(durables_of_others(guarded, user))
    async with guarded.visitor(user) as visitor:
        await visitor.is_refused(publishing=foreign)


@pytest.mark.parametrize("user", EVERYBODY)
async def test_nobody_listens_to_facts_as_they_pass_or_to_the_answers_of_others(
    guarded: Guarded, user: str
) -> None:
    foreign = [">", "summit.>", "summit-personal.>", "dead.>", "$JS.>", "$SYS.>", "_INBOX.>"]
    foreign += [f"_INBOX_{other}.>" for other in EVERYBODY if other != user]
    async with guarded.visitor(user) as visitor:
        await visitor.is_refused(subscribing=foreign)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_its_own_facts_one_by_one_and_in_batches(
    guarded: Guarded, service: str
) -> None:
    """The control: what is refused above is not refused for want of a connection."""
    own = [fact for fact in FACTS if fact.OWNER.value == service and fact.STREAM is not Stream.PERSONAL]
    if not own:
        return
    messages = [golden_messages_of(fact).full for fact in own[:2]]
    async with guarded.visitor(service) as visitor:
        stream = own[0].STREAM.value
        outgoing = [
            Outgoing(f"{service}-{n}", one.data.subject, one.to_json(), {"content-type": CONTENT_TYPE})
            for n, one in enumerate(messages)
        ]
        before = await broker.last_seq(visitor.client, stream)
        await broker.publish(visitor.client, stream, outgoing)
        assert await broker.last_seq(visitor.client, stream) == before + len(outgoing)
        assert await broker.message_id(visitor.client, stream, before + 1) == outgoing[0].event_id
        assert visitor.refusals == []


async def test_who_proves_nothing_is_not_let_in(guarded: Guarded) -> None:
    client = Client()
    with pytest.raises(nats.errors.Error, match="Authorization Violation"):
        await client.connect(guarded.server.url, allow_reconnect=False, error_cb=_nobody_listens)
    await client.close()


async def _nobody_listens(_: Exception) -> None:
    """The client raises what it also tells here."""
