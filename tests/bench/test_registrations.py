"""Registrations through HTTP, each committed to a disk, against bare asyncpg: per second and per second of a processor."""

import asyncio
import contextlib
import os
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import psutil
import pytest
from sqlalchemy import text

from summit_chassis.database import Database
from summit_chassis.identity import Role
from summit_chassis.migrations import upgrade
from summit_cli.servers.ports import free_port
from summit_cli.servers.postgres import PostgresServer
from summit_contracts.reference import invitees
from summit_contracts.values import InviteeKind
from summit_registration.app import service
from summit_testkit.desk import PUBLIC_KEYS, SIGNING_KEY, token
from summit_testkit.eventually import eventually
from summit_testkit.forms import addressee
from summit_testkit.written import tell

CLIENTS: Final = Path(__file__).with_name("registrars.py")
EDITION_FILE: Final = Path(__file__).parents[2] / "deploy/editions/uncops-2022.toml"
OPENED_AT: Final = datetime(2022, 6, 1, 9, tzinfo=UTC)
STATES: Final = [code for code, one in invitees().items() if one.kind is InviteeKind.MEMBER_STATE]
ROUNDS: Final = 3
EDITIONS_PER_ROUND: Final = 2
_TABLES: Final = (
    "CREATE TABLE raw_forms (place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, form jsonb NOT NULL)",
    "CREATE TABLE raw_outbox (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload bytea NOT NULL)",
)


