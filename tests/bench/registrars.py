"""The clients of the registration benchmark, started by path: `registrars.py post PORT TOKEN EDITION…`, `registrars.py rows DATABASE_URL
EDITION…` or `registrars.py insert DATABASE_URL COUNT`.

A client prepares itself, says `ready`, waits for a line, does its work as several people at once, and says `done`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import uvloop

from summit_testkit.everybody import MEMBER_STATES
from summit_testkit.forms import form, head, member, wish
from summit_testkit.measured import moment

PEOPLE = 8
"""Who registers at the same time, and as many connections."""
_FACT = b"x" * 700
"""As long as the envelope of a registered delegation of four."""
_PLAIN = json.dumps(form(head(), member())).encode()
"""A head and a member, who get no letters of their own: the nominator's is the only one."""
_FACTS = 5
"""A registration, three wishes, the contacts."""
_CREATED = b"201"
_FUNCTIONS = ("head", "member", "member", "member")
_DELEGATION = """INSERT INTO delegations (edition_id, invitee, kind, language, state, revision)
    VALUES ($1, $2, 'member_state', 'en', 'nominated', 1)"""
_MEMBER = """INSERT INTO members (edition_id, invitee, member_id, place, person, function, rank, accreditation, waits_since)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6, 'officer', 'pending', $7)"""
_WISH = """INSERT INTO wishes (bilateral_id, edition_id, invitee, place, asked, requested_at)
    VALUES ($1, $2, $3, $4, $5::jsonb, $6)"""
_HISTORY = """INSERT INTO history (edition_id, invitee, at, by, action, fields, revision)
    VALUES ($1, $2, $3, 'bench', 'delegation_registered', '[]', 1)"""
_VERSIONS = """INSERT INTO outbox_aggregate (aggregate_id, version) SELECT unnest($1::text[]), 1"""
_OUTBOX = """INSERT INTO outbox (event_id, stream, subject, aggregate_id, aggregate_version, payload, headers, staged_at)
    SELECT name, 'REGISTRATION', 'summit.bench.registration.delegation_registered.v1.KE', name, 1, payload,
           '{"content-type": "application/cloudevents+json"}', $3
    FROM unnest($1::text[], $2::bytea[]) AS staged (name, payload)"""
T = TypeVar("T")
Connection = Any
"""A connection of a pool; asyncpg's class for it is generic for type checkers alone."""


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
    requests = iter([_request(edition, code, token) for edition in editions for code in MEMBER_STATES])
    streams = [await asyncio.open_connection("127.0.0.1", int(port)) for _ in range(PEOPLE)]
    await _go()
    await asyncio.gather(*(_post_all(requests, *stream) for stream in streams))
    for _, writer in streams:
        writer.close()


async def _post_all(
    requests: Iterator[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    for request in requests:
        assert await _post_one(request, reader, writer) == _CREATED


async def _post_one(request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """The status of the answer."""
    writer.write(request)
    answer = await reader.readuntil(b"\r\n\r\n")
    lines = answer.lower().split(b"\r\n")
    (length,) = (int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return answer.split(b" ", 2)[1]


async def pace(port: str, token: str, rate: str, count: str, file: str, *editions: str) -> None:
    """So many States are registered, so many a second, each at its time whatever came of those before.

    The file holds when each was to be sent and when its 201 came, in seconds of the epoch, by `edition/invitee`; who was refused,
    because the service was busy for too long, does not stand in it.
    """
    places = [(edition, code) for edition in editions for code in MEMBER_STATES][: int(count)]
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    times: dict[str, tuple[float, float]] = {}
    await _go()
    begin = time.time() + 0.5

    async def send(number: int, edition: str, code: str) -> None:
        due = begin + number / float(rate)
        await moment(due)
        while free and free[-1][0].at_eof():  # it was left alone for too long
            free.pop()
        line = free.pop() if free else await asyncio.open_connection("127.0.0.1", int(port))
        if await _post_one(_request(edition, code, token, _PLAIN), *line) == _CREATED:
            times[f"{edition}/{code}"] = (due, time.time())
        free.append(line)

    await asyncio.gather(*(send(number, *place) for number, place in enumerate(places)))
    _write(Path(file), times)


def _write(file: Path, times: dict[str, tuple[float, float]]) -> None:
    file.write_text(json.dumps(times), encoding="utf-8")


def _request(edition: str, code: str, token: str, body: bytes | None = None) -> bytes:
    body = body or the_form(code)
    return (
        f"POST /editions/{edition}/delegations/{code} HTTP/1.1\r\nHost: bench.test\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def rows(url: str, *editions: str) -> None:
    """Every State has, in every edition, the rows that the service would write, in as few statements as asyncpg needs for them."""
    places = iter([(edition, code) for edition in editions for code in MEMBER_STATES])

    async def register(connection: Connection, place: tuple[str, str]) -> None:
        now, key = datetime.now(UTC), uuid4().hex
        names = [f"{key}-{number}" for number in range(_FACTS)]
        of = json.loads(the_form(place[1]))
        people = [
            (*place, f"{key}-{one}", one, json.dumps(of["members"][one]["person"]), _FUNCTIONS[one], now)
            for one in range(4)
        ]
        wishes = [(f"{key}-{one}", *place, one, json.dumps(of["wishes"][one]), now) for one in range(3)]
        await connection.execute(_DELEGATION, *place)
        await connection.executemany(_MEMBER, people)
        await connection.executemany(_WISH, wishes)
        await connection.execute(_HISTORY, *place, now)
        await connection.execute(_VERSIONS, names)
        await connection.execute(_OUTBOX, names, [_FACT] * _FACTS, now)

    await _in_transactions(url, places, register)


async def insert(url: str, count: str) -> None:
    """As many transactions as there were registrations, of the least that could be kept: the form and five facts."""
    text = the_form("KE").decode()

    async def register(connection: Connection, _: int) -> None:
        await connection.execute("INSERT INTO raw_forms (form) VALUES ($1::jsonb)", text)
        await connection.execute(
            "INSERT INTO raw_outbox (payload) SELECT unnest($1::bytea[])", [_FACT] * _FACTS
        )

    await _in_transactions(url, iter(range(int(count))), register)


async def _in_transactions(
    url: str, places: Iterator[T], register: Callable[[Connection, T], Awaitable[None]]
) -> None:
    """Each place was registered in a transaction of its own, by several people at once."""
    pool = await asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=PEOPLE, max_size=PEOPLE)
    await _go()

    async def register_some() -> None:
        for place in places:
            async with pool.acquire() as connection, connection.transaction():
                await register(connection, place)

    await asyncio.gather(*(register_some() for _ in range(PEOPLE)))
    await pool.close()


async def _go() -> None:
    print("ready", flush=True)  # noqa: T201  # the parent reads it
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


ROLES: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "post": post,
    "rows": rows,
    "insert": insert,
    "pace": pace,
}

if __name__ == "__main__":
    role, *rest = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(ROLES[role](*rest))
    print("done", flush=True)  # noqa: T201  # see above
    sys.stdin.readline()  # until then its processor time can be read
