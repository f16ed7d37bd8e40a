"""A NATS server with the accounts of a real deployment, and whoever wants to try something on it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from summit_chassis import broker
from summit_chassis.provisioner import Durable
from summit_cli.access.deployment_keys import NatsKeys
from summit_cli.servers.nats import NatsServer
from summit_cli.services import durables, installed
from summit_testkit.eventually import eventually

OUTSIDERS = {"statistics": "summit.>", "web": "summit.*.pledges.>"}


@dataclass
class Visitor:
    """Somebody with a key, and what was refused."""

    client: broker.SummitClient
    refusals: list[str]

    async def is_refused(self, publishing: Sequence[str] = (), subscribing: Sequence[str] = ()) -> None:
        """Every one of these was tried, and the server refused every one."""
        self.refusals.clear()
        for subject in publishing:
            await self.client.publish(subject, b"{}")
        for subject in subscribing:
            await self.client.subscribe(subject)

        def all_are() -> None:
            said = "\n".join(self.refusals)
            assert not [one for one in (*publishing, *subscribing) if f'"{one.lower()}"' not in said]

        await eventually(all_are)


@dataclass(frozen=True)
class Guarded:
    """A server where everybody has a key of their own."""

    server: NatsServer
    keys: NatsKeys

    @property
    def durables(self) -> list[Durable]:
        """What the services and the outsiders read by."""
        return [*durables(list(installed().values())), *self.keys.register.durables()]

    def seed(self, user: str) -> Path:
        """The file with the key of a user or outsider."""
        keyring = self.keys.register.keyring if user in OUTSIDERS else self.keys.keyring
        return keyring.file(user)

    @asynccontextmanager
    async def visitor(self, user: str) -> AsyncIterator[Visitor]:
        """The user, connected."""
        refusals: list[str] = []

        async def note(error: Exception) -> None:
            refusals.append(str(error).lower())

        client = broker.SummitClient()
        await client.connect(
            servers=[self.server.url],
            inbox_prefix=f"_INBOX_{user}".encode(),
            error_cb=note,
            **broker.credentials(self.server.url, self.seed(user), None),
        )
        try:
            yield Visitor(client, refusals)
        finally:
            await client.close()
