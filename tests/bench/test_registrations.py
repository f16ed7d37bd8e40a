"""Registrations through HTTP, each committed to a disk, against bare asyncpg: per second and per second of a processor."""

import asyncio
import os
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL
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
from summit_registration.app import service
from summit_testkit.desk import PUBLIC_KEYS, SIGNING_KEY, token
from summit_testkit.eventually import eventually
from summit_testkit.everybody import MEMBER_STATES, invite_everybody
from summit_testkit.measured import Measured, processor_seconds_of_all
from summit_testkit.written import tell

CLIENTS: Final = Path(__file__).with_name("registrars.py")
OPENED_AT: Final = datetime(2022, 6, 1, 9, tzinfo=UTC)
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
        client = await Measured.ready(CLIENTS, *words)
        worker = worker or client.process
        if is_pinned:
            worker.cpu_affinity([0])
        watched = (worker, self.database)
        before, start = [processor_seconds_of_all(one) for one in watched], time.perf_counter()
        client.go()
        await client.done()
        elapsed = time.perf_counter() - start
        after = [processor_seconds_of_all(one) for one in watched]
        await client.gone()
        count = editions * len(MEMBER_STATES)
        return Taken(
            count / elapsed, *((now - then) / count for then, now in zip(before, after, strict=True))
        )


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
            assert registered == 2 * (ROUNDS + 1) * EDITIONS_PER_ROUND * len(MEMBER_STATES)
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
                await invite_everybody(
                    f"http://127.0.0.1:{running.port}", running.bearer, *names["ours"], *names["rows"]
                )
                bare = partial(running.bare, editions=EDITIONS_PER_ROUND, is_pinned=is_pinned)
                taken["ours", is_pinned].append(await running.post(names["ours"], is_pinned=is_pinned))
                taken["rows", is_pinned].append(await bare("rows", *names["rows"]))
                taken["insert", is_pinned].append(
                    await bare("insert", str(EDITIONS_PER_ROUND * len(MEMBER_STATES)))
                )
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
