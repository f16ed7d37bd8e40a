"""The client that thousands of messages pass through: nats-py, but for the two places where it takes most of the time.

It checks every header name character by character, and writes message by message; it waits for ever for the end of a
connection whose handshake failed; and it sends over a new connection what was meant for the one that broke. What is overridden here is private to it: if a later version calls it otherwise, everything
still works, at its speed and with its patience (tests/unit/chassis/test_connection.py and access/test_tls.py notice).
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nats.aio.client import Client, Srv
from nats.aio.msg import Msg
from nats.aio.transport import TcpTransport
from nats.errors import ConnectionClosedError, OutboundBufferLimitError

from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

_ENDS_WITHIN = 2.0  # seconds
_MOVES_EVERY = 15.0  # seconds


class _Transport(TcpTransport):
    """A connection that is over when it was closed, whether or not the other side or the handshake agrees."""

    def __bool__(self) -> bool:
        return True  # the client would replace one that is not connected yet

    async def wait_closed(self) -> None:
        """It was closed, in good order if that takes no longer than 2 s.

        After a failed TLS handshake asyncio tells nobody of the end, and a peer that is gone never confirms it.
        """
        try:
            await asyncio.wait_for(TcpTransport.wait_closed(self), timeout=_ENDS_WITHIN)  # type: ignore[no-untyped-call]  # the library's gap
        except TimeoutError:
            if self._io_writer is not None:
                self._io_writer.transport.abort()


@dataclass
class Received(Msg):
    """A message that knows over which connection it came."""

    connection: int = 0


class Reconnected(ConnectionError):
    """The connection that this was meant for is gone; nothing was sent. Behind the next one the stream may be another."""


class SummitClient(Client):
    """A NATS client that knows whether it was closed on purpose, and keeps nothing for a later connection."""

    is_stopping = False
    connection = 1
    """Which connection this is, counted from 1. Between two of them the server may have been given an older copy of its streams."""
    _moved_at = float("-inf")

    def must_be(self, connection: int) -> None:
        """It is this connection still.

        Raises:
            Reconnected: it broke.
        """
        if self.connection != connection:
            raise Reconnected("the connection broke in between")

    async def _process_op_err(self, e: Exception) -> None:
        if not (self.is_closed or self.is_reconnecting):
            self.connection += 1
            self._pending.clear()  # subscriptions are made again in any case
            self._pending_data_size = 0
        await super()._process_op_err(e)

    def _build_message(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: dict[str, str] | None
    ) -> Received:
        return Received(
            _client=self,
            subject=subject.decode(),
            reply=reply.decode(),
            data=data,
            headers=headers,
            _sid=sid,
            connection=self.connection,
        )

    async def look_elsewhere(self) -> None:
        """Another server of the cluster is sought; this one is connected, and does not do what it is asked.

        A server that is cut off from the others stays connected to its clients, and nothing tells them. Where there is no
        other, or one was sought a moment ago, nothing happens.
        """
        now = time.monotonic()
        if len(self.servers) > 1 and self.is_connected and now - self._moved_at > _MOVES_EVERY:
            self._moved_at = now
            log.warning("nats.looks_elsewhere", server=str(self.connected_url and self.connected_url.netloc))
            await self._process_op_err(ConnectionError("this server does not do what it is asked"))

    async def _connect_to_server(self, s: Srv) -> None:
        if not self._transport and s.uri.scheme in ("nats", "tls"):
            self._transport = _Transport()  # type: ignore[no-untyped-call]  # the library's gap
        await super()._connect_to_server(s)

    async def send_all(self, messages: Sequence[bytes]) -> None:
        """The messages, made by `message`, are on their way in one piece.

        Raises:
            OutboundBufferLimitError: there is no connection. Nothing is kept for later: sent after a reconnect, it would
                come before what the server has to be asked first.
        """
        if self.is_closed:
            raise ConnectionClosedError
        if not self.is_connected:
            raise OutboundBufferLimitError
        await self._send_command(b"".join(messages))
        await self._flush_pending()

    @staticmethod
    def _parse_header_lines(raw: bytes) -> dict[str, str]:
        """The headers; a name that is none, or a line without a colon, is left out."""
        headers: dict[str, str] = {}
        for line in raw.split(b"\r\n"):
            name, colon, value = line.partition(b":")
            if colon and name.isascii():
                key = name.strip().decode()
                if key.split() == [key]:  # text splits at more than bytes do
                    headers[key] = value.strip().decode("utf-8", "replace")
        return headers


def message(subject: str, payload: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A message as it goes over the wire; for subjects and headers of our own making.

    Raises:
        ValueError: a header has more than one line, or the subject more than one word.
    """
    if len(subject.split()) != 1:
        raise ValueError(f"{subject!r} is no subject")
    if not headers:
        return b"PUB %b  %d\r\n%b\r\n" % (subject.encode(), len(payload), payload)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        raise ValueError("a header has more than one line")
    block = f"NATS/1.0\r\n{lines}\r\n".encode()
    size = len(block)
    return b"HPUB %b  %d %d\r\n%b%b\r\n" % (subject.encode(), size, size + len(payload), block, payload)
