"""A system outside is let in while everything runs, reads what it may, and does no harm."""

import asyncio
import json
import re
import stat
import sys
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import nats
import pytest
from nats.aio.client import Client

from summit_chassis import broker
from summit_chassis.provisioner import TURNS
from summit_cli.access.admission import Admission
from summit_cli.access.handover import EXAMPLE, Handover
from summit_cli.access.keyring import PROVISIONER
from summit_cli.connecting import connected
from summit_cli.refusals import CannotDo
from summit_cli.services import SERVICES
from summit_contracts.fact import Stream
from summit_contracts.pledges import PledgeMade
from summit_contracts.registration import ContactsNamed, DelegationRegistered
from summit_testkit.eventually import eventually
from summit_testkit.guarded import Guarded, told_by
from summit_testkit.programs import running_program

pytestmark = pytest.mark.xdist_group("subscribers")


async def test_the_printed_example_reads_what_was_asked_for_and_acknowledges_it(
    running: Guarded, gate: Admission
) -> None:
    before = await running.tell(PledgeMade)
    handover = await gate.add("statistics", "summit.*.pledges.>")
    await running.tell(DelegationRegistered)
    assert EXAMPLE in handover.words()

    async def nothing_waits() -> None:
        assert [one.waiting for one in await gate.standings()] == [0]

    async with running_program(sys.executable, "-c", EXAMPLE, told=told_by(handover.file)) as program:
        assert program.stdout is not None
        said = await asyncio.wait_for(program.stdout.readline(), timeout=60)
        assert said.decode().startswith(before)
        await eventually(nothing_waits)


