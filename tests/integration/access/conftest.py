"""A NATS server with the accounts of a real deployment."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from summit_chassis.provisioner import provision
from summit_cli.access.admission import Admission
from summit_cli.access.deployment_keys import NatsKeys
from summit_cli.access.keyring import PROVISIONER
from summit_cli.connecting import connected
from summit_cli.servers.nats import NatsServer
from summit_cli.services import durables, installed
from summit_testkit.guarded import OUTSIDERS, Guarded


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Streams and durables as in any deployment, and two outsiders."""
    folder = tmp_path_factory.mktemp("guarded")
    keys = NatsKeys(folder / "keys")
    for name, facts in OUTSIDERS.items():
        keys.register.add(name, facts)
    keys.write_accounts()
    with NatsServer(folder / "nats", durable=False, accounts=keys.accounts) as server:
        guarded = Guarded(server, keys)

        async def prepare() -> None:
            async with connected(server.url, PROVISIONER, keys=keys.directory) as client:
                await provision(client, guarded.durables)

        asyncio.run(prepare())
        yield guarded


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Guarded]:
    """A deployment without any subscriber."""
    keys = NatsKeys(tmp_path / "keys")
    keys.write_accounts()
    with NatsServer(tmp_path / "nats", durable=False, accounts=keys.accounts) as server:
        yield Guarded(server, keys)


@pytest.fixture
async def gate(running: Guarded) -> Admission:
    """The gate of the running deployment."""
    server = running.server
    async with connected(server.url, PROVISIONER, keys=running.keys.directory) as client:
        await provision(client, durables(list(installed().values())))
    return Admission(running.keys, server.url, None, server.pid, server.log)
