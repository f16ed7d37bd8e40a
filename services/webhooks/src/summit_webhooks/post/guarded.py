"""Connections to the internet, and to nothing inside: looked up, looked at, and connected to the very address looked at.

A name that is looked up twice may lead elsewhere the second time; here it is looked up once for each connection.
The certificate is still held against the name. A look-up that hangs takes a thread, and one a name: the loop's own few
threads would be taken by those who hang, and be missing for everybody else.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
from anyio import CapacityLimiter, to_thread

from summit_webhooks.domain.addresses import is_outside


class LiesInside(Exception):
    """The name leads to an address inside; nothing was connected to."""


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """The network for posts. With `internal` everything may be reached: for development."""

    def __init__(self, *, internal: bool, look_up: Callable[..., Any] = socket.getaddrinfo) -> None:
        self._internal = internal
        self._look_up = look_up
        self._turns: dict[str, CapacityLimiter] = {}
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connected to the first address that the name leads to.

        Raises:
            LiesInside: one of the addresses it leads to lies inside.
            httpcore.ConnectError: it leads nowhere, or nobody answers.
        """
        addresses = await self._looked_up(host, port)
        if not self._internal and not all(is_outside(address) for address in addresses):
            raise LiesInside(host)
        return await self._network.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never: a socket of this machine lies inside.

        Raises:
            LiesInside: always.
        """
        raise LiesInside("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """So long nothing is done."""
        await self._network.sleep(seconds)

    async def _looked_up(self, host: str, port: int) -> list[str]:
        turn = self._turns.setdefault(host, CapacityLimiter(1))
        try:
            found = await to_thread.run_sync(
                self._look_up, host, port, 0, socket.SOCK_STREAM, abandon_on_cancel=True, limiter=turn
            )
        except OSError as problem:
            raise httpcore.ConnectError(str(problem)) from problem
        return [str(address[4][0]) for address in found]
