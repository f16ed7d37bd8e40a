"""The README's subscriber runs as it stands there, with nothing but the file that the operator hands over."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from summit_cli.access.admission import Admission
from summit_contracts.registration import DelegationRegistered, InvitationIssued
from summit_contracts.scheduling import BilateralScheduled
from summit_contracts.testing import golden_messages_of
from summit_testkit.guarded import Guarded, told_by
from summit_testkit.programs import running_program

pytestmark = pytest.mark.xdist_group("subscribers")

ROOT = Path(__file__).parents[3]
REGISTERED = golden_messages_of(DelegationRegistered).full.data
SCHEDULED = golden_messages_of(BilateralScheduled).full.data


def subscriber_of(document: str) -> str:
    """The first program of a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return str(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0])


async def said_by(running: Guarded, gate: Admission, program: str, lines: int) -> set[str]:
    """What a subscriber that was let in printed about three facts of two owners."""
    handover = await gate.add("statistics", "summit.>")
    for fact in (InvitationIssued, DelegationRegistered, BilateralScheduled):
        await running.tell(fact)
    async with running_program(sys.executable, "-c", program, told=told_by(handover.file)) as subscriber:
        assert subscriber.stdout is not None
        return {
            (await asyncio.wait_for(subscriber.stdout.readline(), timeout=60)).decode() for _ in range(lines)
        }


async def test_an_outsider_hears_the_facts_of_every_owner(running: Guarded, gate: Admission) -> None:
    assert isinstance(REGISTERED, DelegationRegistered)
    assert isinstance(SCHEDULED, BilateralScheduled)
    place = SCHEDULED.placement
    assert await said_by(running, gate, subscriber_of("README.md"), 2) == {
        f"{REGISTERED.invitee} sends {len(REGISTERED.members)}\n",
        f"{SCHEDULED.requester} meets in {place.room_name} at {place.start_at:%H:%M} UTC\n",
    }


async def test_the_subscriber_of_the_contracts_is_let_in_as_well(running: Guarded, gate: Admission) -> None:
    assert isinstance(REGISTERED, DelegationRegistered)
    said = await said_by(running, gate, subscriber_of("contracts/README.md"), 1)
    assert said == {f"Kenya sends {len(REGISTERED.members)}\n"}
