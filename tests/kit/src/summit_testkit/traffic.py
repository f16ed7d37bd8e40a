"""Many requests at once over bare connections, so that the client costs little beside what it measures."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

_TICK_SECONDS = 1 / sysconf("SC_CLK_TCK")
_LENGTH = b"content-length: "


@dataclass(frozen=True)
class Load:
    """What a server did with all that was asked."""

    seconds: Sequence[float]
    """From each request to the last byte of its answer, in the order of answers."""
    elapsed_seconds: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.seconds) / self.elapsed_seconds

    def percentile(self, share: float) -> float:
        """Seconds within which that share of the answers was whole."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


async def load(port: int, path: str, *, requests: int, connections: int = 1, cookie: str = "") -> Load:
    """Every request was answered with 200, each connection asking anew as soon as it has its answer.

    Raises:
        AssertionError: another answer than 200.
    """
    asked = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n".encode()
    taken: list[float] = []
    left = iter(range(requests))

    async def visit() -> None:
        async with connection(port) as (reader, writer):
            for _ in left:
                started = time.perf_counter()
                writer.write(asked)
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 200"), head
                length = head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
                taken.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(visit() for _ in range(connections)))
    return Load(taken, time.perf_counter() - started)


@contextlib.asynccontextmanager
async def connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


def processor_seconds(pid: int) -> float:
    """What the process has used of processors so far, in steps of a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_SECONDS


def resident_bytes(pid: int) -> int:
    """What the process holds of the machine's memory."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise LookupError(f"process {pid} is gone")
