"""A service as a process of its own: it starts or says why not, tells its collector, and stops when it is told to."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from summit_chassis.database import Database
from summit_chassis.identity import Role
from summit_cli.servers.nats import NatsServer
from summit_cli.servers.ports import free_port
from summit_testkit.collector import CollectedSpan, Collector, collecting
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.services import TOKEN_KEYS, applied_reasons
from summit_testkit.probe.serving import bearer

AT_MOST_SECONDS = 20.0
"""With a process that goes down on a busy machine; who waits for what never comes is not done by then."""

CLIENTS_KEEP_SECONDS = httpx.Limits().keepalive_expiry or 0.0
"""As long as a connection without a request is kept by who asks with httpx, as the portal does."""


@dataclass
class Process:
    """One of the probe's services, started as its operators would start it."""

    url: str
    handle: asyncio.subprocess.Process

    async def is_live(self) -> None:
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{self.url}/health/live")).status_code == 200

    async def is_ready(self) -> None:
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"{self.url}/health/ready")
            assert answer.status_code == 200, answer.text

    async def connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which nothing was asked yet."""
        host, port = self.url.removeprefix("http://").split(":")
        return await asyncio.open_connection(host, int(port))

    async def ends(self, number: signal.Signals) -> tuple[int, float, str]:
        """Its exit code, the seconds it took, and what it had to say."""
        started = time.monotonic()
        self.handle.send_signal(number)
        said, _ = await asyncio.wait_for(self.handle.communicate(), timeout=60)
        assert self.handle.returncode is not None
        return self.handle.returncode, time.monotonic() - started, said.decode()


Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts a service with these variables; what still runs at the end is killed."""
    running: list[Process] = []

    async def start(service: str, role: str = "serve", **variables: str) -> Process:
        port = free_port()
        own = {f"SUMMIT_{name.upper()}": value for name, value in variables.items()}
        surroundings = {
            "SUMMIT_HTTP_PORT": str(port),
            "SUMMIT_TOKEN_KEYS": TOKEN_KEYS,
            "PROBE_SERVICE": service,
        }
        handle = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "summit_testkit.probe.application",
            role,
            env={**os.environ, **surroundings, **own},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        running.append(Process(f"http://127.0.0.1:{port}", handle))
        return running[-1]

    yield start
    for process in running:
        if process.handle.returncode is None:
            process.handle.kill()
            await process.handle.communicate()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


async def test_one_trace_leads_from_a_request_across_the_stream_to_the_handler(
    databases: Databases,
    probe_template: str,
    provisioned_nats: NatsServer,
    start: Start,
    collector: Collector,
) -> None:
    source, sink = databases.fresh(probe_template), databases.fresh(probe_template)
    told = {"nats_url": provisioned_nats.url, "otlp_endpoint": collector.url}  # the collector's address alone
    publisher, hearer = await asyncio.gather(
        start("publisher", database_url=source, **told), start("hearer", database_url=sink, **told)
    )
    await eventually(publisher.is_ready)
    await eventually(hearer.is_ready)
    async with httpx.AsyncClient() as http:
        answer = await http.post(
            f"{publisher.url}/editions/probe/notes/KE",
            json={"text": "seen"},
            headers={**bearer(Role.REGISTRATION), "x-correlation-id": "case-7"},
        )
    assert answer.status_code == 201
    database = Database(sink, service="test", pool=2)

    async def it_is_applied() -> None:
        assert await applied_reasons(database) == ["seen"]

    await eventually(it_is_applied)
    await database.dispose()
    codes = [(await process.ends(signal.SIGTERM))[0] for process in (publisher, hearer)]
    assert codes == [0, 0]  # in good order, so that the last spans are out

    assert collector.paths == {"/v1/traces"}
    request = the_one(collector, "POST /editions/{edition_id}/notes/{invitee}")
    handling = the_one(collector, "apply summit.registration.delegation_withdrawn.v1")
    assert (request.service, handling.service) == ("summit-registration", "summit-notifications")
    assert handling.trace_id == request.trace_id
    assert handling.parent_id == request.span_id


