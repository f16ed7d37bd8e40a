"""A NATS server with the accounts of a real deployment, and whoever wants to try something on it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summit_chassis import broker
from summit_chassis.provisioner import Durable
from summit_cli.access.deployment_keys import NatsKeys
from summit_cli.servers.nats import NatsServer
from summit_cli.services import durables, installed
from summit_contracts.envelope import CONTENT_TYPE, Envelope
from summit_contracts.fact import Fact
from summit_contracts.testing import golden_messages_of
from summit_testkit.eventually import eventually

_BATCH = 500
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

    async def tell(self, fact: type[Fact]) -> str:
        """Its owner publishes the full example of a fact; its type comes back."""
        message = golden_messages_of(fact).full
        await self.publish([message])
        return message.type

    async def publish(self, events: Sequence[Envelope[Any]], *, again: str = "") -> None:
        """Their owner publishes these facts of one stream; with `again` even those that the stream has already.

        As any owner does, it publishes the same once more where no answer came: a server that reads its accounts anew may
        leave one out.
        """
        owner, stream = events[0].data.OWNER.value, events[0].data.STREAM.value
        headers = {"content-type": CONTENT_TYPE}
        outgoing = [
            broker.Outgoing(f"{again}{one.id}", one.data.subject, one.to_json(), headers) for one in events
        ]
        async with self.visitor(owner) as visitor:
            for start in range(0, len(outgoing), _BATCH):
                await _published(visitor.client, stream, outgoing[start : start + _BATCH])


async def _published(client: broker.SummitClient, stream: str, messages: Sequence[broker.Outgoing]) -> None:
    try:
        await broker.publish(client, stream, messages)
    except TimeoutError:
        await broker.publish(client, stream, messages)


def told_by(credentials: Path) -> dict[str, str]:
    """What a file of credentials puts into the environment of a subscriber's program."""
    lines = credentials.read_text(encoding="ascii").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))
