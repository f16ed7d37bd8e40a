"""A line between a service and a server that can be cut, or go dead without a word."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from summit_cli.servers.ports import LOOPBACK

_CHUNK = 65_536  # bytes


class Wire:
    """A port on this machine behind which, while nothing else is said, another one answers."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._flows = asyncio.Event()
        self._flows.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it begins."""
        assert self._server, "not entered"
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, LOOPBACK, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server, "not entered"
        self._server.close()
        self.cut()
        self.go_on()

    def cut(self) -> None:
        """All connections are gone, in the middle of whatever was under way; new ones are let through."""
        for end in self._ends:
            end.transport.abort()

    def stall(self) -> None:
        """Nothing passes any more, in any direction, and nobody is told."""
        self._flows.clear()

    def go_on(self) -> None:
        """What was held up passes, and everything after it."""
        self._flows.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            await self._flows.wait()
            there, back = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            writer.transport.abort()
            self._ends.discard(writer)
            return
        self._ends.add(back)
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        self._ends -= {writer, back}

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(_CHUNK):
                await self._flows.wait()
                sink.write(chunk)
                await sink.drain()
        sink.transport.abort() if sink.transport.is_closing() else sink.close()
