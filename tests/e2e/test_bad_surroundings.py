"""Messages nobody should publish, mail servers that misbehave, processes that die: named, got over, and nothing lost."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from nats.js.api import DiscardPolicy

from summit_chassis.provisioner import provision
from summit_cli.access.keyring import PROVISIONER
from summit_cli.clock import Clock
from summit_cli.machine import Machine
from summit_cli.processes import Program
from summit_cli.servers.mailbox import Behaviour
from summit_cli.services import SERVICES, durables
from summit_cli.system import System
from summit_contracts.catalogue import seal
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.fact import Fact, Stream
from summit_contracts.notifications import LetterEnding, LetterFailed, LetterSent
from summit_contracts.registration import (
    DelegationRegistered,
    DelegationState,
    DelegationWithdrawn,
    MemberSummary,
)
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_testkit.contained import Runner
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, form
from summit_testkit.scenarios.outsider import edition_id_for
from summit_testkit.together import machine_at

HEARING = ("scheduling", "notifications")
"""Who hears the stream of registration and acts on it."""

A_LEASE_AND_A_WAIT_SECONDS = 180
"""So long an attempt under way when all died may keep its letter: the lease of two minutes, and time to come back."""


@pytest.fixture(scope="module")
def rough_machine(server_directory: Path, spring: Clock) -> Iterator[Machine]:
    """Servers of this file's own: they are killed, and dead letters stay in their databases."""
    with machine_at(server_directory / "rough", spring) as machine:
        yield machine


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rough(rough_machine: Machine, spring: Clock, runner: Runner) -> AsyncIterator[System]:
    """Every service, on servers of this file's own; a letter that could not leave is tried again soon."""

    def program(name: str, port: int, told: Mapping[str, str]) -> Program:
        return runner.program(name, port, {**told, "SUMMIT_RETRY_AFTER": "PT2S"})

    async with System(rough_machine, spring, tell=lambda _: None, program=program) as system:
        yield system


@pytest.fixture
def outsider(rough: System, rough_machine: Machine, request: pytest.FixtureRequest) -> Iterator[Outsider]:
    """Somebody outside with a summit of this test's own; the mailbox is well-behaved before and after."""
    rough_machine.mailbox.behave(Behaviour.ACCEPT)
    yield Outsider(rough.deployment, rough_machine.mailbox, edition_id_for(request.node.name))
    rough_machine.mailbox.behave(Behaviour.ACCEPT)


FOREIGN = {
    "no JSON": b"hello",
    "no text": b"\x00\xff\xfe",
    "another system's event": json.dumps(
        {"specversion": "1.0", "id": "1", "source": "/elsewhere", "type": "stock.changed", "data": {}}
    ).encode(),
    "a megabyte of nothing": b" " * 1_000_000,
}


@pytest.mark.parametrize("payload", FOREIGN.values(), ids=FOREIGN.keys())
async def test_a_foreign_message_is_set_aside_and_the_rest_goes_on(
    outsider: Outsider, payload: bytes
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    subject = registered(outsider, "KE").subject
    await published(outsider, subject, payload)
    for service in HEARING:

        async def set_aside(service: str = service) -> dict[str, Any]:
            found = [one for one in await outsider.dead_letters(service) if one["subject"] == subject]
            assert [one["state"] for one in found] == ["dead"]
            return found[0]

        letter = await eventually(set_aside)
        assert letter["reason"]
    await outsider.register("KE", form("KE"))
    await outsider.letter("KE", "delegation_registered")
    await outsider.fact(DelegationRegistered)
    assert len(await outsider.facts(DelegationRegistered)) == 1


async def test_an_event_of_a_newer_minor_version_is_read_and_one_of_a_new_kind_passed_over(
    outsider: Outsider,
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["FR"]))
    await outsider.letter("FR", "invitation")
    fact = registered(outsider, "FR")
    newer = as_json(fact, version=1) | {"honoursextension": "gold"}
    newer["data"]["honours"] = [{"of": "fr-1", "title": "Excellency"}]
    await published(outsider, fact.subject, json.dumps(newer).encode())
    await outsider.letter("FR", "delegation_registered")

    unheard_of = as_json(fact, version=2)
    unheard_of["type"] = fact.TYPE.replace("registered", "applauded")
    await published(
        outsider, fact.subject.replace("registered", "applauded"), json.dumps(unheard_of).encode()
    )
    withdrawn = DelegationWithdrawn(edition_id=outsider.edition_id, invitee="FR")
    await published(outsider, withdrawn.subject, json.dumps(as_json(withdrawn, version=3)).encode())
    await outsider.letter("FR", "delegation_withdrawn")
    for service in HEARING:
        assert [
            one
            for one in await outsider.dead_letters(service)
            if f".{outsider.edition_id}." in one["subject"]
        ] == []


