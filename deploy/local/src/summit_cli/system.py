"""The whole of Summit on one machine: servers, databases, streams and services, while this context lasts."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from summit_chassis import migrations
from summit_chassis.provisioner import provision
from summit_chassis.service import Service
from summit_cli.access.keyring import PROVISIONER
from summit_cli.clock import Clock
from summit_cli.deployment import Deployment, deployment_of
from summit_cli.machine import Machine
from summit_cli.processes import Patience, Program, ProgramOf, Supervisor, service
from summit_cli.services import durables, installed

_READY_WITHIN = 150.0  # seconds; on a crowded machine six starting at once took more than 60, and what cannot run is told sooner
_BETWEEN_LOOKS = 0.2


class System:
    """The services on a running machine: databases migrated, streams provisioned, processes kept running.

    `tell` hears what was done in one sentence each. Enter it in the main thread: the kernel ends the services with it.
    """

    def __init__(
        self,
        machine: Machine,
        clock: Clock,
        *,
        tell: Callable[[str], None],
        program: ProgramOf = service,
        patience: Patience | None = None,
    ) -> None:
        self.machine = machine
        self._program = program
        self._patience = patience
        self.clock = clock
        self.services: Mapping[str, Service[Any]] = installed()
        self._tell = tell
        self._context = contextlib.AsyncExitStack()
        self._supervisor: Supervisor | None = None

    @property
    def supervisor(self) -> Supervisor:
        """What keeps the services running."""
        if self._supervisor is None:
            raise RuntimeError("this system was not entered")
        return self._supervisor

    @property
    def deployment(self) -> Deployment:
        """What others need to know to talk to it."""
        return deployment_of(self.machine.state)

    async def __aenter__(self) -> Self:
        """Every service says that it can work.

        Raises:
            ServerFailed: one does not; it is named, with the end of its log. None is left behind.
        """
        await self._migrate()
        await self._provision()
        self._supervisor = Supervisor(
            self.programs(), self.machine.state, tell=self._tell, patience=self._patience
        )
        try:
            await self._context.enter_async_context(self._supervisor)
            await self._supervisor.ready(within=_READY_WITHIN, tell=self._tell)
        except BaseException:
            await self._context.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._context.aclose()

    async def watch(self) -> None:
        """Never returns while everything can run; what ends by itself is started again.

        Raises:
            ServerFailed: one of the servers or services cannot run any more.
        """
        watching = asyncio.create_task(self.supervisor.watch())
        try:
            while not watching.done():
                self.machine.revive()
                await asyncio.wait([watching], timeout=_BETWEEN_LOOKS)
            await watching
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _migrate(self) -> None:
        start = time.monotonic()
        # One after the other: in one process Alembic knows only one migration at a time.
        for name, one in self.services.items():
            await migrations.upgrade(self.machine.postgres.url(name), one.versions, one.metadata)
        self._tell(f"{len(self.services)} databases are migrated after {time.monotonic() - start:.1f} s")

    async def _provision(self) -> None:
        hearing = [*durables(list(self.services.values())), *self.machine.nats_keys.register.durables()]
        async with self.deployment.broker(PROVISIONER) as client:
            changes = await provision(client, hearing)
        self._tell(f"streams and durables are as they have to be ({len(changes)} made or changed)")

    def programs(self) -> list[Program]:
        """How each service is run, with the keys of this moment."""
        environments = {name: self.machine.environment(name, self.clock) for name in self.services}
        return [
            self._program(name, int(environment["SUMMIT_HTTP_PORT"]), environment)
            for name, environment in environments.items()
        ]