async def test_credentials_are_for_nobody_else_to_read(gate: Admission) -> None:
    handover = await gate.add("statistics", "summit.>")
    assert stat.S_IMODE(handover.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(handover.file.parent.stat().st_mode) == 0o700
    assert re.fullmatch(r"SU[A-Z0-9]{56}", told_by(handover.file)["NATS_SEED"])


async def test_letting_somebody_in_or_out_disturbs_nobody_else(running: Guarded, gate: Admission) -> None:
    lost: list[str] = []

    async def note() -> None:
        lost.append("a connection")

    handover = await gate.add("statistics", "summit.>")
    async with AsyncExitStack() as stack:
        clients = [(await stack.enter_async_context(running.visitor(service))).client for service in SERVICES]
        reader = await stack.enter_async_context(outside(running, handover))
        for client in (*clients, reader):
            client._disconnected_cb = note
        history = await reader.jetstream().pull_subscribe_bind("statistics", "SUMMIT")
        await gate.add("web", "summit.*.pledges.>")
        await running.tell(PledgeMade)
        (heard,) = await history.fetch(1, timeout=30)
        await heard.ack_sync()
        await gate.remove("web")
        said = running.server.log.read_text(encoding="utf-8")
        assert said.count('Trapped "hangup"') == said.count("Reloaded server configuration")
        await running.tell(DelegationRegistered)
        (heard,) = await history.fetch(1, timeout=30)
        assert lost == []


async def test_who_is_removed_is_cut_off_and_not_let_in_again(running: Guarded, gate: Admission) -> None:
    handover = await gate.add("statistics", "summit.>")
    told = told_by(handover.file)
    gone = asyncio.Event()

    async def note() -> None:
        gone.set()

    seed = told["NATS_SEED"]
    client, again = Client(), Client()
    await client.connect(
        running.server.url, nkeys_seed_str=seed, allow_reconnect=False, error_cb=_silent, disconnected_cb=note
    )
    try:
        await gate.remove("statistics")
        await asyncio.wait_for(gone.wait(), timeout=60)
        with pytest.raises(nats.errors.Error, match="Authorization Violation"):
            await again.connect(
                running.server.url, nkeys_seed_str=seed, allow_reconnect=False, error_cb=_silent
            )
    finally:
        await client.close()
        await again.close()
    assert not handover.file.exists()
    async with running.visitor(PROVISIONER) as visitor:
        with pytest.raises(nats.js.errors.NotFoundError):
            await visitor.client.jetstream().consumer_info("SUMMIT", "statistics")


async def test_who_hears_everything_hears_nothing_personal(running: Guarded, gate: Admission) -> None:
    await running.tell(ContactsNamed)
    public = await running.tell(PledgeMade)
    handover = await gate.add("statistics", "summit.>")
    async with outside(running, handover) as client:
        history = await client.jetstream().pull_subscribe_bind("statistics", "SUMMIT")
        (heard,) = await history.fetch(1, timeout=30)
        with pytest.raises(nats.errors.TimeoutError):
            await history.fetch(9, timeout=2)
    assert public in heard.data.decode()
    async with running.visitor("operator") as operator:
        assert await broker.last_seq(operator.client, Stream.PERSONAL.value) == 1


@pytest.mark.parametrize(
    "facts", ["summit-personal.>", ">", "summit", "$JS.>", "dead.>", "summit.>.x", "summit.x y.>"]
)
async def test_nobody_is_let_in_for_what_is_not_public(gate: Admission, facts: str) -> None:
    with pytest.raises(CannotDo, match="names no public facts"):
        await gate.add("statistics", facts)


@pytest.mark.parametrize(
    "name", ["registration", "operator", "sys", "Statistics", "a", "a.b", "a b", "x" * 40]
)
async def test_nobody_is_let_in_under_the_name_of_another(gate: Admission, name: str) -> None:
    with pytest.raises(CannotDo, match="cannot be called"):
        await gate.add(name, "summit.>")


async def test_a_subscriber_keeps_its_place_until_it_is_removed_on_purpose(gate: Admission) -> None:
    first = await gate.add("statistics", "summit.>")
    seed = told_by(first.file)["NATS_SEED"]
    with pytest.raises(CannotDo, match="`summit subscriber remove statistics` first"):
        await gate.add("statistics", "summit.*.pledges.>")
    again = await gate.add("statistics", "summit.>")
    assert told_by(again.file)["NATS_SEED"] == seed
    with pytest.raises(CannotDo, match="There is no subscriber 'web'"):
        await gate.remove("web")


async def test_the_durable_of_one_that_was_removed_while_nothing_ran_goes_when_it_is_said_again(
    running: Guarded, gate: Admission
) -> None:
    await gate.add("statistics", "summit.>")
    await Admission(running.keys, None).remove("statistics")
    async with running.visitor(PROVISIONER) as visitor:
        jetstream = visitor.client.jetstream()
        assert (await jetstream.consumer_info("SUMMIT", "statistics")).name == "statistics"
        await gate.remove("statistics")
        with pytest.raises(nats.js.errors.NotFoundError):
            await jetstream.consumer_info("SUMMIT", "statistics")
    with pytest.raises(CannotDo, match="There is no subscriber 'statistics'"):
        await gate.remove("statistics")


async def test_no_durable_of_another_is_taken_away(running: Guarded, gate: Admission) -> None:
    async with running.visitor(PROVISIONER) as visitor:
        await visitor.client.jetstream().add_consumer(
            "SUMMIT", durable_name="webhooks", ack_policy="explicit"
        )
        for name in ("webhooks", "a.b"):
            with pytest.raises(CannotDo, match=f"There is no subscriber '{name}'"):
                await gate.remove(name)
        assert await visitor.client.jetstream().consumer_info("SUMMIT", "webhooks")


async def test_a_reply_subject_brings_nothing_into_a_stream_through_the_boundary(
    running: Guarded, gate: Admission
) -> None:
    """Replies are not held against the rights of who asks for them (nats-server 8274): accounts are what holds.

    The control is a user inside the platform's account, whose same request does put junk into a stream.
    """
    await running.tell(PledgeMade)
    handover = await gate.add("statistics", "summit.>")
    forged = PledgeMade.SUBJECT.replace("{edition_id}", "x").replace("{pledge_id}", "forged")
    forged = re.sub(r"\{[a-z_]+\}", "x", forged)
    async with outside(running, handover) as client:
        await ask_with_reply(client, "SUMMIT", "statistics", forged)
        assert await settled(running, Stream.PLEDGES) == 1
    async with running.visitor("notifications") as inside:
        await ask_with_reply(inside.client, "PLEDGES", "notifications", forged)

        async def junk_is_stored() -> None:
            assert await settled(running, Stream.PLEDGES) > 1

        await eventually(junk_is_stored)


async def ask_with_reply(client: Client, stream: str, durable: str, reply: str) -> None:
    """The server was asked to deliver to a subject that the asking user may not publish to."""
    turns = {} if stream == Stream.SUMMIT.value else {"group": TURNS}
    asked = json.dumps({"batch": 5, "expires": 300_000_000, **turns}).encode()  # nanoseconds
    await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", asked, reply=reply)
    await client.flush()


async def settled(running: Guarded, stream: Stream) -> int:
    """How many messages the stream holds once the server has answered everybody."""
    async with running.visitor("operator") as operator:
        await operator.client.flush()
        return await broker.last_seq(operator.client, stream.value)


def outside(running: Guarded, handover: Handover) -> AbstractAsyncContextManager[Client]:
    """The subscriber, connected with its seed."""
    name = handover.durable.name
    return connected(running.server.url, name, keys=handover.register.keyring.file(name))


async def _silent(_: Exception) -> None:
    """The client raises, or tells of its end, what it also tells here."""