async def test_an_address_that_is_refused_is_told_to_the_world_and_can_be_tried_again(
    outsider: Outsider,
) -> None:
    mailbox = outsider.mailbox
    mailbox.behave(Behaviour.REFUSE, towards=outsider.focal("KE"))
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "RW"]))
    await outsider.letter("RW", "invitation")
    failed = await outsider.fact(LetterFailed)
    assert (failed.data.invitee, failed.data.ending) == ("KE", LetterEnding.REFUSED)
    assert failed.data.reply_code == 550
    assert outsider.letters_to("KE") == []

    mailbox.behave(Behaviour.ACCEPT)
    path = f"{outsider.path}/letters/{failed.data.letter_id}"
    again = await outsider.ask("notifications", "POST", f"{path}/resend")
    # What opened a door was forgotten with the letter: a new invitation is issued instead of the old one sent again.
    assert (again.status_code, len(outsider.letters_to("KE"))) == (409, 0), again.text
    renewed = {
        "addressees": [
            {
                "invitee": "KE",
                "focal": {"nominator": {"name": "Focal point", "email": outsider.focal("KE")}},
            }
        ],
        "is_renewal": True,
    }
    await outsider.done("registration", "POST", f"{outsider.path}/invitations", json=renewed)
    await outsider.letter("KE", "invitation")


async def test_letters_wait_for_a_mail_server_that_is_away(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await outsider.sent("KE", "invitation")
    outsider.mailbox.stop()
    try:
        await outsider.register("KE", form("KE"))

        async def is_waiting() -> None:
            counts = await outsider.done("notifications", "GET", f"{outsider.path}/counts")
            assert counts["by_state"].get("retrying") == 1

        await eventually(is_waiting)
    finally:
        outsider.mailbox.start()
    await outsider.letter("KE", "delegation_registered", within=60)
    assert len(outsider.letters_to("KE")) == 2
    assert await outsider.facts(LetterFailed) == []


async def test_a_mail_server_that_hangs_holds_up_nobody_elses_letters(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "RW", "FR"]))
    for code in ("KE", "RW", "FR"):
        await outsider.sent(code, "invitation")
    outsider.mailbox.behave(Behaviour.HANG, towards=outsider.focal("KE"), times=1)
    await outsider.register("KE", form("KE"))
    await outsider.register("RW", form("RW"))
    await outsider.sent("RW", "delegation_registered")
    await outsider.register("FR", form("FR"))
    await outsider.sent("FR", "delegation_registered")

    outsider.mailbox.restart()
    failed = await outsider.fact(LetterFailed)
    assert (failed.data.invitee, failed.data.ending) == ("KE", LetterEnding.UNCERTAIN)


async def test_a_mail_whose_acceptance_was_never_heard_is_not_sent_twice(outsider: Outsider) -> None:
    outsider.mailbox.behave(Behaviour.STORE_THEN_DROP, towards=outsider.focal("KE"), times=1)
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    failed = await outsider.fact(LetterFailed)
    assert failed.data.ending is LetterEnding.UNCERTAIN
    settled = f"{outsider.path}/letters/{failed.data.letter_id}/found-delivered"
    await outsider.done("notifications", "POST", settled)
    assert (await outsider.fact(LetterSent)).data.letter_id == failed.data.letter_id
    assert len(outsider.letters_to("KE")) == 1