def the_one(collector: Collector, name: str) -> CollectedSpan:
    found = [span for span in collector.spans if span.name == name]
    assert len(found) == 1, [span.name for span in collector.spans]
    return found[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_ends_in_good_order_within_its_time(
    number: signal.Signals, probe_url: str, provisioned_nats: NatsServer, start: Start
) -> None:
    process = await start("hearer", database_url=probe_url, nats_url=provisioned_nats.url)
    await eventually(process.is_ready)
    code, seconds, said = await process.ends(number)
    assert code == 0
    assert seconds < AT_MOST_SECONDS
    assert "Traceback" not in said


async def test_told_to_stop_while_nats_is_away_it_ends_at_once(probe_url: str, start: Start) -> None:
    process = await start("hearer", database_url=probe_url, nats_url="nats://127.0.0.1:1")
    await eventually(process.is_live)
    code, seconds, said = await process.ends(signal.SIGTERM)
    assert code == 0
    assert seconds < AT_MOST_SECONDS
    assert "Traceback" not in said


async def test_told_to_stop_while_a_client_keeps_its_connection_open_it_ends_within_its_time(
    probe_url: str, provisioned_nats: NatsServer, start: Start
) -> None:
    process = await start("publisher", database_url=probe_url, nats_url=provisioned_nats.url)
    await eventually(process.is_ready)
    _, idle = await process.connection()
    _, slow = await process.connection()
    slow.write(
        b"POST /editions/probe/notes/KE HTTP/1.1\r\nHost: probe\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{"
    )
    await slow.drain()
    code, seconds, _ = await process.ends(signal.SIGTERM)
    for writer in (idle, slow):
        writer.close()
    assert code == 0
    assert seconds < AT_MOST_SECONDS


async def test_a_connection_is_kept_longer_than_those_who_ask_keep_it(
    probe_url: str, provisioned_nats: NatsServer, start: Start
) -> None:
    """Both let go after 5 s; what was asked at that moment was lost, and its answer was that nobody answers."""
    process = await start("publisher", database_url=probe_url, nats_url=provisioned_nats.url)
    await eventually(process.is_live)
    answers, idle = await process.connection()
    for _ in range(2):
        idle.write(b"GET /health/live HTTP/1.1\r\nHost: probe\r\n\r\n")
        assert (await answers.readuntil(b"}")).startswith(b"HTTP/1.1 200 ")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(CLIENTS_KEEP_SECONDS + 1):
                pytest.fail(f"the service let go: {await answers.read()!r}")
    idle.close()


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ({"database_url": "postgresql+asyncpg://summit:changeme@localhost/x"}, "SUMMIT_DATABASE_URL"),
        ({"nats_url": ""}, "SUMMIT_NATS_URL"),
        ({"token_keys": "{"}, "SUMMIT_TOKEN_KEYS"),
        ({"token_keys": '{"keys": [{"kty": "OKP"}]}'}, "SUMMIT_TOKEN_KEYS"),
    ],
)
async def test_told_something_wrong_it_does_not_start_and_says_what(
    variables: dict[str, str], names: str, start: Start
) -> None:
    good = {"database_url": "postgresql+asyncpg://summit@127.0.0.1:1/x", "nats_url": "nats://127.0.0.1:1"}
    process = await start("publisher", **{**good, **variables})
    said, _ = await asyncio.wait_for(process.handle.communicate(), timeout=60)
    assert process.handle.returncode not in (0, None)
    assert names in said.decode()
    assert "changeme" not in said.decode()
    assert "Traceback" not in said.decode()


async def test_a_role_that_there_is_not_is_named(start: Start) -> None:
    process = await start("publisher", role="dance")
    said, _ = await asyncio.wait_for(process.handle.communicate(), timeout=60)
    assert process.handle.returncode not in (0, None)
    assert "'dance' is no role" in said.decode()


async def test_a_database_is_migrated_from_the_command_line(
    database_url: str, provisioned_nats: NatsServer, start: Start
) -> None:
    told = {"database_url": database_url, "nats_url": provisioned_nats.url}
    migrating = await start("publisher", role="migrate", **told)
    await asyncio.wait_for(migrating.handle.communicate(), timeout=60)
    assert migrating.handle.returncode == 0
    serving = await start("publisher", **told)
    await eventually(serving.is_ready)
