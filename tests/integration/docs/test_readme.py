"""The README's subscriber runs as it stands there, against the streams as the provisioner makes them."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from summit_chassis import broker
from summit_chassis.broker import Outgoing, SummitClient
from summit_chassis.provisioner import Durable, provision
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.fact import Fact, Stream
from summit_contracts.registration import DelegationRegistered, InvitationIssued
from summit_contracts.scheduling import BilateralScheduled
from summit_contracts.testing import golden_messages_of

ROOT = Path(__file__).parents[3]
DURABLE = "statistics"


@pytest.fixture
def program() -> str:
    """The README's one program."""
    programs = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) == 1
    return str(programs[0])


@pytest.fixture
async def client(fresh_nats: NatsServer) -> AsyncIterator[SummitClient]:
    """A connection to streams as they have to be, with a durable for an outsider on SUMMIT."""
    connection = await broker.connect(fresh_nats.url, service="test")
    await provision(connection, [Durable(Stream.SUMMIT, DURABLE)])
    yield connection
    await broker.close(connection)


async def _publish(client: SummitClient, fact: type[Fact]) -> None:
    message = golden_messages_of(fact).full
    headers = {"content-type": CONTENT_TYPE}
    outgoing = Outgoing(message.id, message.data.subject, message.to_json(), headers)
    await broker.publish(client, fact.STREAM.value, [outgoing])


async def test_an_outsider_hears_the_facts_of_every_owner(
    program: str, client: SummitClient, fresh_nats: NatsServer
) -> None:
    for fact in (InvitationIssued, DelegationRegistered, BilateralScheduled):
        await _publish(client, fact)
    surroundings = {"NATS_URL": fresh_nats.url, "NATS_DURABLE": DURABLE}
    subscriber = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={**os.environ, **surroundings}, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert subscriber.stdout is not None
        said = {(await asyncio.wait_for(subscriber.stdout.readline(), timeout=30)).decode() for _ in range(2)}
    finally:
        subscriber.kill()
        await subscriber.communicate()
    registered = golden_messages_of(DelegationRegistered).full.data
    scheduled = golden_messages_of(BilateralScheduled).full.data
    assert isinstance(registered, DelegationRegistered)
    assert isinstance(scheduled, BilateralScheduled)
    place = scheduled.placement
    assert said == {
        f"{registered.invitee} sends {len(registered.members)}\n",
        f"{scheduled.requester} meets in {place.room_name} at {place.start_at:%H:%M} UTC\n",
    }
