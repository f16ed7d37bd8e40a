"""The clients of the registration benchmark, started by path: `registrars.py post PORT TOKEN EDITION…` or `registrars.py insert DATABASE_URL COUNT`.

A client prepares itself, says `ready`, waits for a line, does its work as several people at once, and says `done`.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import asyncpg
import uvloop

from summit_contracts.reference import invitees
from summit_contracts.values import InviteeKind
from summit_testkit.forms import form, head, member, wish

PEOPLE = 8
"""Who registers at the same time, and as many connections."""
_FACT = b"x" * 700
"""As long as the envelope of a registered delegation of four."""
_FACTS = 5
"""A registration, three wishes, the contacts."""


def states() -> list[str]:
    """Everybody who registers in an edition."""
    return [code for code, one in invitees().items() if one.kind is InviteeKind.MEMBER_STATE]


def the_form(code: str) -> bytes:
    """Four people, two of them with an address, and three wishes."""
    others = [one for one in ("FR", "KE", "NO", "RW") if one != code][:3]
    people = (
        head(email="head@mission.example"),
        member(email="second@mission.example"),
        member("C"),
        member("D"),
    )
    return json.dumps(form(*people, wishes=tuple(wish(other) for other in others))).encode()


async def post(port: str, token: str, *editions: str) -> None:
    """Every State is registered in every edition, over connections that are kept."""
    requests = iter([_request(edition, code, token) for edition in editions for code in states()])
    streams = [await asyncio.open_connection("127.0.0.1", int(port)) for _ in range(PEOPLE)]
    await _go()
    await asyncio.gather(*(_post_all(requests, *stream) for stream in streams))
    for _, writer in streams:
        writer.close()


async def _post_all(
    requests: Iterator[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    for request in requests:
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 201 "), answer
        lines = answer.lower().split(b"\r\n")
        (length,) = (int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        await reader.readexactly(length)


def _request(edition: str, code: str, token: str) -> bytes:
    body = the_form(code)
    return (
        f"POST /editions/{edition}/delegations/{code} HTTP/1.1\r\nHost: bench.test\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def insert(url: str, count: str) -> None:
    """As many transactions as there were registrations: one row with the form and the rows of the outbox, committed."""
    pool = await asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=PEOPLE, max_size=PEOPLE)
    numbers = iter(range(int(count)))
    text = the_form("KE").decode()
    await _go()

    async def insert_all() -> None:
        for _ in numbers:
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("INSERT INTO raw_forms (form) VALUES ($1::jsonb)", text)
                await connection.execute(
                    "INSERT INTO raw_outbox (payload) SELECT unnest($1::bytea[])", [_FACT] * _FACTS
                )

    await asyncio.gather(*(insert_all() for _ in range(PEOPLE)))
    await pool.close()


async def _go() -> None:
    print("ready", flush=True)  # noqa: T201  # the parent reads it
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


ROLES: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {"post": post, "insert": insert}

if __name__ == "__main__":
    role, *rest = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(ROLES[role](*rest))
    print("done", flush=True)  # noqa: T201  # see above
