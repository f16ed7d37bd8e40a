"""Three NATS servers as one cluster, each of which can be killed, paused, or cut off from the others; as processes of one machine."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from summit_chassis import broker
from summit_chassis.provisioner import Durable, Storage, provision
from summit_cli.servers.nats import NatsServer
from summit_cli.servers.ports import LOOPBACK, free_port
from summit_testkit.eventually import eventually

SIZE = 3
_CHUNK = 65536
_NOWHERE = f"{LOOPBACK}:1"


class Link:
    """One server's way to another: a port that leads to another port, until it is cut; then what is sent waits for ever."""

    def __init__(self, to: int) -> None:
        self.port = free_port()
        self._to = to
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """It is open."""
        self._server = await asyncio.start_server(self._arrived, LOOPBACK, self.port)

    def cut(self) -> None:
        """Nothing comes through any more, in either direction; nobody is told."""
        self._open.clear()

    def mend(self) -> None:
        """Everything comes through again, what was sent meanwhile as well."""
        self._open.set()

    async def close(self) -> None:
        """Nobody listens any more."""
        if self._server:
            self._server.close()
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)  # what was closed is gone

    def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._open.wait()
            there, back = await asyncio.open_connection(LOOPBACK, self._to)
            try:
                # The first that ends ends both: a server that is gone is gone for both sides.
                ways = {asyncio.create_task(self._carry(*way)) for way in ((reader, back), (there, writer))}
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)
            finally:
                back.close()
        except OSError:
            return  # the other server does not run: whoever came will come again
        finally:
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            await self._open.wait()
            writer.write(data)
            await writer.drain()


class Member(Protocol):
    """One server of a cluster."""

    @property
    def name(self) -> str:
        """What others call it."""

    @property
    def url(self) -> str:
        """What a client is given."""

    @property
    def is_healthy(self) -> bool:
        """Whether it has all that the others have."""

    def start(self) -> object:
        """It runs, on what it had kept."""

    def stop(self) -> None:
        """It was told to end, and has ended."""

    def kill(self) -> None:
        """It has died without a chance to tidy up."""

    def pause(self) -> None:
        """It stands still, and its connections stay open."""

    def resume(self) -> None:
        """It goes on where it was paused."""


class Cluster(Protocol):
    """The servers, while this context lasts."""

    servers: Sequence[Member]

    def cut_off(self, server: Member) -> None:
        """It and the others do not hear each other any more; clients reach all of them."""

    def rejoin(self, server: Member) -> None:
        """It and the others hear each other again."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def url(self) -> str:
        """What a client is given: all of them."""
        return ",".join(server.url for server in self.servers)

    def named(self, name: str) -> Member:
        """The server of that name, as NATS itself calls its leaders."""
        return next(server for server in self.servers if server.name == name)

    async def provisioned(self, durables: Sequence[Durable]) -> None:
        """All streams are there, on every server; making so many at once takes a busy machine more than one try."""

        async def made() -> None:
            client = await broker.connect(self.url, service="provisioner")
            try:
                await provision(client, durables, Storage(replicas=SIZE))
            finally:
                await broker.close(client)

        await eventually(made, within=90)

    async def is_whole(self, within: float = 60) -> None:
        """Every server has all that the others have."""

        async def all_healthy() -> None:
            ill = [server.name for server in self.servers if not await asyncio.to_thread(_is_healthy, server)]
            assert not ill

        await eventually(all_healthy, within=within)


def _is_healthy(server: Member) -> bool:
    return server.is_healthy


class NatsCluster(Cluster):
    """As processes, with links between them that can be cut."""

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        doors = [free_port() for _ in range(SIZE)]
        self._links = {
            (one, other): Link(doors[other]) for one in range(SIZE) for other in range(SIZE) if one != other
        }
        self.servers = [
            NatsServer(
                directory / f"nats-{number}",
                durable=durable,
                alone=False,
                extra=self._cluster(number, doors[number]),
            )
            for number in range(SIZE)
        ]

    def cut_off(self, server: Member) -> None:
        for link in self._links_of(server):
            link.cut()

    def rejoin(self, server: Member) -> None:
        for link in self._links_of(server):
            link.mend()

    async def __aenter__(self) -> Self:
        for link in self._links.values():
            await link.start()
        try:
            for server in self.servers:
                server.start()
            await self.is_whole()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers:
            server.kill()
        for link in self._links.values():
            await link.close()

    def _links_of(self, server: Member) -> list[Link]:
        number = self.servers.index(server)
        return [link for ends, link in self._links.items() if number in ends]

    def _cluster(self, number: int, door: int) -> str:
        routes = [f"nats://{LOOPBACK}:{link.port}" for (one, _), link in self._links.items() if one == number]
        return "\n".join(
            [
                "cluster {",
                "  name: summit",
                f"  listen: {json.dumps(f'{LOOPBACK}:{door}')}",
                # Nobody learns of a way around the links.
                f"  advertise: {json.dumps(_NOWHERE)}",
                "  no_advertise: true",
                f"  routes: {json.dumps(routes)}",
                "}",
            ]
        )