@asynccontextmanager
async def registration(url: str) -> AsyncIterator[tuple[int, int]]:
    """The service's HTTP role in a process of its own: its port and its number."""
    port, offset = free_port(), OPENED_AT - datetime.now(UTC)
    surroundings = os.environ | {
        "SUMMIT_DATABASE_URL": url,
        "SUMMIT_NATS_URL": "nats://127.0.0.1:1",  # without a relay nobody is needed there
        "SUMMIT_HTTP_PORT": str(port),
        "SUMMIT_TOKEN_KEYS": PUBLIC_KEYS,
        "SUMMIT_TOKEN_SIGNING_KEY": SIGNING_KEY,
        "SUMMIT_CLOCK_OFFSET": f"-PT{-offset.total_seconds():.0f}S",
        "SUMMIT_LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "summit_registration", "http", env=surroundings, stdout=DEVNULL
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:

            async def is_up() -> None:
                assert (await client.get("/editions")).status_code == 200

            await eventually(is_up, within=60)
            yield port, process.pid
    finally:
        process.terminate()
        await process.wait()


async def given_editions(port: int, bearer: str, *names: str) -> None:
    """These editions are published, and all 193 States are invited to each."""
    text_of = EDITION_FILE.read_text(encoding="utf-8").replace
    sent = {"addressees": [addressee(code) for code in STATES]}
    headers = {"authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
        for name in names:
            published = await client.post("/editions", content=text_of('"uncops-2022"', f'"{name}"'))
            assert published.status_code == 201, published.text
            invited = await client.post(f"/editions/{name}/invitations", json=sent)
            assert invited.status_code == 201, invited.text


@dataclass(frozen=True)
class Taken:
    """What a round took."""

    rate: float
    """Registrations a second."""
    worker: float
    """Processor seconds of the service, or of the bare client."""
    database: float
    """Processor seconds of PostgreSQL, all its processes."""

    @property
    def together(self) -> float:
        """Processor seconds of both."""
        return self.worker + self.database


@dataclass(frozen=True)
class Bench:
    """The service and its database, and how they are measured."""

    url: str
    port: int
    service: psutil.Process
    database: psutil.Process
    bearer: str

    async def post(self, editions: Sequence[str], *, is_pinned: bool) -> Taken:
        """The service registers everybody; whoever sends the forms is not counted."""
        self.service.cpu_affinity([0] if is_pinned else [])
        return await self._taken(
            self.service, ("post", str(self.port), self.bearer, *editions), len(editions)
        )

    async def bare(self, role: str, *words: str, editions: int, is_pinned: bool) -> Taken:
        """A bare client does as much."""
        return await self._taken(None, (role, self.url, *words), editions, is_pinned=is_pinned)

    async def _taken(
        self, worker: psutil.Process | None, words: Sequence[str], editions: int, *, is_pinned: bool = False
    ) -> Taken:
        client = await asyncio.create_subprocess_exec(
            sys.executable, str(CLIENTS), *words, stdin=PIPE, stdout=PIPE
        )
        worker = worker or psutil.Process(client.pid)
        if is_pinned:
            worker.cpu_affinity([0])
        await _said(client, b"ready")
        before, start = (_used(worker), _used(self.database)), time.perf_counter()
        assert client.stdin is not None
        client.stdin.write(b"go\n")
        await _said(client, b"done")
        elapsed = time.perf_counter() - start
        after = (_used(worker), _used(self.database))
        client.stdin.write(b"go\n")
        await client.wait()
        count = editions * len(STATES)
        return Taken(
            count / elapsed, *((now - then) / count for then, now in zip(before, after, strict=True))
        )


def _used(process: psutil.Process) -> float:
    """Processor seconds of a process and of all that it ever started."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


async def _said(process: Process, word: bytes) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.strip() == word:
            return
    pytest.fail(f"the client ended without saying {word.decode()}")


@asynccontextmanager
async def bench(directory: Path) -> AsyncIterator[Bench]:
    """Everything runs, on a database that waits for the disk at every commit."""
    bearer = token(Role.REGISTRATION, now=OPENED_AT, valid_for=timedelta(days=1))
    with PostgresServer(directory) as server:
        server.create_database("registration")
        url = server.url("registration")
        await upgrade(url, service.versions, service.metadata)
        database = Database(url, service="bench")
        async with database.engine.begin() as connection:
            for statement in _TABLES:
                await connection.execute(text(statement))
        async with registration(url) as (port, pid):
            yield Bench(url, port, psutil.Process(pid), psutil.Process(server.pid), bearer)
            async with database.engine.connect() as connection:
                counted = (
                    "SELECT count(*) FROM delegations WHERE edition_id LIKE 'ours-%' AND state = 'nominated'"
                )
                registered = (await connection.execute(text(counted))).scalar_one()
            assert registered == 2 * (ROUNDS + 1) * EDITIONS_PER_ROUND * len(STATES)
        await database.dispose()


@pytest.mark.timeout(900)
async def test_registrations_through_http_against_bare_inserts(server_directory: Path) -> None:
    taken: dict[tuple[str, bool], list[Taken]] = defaultdict(list)
    async with bench(server_directory / "disk") as running:
        for number in range(ROUNDS + 1):  # the first warms up
            for is_pinned in (False, True):
                names = {
                    who: [f"{who}-{number}-{is_pinned:d}-{one}" for one in range(EDITIONS_PER_ROUND)]
                    for who in ("ours", "rows")
                }
                await given_editions(running.port, running.bearer, *names["ours"], *names["rows"])
                bare = partial(running.bare, editions=EDITIONS_PER_ROUND, is_pinned=is_pinned)
                taken["ours", is_pinned].append(await running.post(names["ours"], is_pinned=is_pinned))
                taken["rows", is_pinned].append(await bare("rows", *names["rows"]))
                taken["insert", is_pinned].append(await bare("insert", str(EDITIONS_PER_ROUND * len(STATES))))
    tell("test_registrations.py", _table({what: found[1:] for what, found in taken.items()}))


_WHAT: Final = {
    "ours": "HTTP, token, rules, rows, outbox, commit",
    "rows": "bare asyncpg: the same rows in the same tables",
    "insert": "bare asyncpg: the form in one row, five facts in another table",
}


def _table(taken: Mapping[tuple[str, bool], Sequence[Taken]]) -> str:
    return "\n".join(
        [
            "| what | a second | a second, on one core | processor, ms | of PostgreSQL, ms | both, ms | ours to it: a second | on one core | for the same processor time |",
            "|---|---|---|---|---|---|---|---|---|",
            *(_row(taken, what, words) for what, words in _WHAT.items()),
        ]
    )


def _row(taken: Mapping[tuple[str, bool], Sequence[Taken]], what: str, words: str) -> str:
    free, pinned, ours, ours_pinned = (
        taken[what, False], taken[what, True], taken["ours", False], taken["ours", True],
    )  # fmt: skip
    both = [*free, *pinned]
    cells = [
        f"{_median(one.rate for one in free):,.0f}",
        f"{_median(one.rate for one in pinned):,.0f}",
        *(
            f"{_median(getattr(one, part) for one in both) * 1000:.2f}"
            for part in ("worker", "database", "together")
        ),
    ]
    if what != "ours":
        cells += [
            f"{_median(mine.rate / its.rate for mine, its in zip(ours, free, strict=True)):.3f}",
            f"{_median(mine.rate / its.rate for mine, its in zip(ours_pinned, pinned, strict=True)):.3f}",
            f"{_median(its.together / mine.together for mine, its in zip([*ours, *ours_pinned], both, strict=True)):.2f}",
        ]
    return f"| {words} | " + " | ".join([*cells, *[""] * (8 - len(cells))]) + " |"


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
