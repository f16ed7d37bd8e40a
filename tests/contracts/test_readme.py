"""The README of the contracts: its programs run as they stand there."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import nats
import nkeys
import pytest
from nats.aio.client import Client

from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.registration import DelegationRegistered, InvitationDeclined
from summit_contracts.testing import golden_messages_of


@pytest.fixture
def programs(root: Path) -> list[str]:
    text = (root / "contracts" / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


@pytest.fixture
async def summit(fresh_nats: NatsServer) -> AsyncIterator[Client]:
    """A stream SUMMIT with the durable that an operator gives to a subscriber."""
    client = await nats.connect(fresh_nats.url)
    await client.jetstream().add_stream(name="SUMMIT", subjects=["summit.>"])
    await client.jetstream().add_consumer("SUMMIT", durable_name="statistics", ack_policy="explicit")
    yield client
    await client.close()


async def test_a_subscriber_reads_the_history_as_the_readme_says(
    summit: Client, fresh_nats: NatsServer, programs: list[str]
) -> None:
    registered = golden_messages_of(DelegationRegistered).full
    declined = golden_messages_of(InvitationDeclined).full
    headers = {"content-type": CONTENT_TYPE}
    unheard = registered.data.subject.replace("delegation_registered", "badge_printed")
    for subject, payload in [
        (declined.data.subject, declined.to_json()),
        (unheard, registered.to_json()),
        (declined.data.subject, b"no event"),
        (registered.data.subject, registered.to_json()),
    ]:
        await summit.jetstream().publish(subject, payload, headers=headers)
    surroundings = {
        "NATS_URL": fresh_nats.url,
        "NATS_SEED": nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER).decode(),
        "NATS_INBOX": "_INBOX_statistics",
        "NATS_DURABLE": "statistics",
    }
    subscriber = await asyncio.create_subprocess_exec(
        sys.executable, "-c", programs[0], env={**os.environ, **surroundings}, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert subscriber.stdout is not None
        said = [await asyncio.wait_for(subscriber.stdout.readline(), timeout=30) for _ in range(2)]
    finally:
        subscriber.kill()
        await subscriber.communicate()
    assert said[0].startswith(b"set aside for a person: $: Invalid JSON")
    assert said[1] == b"Kenya sends 2\n"


def test_the_example_for_tests_holds(programs: list[str]) -> None:
    exec(compile(programs[1], "contracts/README.md", "exec"), {})  # noqa: S102  # the very text that readers copy
