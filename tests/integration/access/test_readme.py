"""The README's subscriber runs as it stands there, with nothing but the file that the operator hands over."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from summit_cli.access.admission import Admission
from summit_cli.access.handover import EXAMPLE
from summit_contracts.catalogue import parse
from summit_contracts.envelope import CONTENT_TYPE, NotAnEvent
from summit_contracts.registration import DelegationRegistered, InvitationIssued
from summit_contracts.scheduling import BilateralScheduled
from summit_contracts.testing import golden_messages_of
from summit_testkit.guarded import Guarded, told_by
from summit_testkit.programs import running_program

pytestmark = pytest.mark.xdist_group("subscribers")

ROOT = Path(__file__).parents[3]
REGISTERED = golden_messages_of(DelegationRegistered).full.data
SCHEDULED = golden_messages_of(BilateralScheduled).full.data
NEWER = REGISTERED.subject.replace("registered", "welcomed")
NO_FACT = b"no fact"


def subscriber_of(document: str) -> str:
    """The first program of a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return str(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0])


async def said_by(running: Guarded, gate: Admission, program: str, lines: int) -> set[str]:
    """What a subscriber that was let in printed about three facts of two owners, which came after what it cannot read."""
    handover = await gate.add("statistics", "summit.>")
    await say_what_this_version_cannot_read(running)
    for fact in (InvitationIssued, DelegationRegistered, BilateralScheduled):
        await running.tell(fact)
    async with running_program(sys.executable, "-c", program, told=told_by(handover.file)) as subscriber:
        assert subscriber.stdout is not None
        return {
            (await asyncio.wait_for(subscriber.stdout.readline(), timeout=60)).decode() for _ in range(lines)
        }


async def say_what_this_version_cannot_read(running: Guarded) -> None:
    """A fact of a kind that came later, and something that is no fact, stand before everything else of their owner."""
    newer = golden_messages_of(DelegationRegistered).full.to_json().replace(b"registered", b"welcomed")
    async with running.visitor("registration") as owner:
        for payload in (newer, NO_FACT):
            await owner.client.jetstream().publish(NEWER, payload, headers={"content-type": CONTENT_TYPE})


def refused() -> str:
    """What a subscriber says of what is no fact."""
    with pytest.raises(NotAnEvent) as refusal:
        parse(NEWER, NO_FACT)
    return f"set aside for a person: {refusal.value.reason}\n"


async def test_an_outsider_hears_the_facts_of_every_owner(running: Guarded, gate: Admission) -> None:
    assert isinstance(REGISTERED, DelegationRegistered)
    assert isinstance(SCHEDULED, BilateralScheduled)
    place = SCHEDULED.placement
    assert await said_by(running, gate, subscriber_of("README.md"), 3) == {
        refused(),
        f"{REGISTERED.invitee} sends {len(REGISTERED.members)}\n",
        f"{SCHEDULED.requester} meets in {place.room_name} at {place.start_at:%H:%M} UTC\n",
    }


async def test_the_subscriber_of_the_contracts_is_let_in_as_well(running: Guarded, gate: Admission) -> None:
    assert isinstance(REGISTERED, DelegationRegistered)
    said = await said_by(running, gate, subscriber_of("contracts/README.md"), 2)
    assert said == {refused(), f"Kenya sends {len(REGISTERED.members)}\n"}


async def test_the_printed_example_goes_on_after_what_it_cannot_read(
    running: Guarded, gate: Admission
) -> None:
    said = await said_by(running, gate, EXAMPLE, 5)
    assert refused() in said
    assert {line.split()[0] for line in said - {refused()}} == {
        REGISTERED.TYPE.replace("registered", "welcomed"),
        *(fact.TYPE for fact in (InvitationIssued, DelegationRegistered, BilateralScheduled)),
    }
