"""Letting a system outside read the history, and no longer: account, durable, credentials, and the server told of it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from summit_chassis.provisioner import Durable, consumer, durable_fault, durable_lag
from summit_cli.access.deployment_keys import NatsKeys
from summit_cli.access.handover import Handover
from summit_cli.access.keyring import PROVISIONER
from summit_cli.access.subscribers import may_be_called
from summit_cli.connecting import connected
from summit_cli.refusals import CannotDo
from summit_cli.services import SERVICES
from summit_contracts.fact import Stream

_RELOADED_WITHIN = 10.0  # seconds
_LOOK_EVERY = 0.1  # seconds
_NO_SUBSCRIBERS = frozenset({"operator", "provisioner", "sys", "platform", "outside", "nats", *SERVICES})


@dataclass(frozen=True)
class Standing:
    """A subscriber, and how far it has come."""

    durable: Durable
    waiting: int | None
    """Facts that it has not acknowledged yet; none where nobody could be asked."""


@dataclass(frozen=True)
class Admission:
    """The gate of one deployment."""

    keys: NatsKeys
    url: str | None
    """Where its NATS answers; none while nothing runs."""
    ca_file: Path | None = None
    pid: int | None = None
    """The server's process, where it is on this machine and can be told to read its accounts anew."""
    log: Path | None = None

    async def add(self, name: str, facts: str, *, outside_url: str | None = None) -> Handover:
        """The subscriber has an account, a durable that begins with the first fact, and a file of credentials.

        Where a server runs on this machine, the subscriber can read from now on, and nobody else was disconnected.

        Raises:
            CannotDo: name or facts are none; the server does not answer, or did not take the new accounts.
        """
        durable = self.keys.register.add(name, facts, taken=_NO_SUBSCRIBERS)
        self.keys.write_accounts()
        handover = Handover(
            durable, outside_url or self.url or "nats://127.0.0.1:4222", self.keys.register, self._ca()
        )
        handover.write()
        if self.url:
            async with self._provisioner() as client:
                if await durable_fault(client, durable):
                    await client.jetstream().add_consumer(durable.stream.value, consumer(durable))
        if self.url and self.pid:
            await self._reload()
            await self._is_let_in(durable, self.url)
        return handover

    async def remove(self, name: str) -> None:
        """The subscriber is let in no more; its seed is gone and, where a server answers, its durable.

        Safe to repeat: after an interruption, or for the durable of one that was removed while nothing ran.

        Raises:
            CannotDo: there is neither such a subscriber nor its durable, or the server does not answer.
        """
        was_there = await self._take_durable(name)
        if was_there and not self.keys.register.knows(name):
            return
        self.keys.register.remove(name)
        self.keys.write_accounts()
        await self._reload()

    async def _take_durable(self, name: str) -> bool:
        """Whether there was a durable of that name, which is gone now."""
        if not self.url or not may_be_called(name, taken=_NO_SUBSCRIBERS):
            return False
        async with self._provisioner() as client:
            try:
                return await client.jetstream().delete_consumer(Stream.SUMMIT.value, name)
            except NotFoundError:
                return False

    async def standings(self) -> list[Standing]:
        """Every subscriber, by name, and how many facts wait for it."""
        durables = self.keys.register.durables()
        if not self.url:
            return [Standing(one, None) for one in durables]
        async with self._provisioner() as client:
            return [Standing(one, await durable_lag(client, one)) for one in durables]

    @asynccontextmanager
    async def _provisioner(self) -> AsyncIterator[Client]:
        async with connected(
            self.url or "", PROVISIONER, keys=self.keys.directory, ca_file=self.ca_file
        ) as client:
            yield client

    def _ca(self) -> Path | None:
        own = self.keys.tls / "ca.pem"
        return self.ca_file or (own if own.exists() else None)

    async def _reload(self) -> None:
        """The server has read its accounts anew, as its log says. What it is asked in the middle of that may stay unanswered."""
        if self.pid is None:
            return
        before = self._readings()
        try:
            os.kill(self.pid, signal.SIGHUP)
        except ProcessLookupError:  # it ends just now: the next start reads them
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_RELOADED_WITHIN):
                while True:
                    if self.log is None or self._readings() > before:
                        return
                    await asyncio.sleep(_LOOK_EVERY)

    def _readings(self) -> int:
        """How often the server has read its file anew, or tried to."""
        said = self.log.read_text(encoding="utf-8", errors="replace") if self.log else ""
        return said.count("Reloaded server configuration") + said.count("Failed to reload")

    async def _is_let_in(self, durable: Durable, url: str) -> None:
        """The subscriber was seen to look at its durable through its own account.

        nats-server 2.15 serves the imports of an account that is new to it from the second reload on.
        """
        seed = self.keys.register.keyring.file(durable.name)
        fault: Exception | None = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_RELOADED_WITHIN):
                while True:
                    try:
                        async with connected(url, durable.name, keys=seed, ca_file=self.ca_file) as client:
                            await client.jetstream(timeout=2).consumer_info(Stream.SUMMIT.value, durable.name)
                    except Exception as problem:  # noqa: BLE001  whatever it is, the server does not serve it yet
                        fault = problem
                        await asyncio.sleep(_LOOK_EVERY)
                        await self._reload()
                    else:
                        return
        raise CannotDo(
            f"{durable.name} is written down, but the server does not let it in after {_RELOADED_WITHIN:g} s: {fault}",
            remedy=f"Its log says why: {self.log}." if self.log else "Its log says why.",
        )
