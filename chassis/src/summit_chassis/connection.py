"""The client that thousands of messages pass through: nats-py, but for the two places where it takes most of the time.

It checks every header name character by character, and writes message by message. What is overridden here is private to it:
if a later version calls it otherwise, everything still works, at its speed (tests/unit/chassis/test_connection.py notices).
"""

from collections.abc import Mapping, Sequence

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, OutboundBufferLimitError


class SummitClient(Client):
    """A NATS client that knows whether it was closed on purpose."""

    is_stopping = False

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
            if colon and name.isascii() and len(name.split()) == 1:
                headers[name.strip().decode()] = value.strip().decode("utf-8", "replace")
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
