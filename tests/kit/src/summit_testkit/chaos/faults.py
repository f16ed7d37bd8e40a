"""What can go wrong around services, each as something that is done, lasts a while, and is over."""

import asyncio
import shutil
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from summit_chassis.provisioner import Storage, provision
from summit_cli.access.configuration import PLATFORM
from summit_cli.access.keyring import PROVISIONER
from summit_cli.clock import Clock
from summit_cli.deployment import Deployment
from summit_cli.processes import Kept
from summit_cli.services import durables
from summit_cli.system import System
from summit_contracts.fact import Stream
from summit_testkit.chaos.wire import Wire
from summit_testkit.disk import Disk
from summit_testkit.eventually import eventually
from summit_testkit.older_copy import OlderCopy

POISON = b'{"poison": true}'
_ONLY_HEARING = ("notifications", "portal", "webhooks")
"""Services whose doors the load does not use: with another clock they would not believe its tokens."""
_ENDS_WITHIN = 30.0
_WRITTEN = (Stream.REGISTRATION, Stream.SCHEDULING, Stream.PLEDGES, Stream.NOTIFICATIONS)


@dataclass
class Surroundings:
    """All that can be disturbed, and the chance that decides how."""

    system: System
    deployment: Deployment
    nats: Wire
    postgres: Wire
    chance: Random
    directory: Path
    disks: Mapping[str, Disk | None]
    """The file systems of NATS and PostgreSQL, by name; none where nobody may mount one."""
    poison_fed: int = 0
    hours_of_the_post: int = 0
    """How far its clock is ahead."""

    @property
    def possible(self) -> list[str]:
        """Every kind of fault that this machine allows."""
        return [kind for kind in FAULTS if "disk" not in kind or all(self.disks.values())]

    async def strike(self, kind: str) -> None:
        """That fault happened, and is over."""
        await FAULTS[kind](self)

    @property
    def _store(self) -> Path:
        return self.system.machine.nats.log.parent / "jetstream"

    def _anybody(self) -> Kept:
        return self.system.supervisor.kept[self.chance.choice(list(self.system.services))]

    async def _lasting(self, shortest: float, longest: float) -> None:
        await asyncio.sleep(self.chance.uniform(shortest, longest))

    async def kill_a_service(self) -> None:
        """Its supervisor starts it again."""
        await self.end(self._anybody(), signal.SIGKILL)

    async def restart_a_service(self) -> None:
        """As in an upgrade."""
        await self.end(self._anybody(), signal.SIGTERM)

    async def stop_and_continue_a_service(self) -> None:
        """It sleeps past its leases, then goes on as if nothing had been."""
        one = self._anybody()
        self._send(one, signal.SIGSTOP)
        await self._lasting(1, 8)
        self._send(one, signal.SIGCONT)

    async def kill_nats(self) -> None:
        """It has died and runs again."""
        self.system.machine.nats.kill()
        await self._lasting(0, 3)
        await asyncio.to_thread(self.system.machine.nats.restart)

    async def restart_nats(self) -> None:
        """In good order."""
        await asyncio.to_thread(self.system.machine.nats.restart)

    async def stop_and_continue_nats(self) -> None:
        """It neither reads nor answers for a while."""
        self.system.machine.nats.pause()
        await self._lasting(1, 7)
        self.system.machine.nats.resume()

    async def kill_postgres(self) -> None:
        """It has died with all its sessions and recovers from its log."""
        await asyncio.to_thread(self.system.machine.postgres.kill)
        await self._lasting(0, 2)
        await asyncio.to_thread(self.system.machine.postgres.restart)

    async def restart_postgres(self) -> None:
        """In good order; its sessions are ended."""
        await asyncio.to_thread(self.system.machine.postgres.restart)

    async def cut_the_wire_to_nats(self) -> None:
        """Every connection to it is gone at once."""
        self.nats.cut()

    async def cut_the_wire_to_postgres(self) -> None:
        """Every session is gone at once, also those that are committing."""
        self.postgres.cut()

    async def stall_the_wire_to_nats(self) -> None:
        """Half-open connections: nothing passes, nobody is told; then what was held up comes after all, or is cut."""
        await self._stall(self.nats)

    async def stall_the_wire_to_postgres(self) -> None:
        """The same on the other side."""
        await self._stall(self.postgres)

    async def _stall(self, wire: Wire) -> None:
        wire.stall()
        await self._lasting(1, 7)
        if self.chance.random() < 0.5:
            wire.cut()
        wire.go_on()

    async def leave_no_room_on_a_stream(self) -> None:
        """It refuses new facts until it is given more room."""
        stream = self.chance.choice(_WRITTEN)
        async with self.deployment.broker(PROVISIONER) as client:
            found = await client.jetstream().stream_info(stream.value)
            full = found.config.evolve(max_bytes=found.state.bytes + 2_000)
            await client.jetstream().update_stream(full)
        await self._lasting(1, 5)
        await self._provision(Storage(max_bytes=found.config.max_bytes))

    async def fill_the_disk_of_nats(self) -> None:
        """Nothing can be stored; then there is room, and an operator starts the server again."""
        await self._fill("nats")
        await asyncio.to_thread(self.system.machine.nats.restart)

    async def fill_the_disk_of_postgres(self) -> None:
        """Nothing can be written, or the server gives up; then there is room, and it is started again if need be."""
        await self._fill("postgres")
        if not self.system.machine.postgres.alive:
            await asyncio.to_thread(self.system.machine.postgres.restart)

    async def _fill(self, server: str) -> None:
        disk = self.disks[server]
        assert disk, "nobody may mount one"
        await asyncio.to_thread(disk.fill)
        try:
            await self._lasting(2, 6)
        finally:
            await asyncio.to_thread(disk.make_room)

    async def lose_a_durable(self) -> None:
        """Its files are gone; an operator provisions again, and everything is delivered anew."""
        durable = self.chance.choice(durables(list(self.system.services.values())))
        self.system.machine.nats.kill()
        shutil.rmtree(self._store / PLATFORM / "streams" / durable.stream.value / "obs" / durable.name)
        await asyncio.to_thread(self.system.machine.nats.restart)
        await self._lasting(0, 2)
        await self._provision()

    async def put_an_older_copy_of_the_streams_back(self) -> None:
        """An operator restores a backup that lacks the last seconds."""
        copy = OlderCopy(self.system.machine.nats, self.directory)
        await asyncio.to_thread(copy.take)
        await self._lasting(1, 6)
        await asyncio.to_thread(copy.put_back)
        copy.forget()

    async def move_the_clock_of_a_service(self) -> None:
        """It was an hour ahead or behind for a while."""
        one = self.system.supervisor.kept[self.chance.choice(_ONLY_HEARING)]
        hours = timedelta(hours=self.chance.choice((-1, 1)))
        await self._live_by(one, Clock(self.system.clock.offset + hours))
        await self._lasting(4, 8)
        await self._live_by(one, self.system.clock)

    async def let_an_hour_pass_for_the_post(self) -> None:
        """Whatever a letter waited for an hour ago is over: who takes over from a dead sender waits 20 minutes, so that none goes twice."""
        self.hours_of_the_post += 1
        later = Clock(self.system.clock.offset + timedelta(hours=self.hours_of_the_post))
        await self._live_by(self.system.supervisor.kept["notifications"], later)

    async def take_the_mail_server_away(self) -> None:
        """Letters wait."""
        await asyncio.to_thread(self.system.machine.mailbox.stop)
        await self._lasting(1, 4)
        await asyncio.to_thread(self.system.machine.mailbox.start)

    async def feed_poison(self) -> None:
        """Something that is no fact stands on a stream, where its owner's key put it."""
        self.poison_fed += 1
        async with self.deployment.broker("pledges") as client:
            subject = f"summit.chaos-1.pledges.pledge_made.v1.{self.poison_fed}"
            await client.jetstream().publish(subject, POISON)

    async def _live_by(self, one: Kept, clock: Clock) -> None:
        told = dict(one._child.environment or {}) | {"SUMMIT_CLOCK_OFFSET": clock.setting}
        one._child.environment = told
        await self.end(one, signal.SIGTERM)

    async def _provision(self, storage: Storage | None = None) -> None:
        hearing = durables(list(self.system.services.values()))
        async with self.deployment.broker(PROVISIONER) as client:
            await provision(client, hearing, storage)

    async def end(self, one: Kept, number: signal.Signals) -> None:
        """The process was sent the signal, and there is another one in its place."""
        before = one.pid

        async def is_another() -> None:
            assert one.pid != before

        self._send(one, number)
        await eventually(is_another, within=_ENDS_WITHIN)

    @staticmethod
    def _send(one: Kept, number: signal.Signals) -> None:
        if one.alive:
            one._child.send(number)


FAULTS: Mapping[str, Callable[[Surroundings], Awaitable[None]]] = {
    name.replace("_", " "): method
    for name, method in vars(Surroundings).items()
    if not name.startswith("_")
    and asyncio.iscoroutinefunction(method)
    and name not in ("strike", "end", "let_an_hour_pass_for_the_post")
}
"""Every kind of fault, by what happens."""
