"""The probe in processes of its own, watched and started again like any service, so that they can be killed."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess

import psutil
from sqlalchemy import text

from summit_chassis import broker
from summit_chassis.database import Database
from summit_chassis.provisioner import Storage, provision
from summit_testkit.eventually import eventually
from summit_testkit.probe import ledger, roles
from summit_testkit.probe.ledger import Ledger
from summit_testkit.probe.roles import Orders
from summit_testkit.probe.services import DURABLES, HEARER, PUBLISHER, make_tables
from summit_testkit.probe.steps import Death

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["summit_testkit.probe.roles"]
)  # imported once, then each process is there at once


@dataclass
class Member:
    """One process of the probe. While it is watched it is started again whenever it ends."""

    orders: Orders
    starts: int = 0
    exit_codes: list[int] = field(default_factory=list)
    _process: BaseProcess | None = None

    def start(self) -> None:
        """The process runs."""
        self._process = _context.Process(target=roles.run, args=(self.orders,), daemon=True)
        self._process.start()
        self.starts += 1

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int:
        """The number of the process that was started last."""
        assert self._process, "never started"
        assert self._process.pid, "never started"
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """The process was sent the signal, if it is there."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):  # it may end by itself at this very moment
                os.kill(self.pid, number)

    async def watch(self) -> None:
        """Whenever it ends it is started again; a writer that is done stays done."""
        while True:
            await self.has_ended()
            if self.exit_codes[-1] == 0 and self.orders.role == "write":
                return
            await asyncio.sleep(0.05)
            self.start()

    async def has_ended(self) -> int:
        """How the process ended, when it has."""
        assert self._process, "never started"
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        self.exit_codes.append(self._process.exitcode or 0)
        return self.exit_codes[-1]

    async def end(self) -> None:
        """The process is gone: asked first, then killed."""
        if not self.is_running:
            return
        self.send(signal.SIGTERM)
        self.send(signal.SIGCONT)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.has_ended(), timeout=8)
        self.send(signal.SIGKILL)


class Probe:
    """A writer, a relay and a hearer as processes, and a look at their books."""

    def __init__(self, orders: Orders, source: Database, sink: Database, client: broker.SummitClient) -> None:
        self.orders, self.source, self.sink, self.client = orders, source, sink, client
        self.members: dict[str, Member] = {}
        self._watches: list[asyncio.Task[None]] = []

    def start(self, role: str, *, name: str | None = None, death: Death | None = None) -> Member:
        """A process of this role runs and is watched."""
        name = name or role
        orders = replace(
            self.orders, role=role, log=self.orders.log / f"{name}.log", death=death or self.orders.death
        )
        member = self.members[name] = Member(orders)
        member.start()
        self._watches.append(asyncio.create_task(member.watch()))
        return member

    async def has_written(self, within: float = 60.0) -> None:
        """The writer has done all of its workload."""

        async def is_done() -> None:
            assert self.members["write"].exit_codes[-1:] == [0]

        await eventually(is_done, within=within)

    async def cut_off(self, member: Member) -> None:
        """The database has ended the sessions of this process, as it does with one that sleeps in a transaction."""
        ports = [connection.laddr.port for connection in psutil.Process(member.pid).net_connections("tcp")]
        query = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_port = ANY(:ports)")
        for database in (self.source, self.sink):
            async with database.engine.connect() as connection:
                await connection.execute(query, {"ports": ports})

    async def settled(self, within: float = 90.0) -> Ledger:
        """The books, when everything has come through; they balance."""
        return await ledger.settled(self.source, self.sink, self.client, within=within)

    async def end(self) -> None:
        """All processes are gone."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await asyncio.gather(*(member.end() for member in self.members.values()))


@asynccontextmanager
async def probing(orders: Orders, storage: Storage | None = None) -> AsyncIterator[Probe]:
    """A probe whose databases have their tables and whose streams are there; what runs of it is gone afterwards."""
    async with contextlib.AsyncExitStack() as stack:
        await make_tables(orders.source_url)
        await make_tables(orders.sink_url)
        source = Database(orders.source_url, service=PUBLISHER.value, pool=2)
        sink = Database(orders.sink_url, service=HEARER.value, pool=2)
        stack.push_async_callback(source.dispose)
        stack.push_async_callback(sink.dispose)
        client = await broker.connect(orders.nats_url, service="probe")
        stack.push_async_callback(broker.close, client)
        await provision(client, DURABLES, storage)
        probe = Probe(orders, source, sink, client)
        stack.push_async_callback(probe.end)
        yield probe
