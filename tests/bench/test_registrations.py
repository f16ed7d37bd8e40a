"""Registrations per second through HTTP, each committed to a disk, against bare asyncpg in the same run."""

import asyncio
import os
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
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
async def registration(url: str) -> AsyncIterator[int]:
    """The service's HTTP role in a process of its own, on this port."""
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
            yield port
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


async def seconds_of(*words: str) -> float:
    """How long a client takes from the word go."""
    client = await asyncio.create_subprocess_exec(
        sys.executable, str(CLIENTS), *words, stdin=PIPE, stdout=PIPE
    )
    await _said(client, b"ready")
    start = time.perf_counter()
    assert client.stdin is not None
    client.stdin.write(b"go\n")
    await _said(client, b"done")
    elapsed = time.perf_counter() - start
    await client.wait()
    return elapsed


async def _said(process: Process, word: bytes) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.strip() == word:
            return
    pytest.fail(f"the client ended without saying {word.decode()}")


@pytest.mark.timeout(900)
async def test_registrations_through_http_against_bare_inserts(server_directory: Path) -> None:
    count = EDITIONS_PER_ROUND * len(STATES)
    bearer = token(Role.REGISTRATION, now=OPENED_AT, valid_for=timedelta(days=1))
    ours: list[float] = []
    raw: list[float] = []
    with PostgresServer(server_directory / "disk") as server:  # waits for the disk at every commit
        server.create_database("registration")
        url = server.url("registration")
        await upgrade(url, service.versions, service.metadata)
        database = Database(url, service="bench")
        async with database.engine.begin() as connection:
            for statement in _TABLES:
                await connection.execute(text(statement))
        async with registration(url) as port:
            for number in range(ROUNDS + 1):  # the first warms up
                names = [f"bench-{number}-{one}" for one in range(EDITIONS_PER_ROUND)]
                await given_editions(port, bearer, *names)
                ours.append(count / await seconds_of("post", str(port), bearer, *names))
                raw.append(count / await seconds_of("insert", url, str(count)))
        async with database.engine.connect() as connection:
            registered = await connection.execute(
                text("SELECT count(*) FROM delegations WHERE state = 'nominated'")
            )
            assert registered.scalar_one() == count * (ROUNDS + 1)
        await database.dispose()
    ratios = [one / other for one, other in zip(ours[1:], raw[1:], strict=True)]
    print(  # noqa: T201  # a benchmark is there to be read
        f"\nregistrations with three wishes and five facts, fsync on, 8 at a time, {count} a round, {ROUNDS} rounds in turn, medians:"
        f"\n  HTTP, token, handler, domain, outbox, commit    {statistics.median(ours[1:]):8.0f}/s"
        f"\n  bare asyncpg: the form, five facts, commit      {statistics.median(raw[1:]):8.0f}/s"
        f"\n  ratio, round by round {', '.join(f'{ratio:.3f}' for ratio in ratios)}; median {statistics.median(ratios):.3f}"
    )
    assert min(ours) > 0