async def test_killed_services_come_back_and_go_on_where_they_were(
    outsider: Outsider, rough: System, runner: Runner
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await outsider.sent("KE", "invitation")
    await outsider.register("KE", form("KE"))
    for kept in rough.supervisor.kept.values():
        runner.kill(kept)
    await outsider.letter("KE", "delegation_registered", within=A_LEASE_AND_A_WAIT_SECONDS)
    await rough.supervisor.ready(within=60)
    assert len(outsider.letters_to("KE")) == 2
    await outsider.fact(DelegationRegistered)
    assert len(await outsider.facts(DelegationRegistered)) == 1


async def test_killed_servers_are_revived_and_found_again_by_all(
    outsider: Outsider, rough: System, rough_machine: Machine
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await outsider.sent("KE", "invitation")
    await outsider.register("KE", form("KE"))
    rough_machine.nats.kill()
    rough_machine.postgres.kill()
    rough_machine.revive()
    await outsider.letter("KE", "delegation_registered", within=A_LEASE_AND_A_WAIT_SECONDS)

    async def all_can_work() -> None:
        for service in rough.services:
            answer = await outsider.ask(service, "GET", "/health/ready", token="")
            assert answer.status_code == 200, f"{service}: {answer.text}"

    await eventually(all_can_work, within=40)
    assert len(outsider.letters_to("KE")) == 2


CONCERNED = {
    Stream.REGISTRATION: {"registration"},
    Stream.PERSONAL: {"registration"},
    Stream.SCHEDULING: {"scheduling"},
    Stream.PLEDGES: {"pledges"},
    Stream.NOTIFICATIONS: {"notifications"},
    Stream.SUMMIT: {"webhooks"},
    Stream.DEAD: set(SERVICES),
}
"""Whose business it is to notice that a stream is not as it has to be."""


@pytest.mark.parametrize("stream", Stream)
async def test_a_stream_changed_by_hand_is_named_by_whom_it_concerns_until_it_is_made_right(
    outsider: Outsider, rough: System, stream: Stream
) -> None:
    async def told() -> dict[str, str]:
        answers = {
            name: await outsider.ask(name, "GET", "/health/ready", token="") for name in rough.services
        }
        found = {
            name: answer.json()["checks"].get(f"stream {stream}", "ok") for name, answer in answers.items()
        }
        return {name: fault for name, fault in found.items() if fault != "ok"}

    async def all_is_well() -> None:
        assert await told() == {}

    await eventually(all_is_well, within=40)
    async with outsider.deployment.broker(PROVISIONER) as client:
        jetstream = client.jetstream()
        found = (await jetstream.stream_info(stream.value)).config
        await jetstream.update_stream(found.evolve(discard=DiscardPolicy.OLD))
        fault = (
            f"stream {stream} was changed by hand: discard is old and has to be new; run `summit provision`"
        )

        async def is_named() -> None:
            assert await told() == dict.fromkeys(CONCERNED[stream], fault)

        await eventually(is_named)
        hearing = durables(list(rough.services.values()))
        assert await provision(client, hearing) == [f"stream {stream}: discard was old, is new"]
    await eventually(all_is_well, within=40)


def registered(outsider: Outsider, code: str) -> DelegationRegistered:
    """The fact that an invitee's delegation was registered."""
    head = MemberSummary(member_id=f"{code.lower()}-1", function=Function.HEAD, rank=Rank.MINISTER)
    return DelegationRegistered(
        edition_id=outsider.edition_id,
        invitee=code,
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.NOMINATED,
        language=Language.FRENCH,
        members=(head,),
    )


def as_json(fact: Fact, *, version: int) -> dict[str, Any]:
    """The fact in its envelope, as a publisher writes it."""
    envelope = seal(
        fact, id=f"{fact.edition_id}-{version}", at=datetime(2022, 6, 1, tzinfo=UTC), version=version
    )
    written: dict[str, Any] = json.loads(envelope.to_json())
    return written


async def published(outsider: Outsider, subject: str, payload: bytes) -> None:
    """Somebody with the key of the stream's owner has published that."""
    async with outsider.deployment.broker(subject.split(".")[2]) as client:
        await client.jetstream().publish(subject, payload, headers={"content-type": CONTENT_TYPE})
