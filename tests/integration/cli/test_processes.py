import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest

from summit_cli.processes import Kept, Patience, Program, Supervisor, service
from summit_cli.servers.failures import ServerDied, ServerFailed
from summit_cli.servers.ports import free_port
from summit_cli.state import State
from summit_testkit.eventually import eventually

HASTE = Patience(first_delay=0.05, longest_delay=0.2, stops_within=1.0)
AMPLE = Patience(stops_within=30.0)
"""Longer than anybody takes who does as told, on any machine."""

ANSWERING = """
import http.server, os, signal, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status} if self.path == "/health/ready" else 404)
        self.end_headers()
        self.wfile.write(os.environ.get("WORD", "").encode())
    def log_message(self, *args):
        pass
{before}
print("listening", flush=True)
http.server.HTTPServer(("127.0.0.1", {port}), Answer).serve_forever()
"""


def answering(name: str, *, status: int = 200, before: str = "") -> Program:
    port = free_port()
    source = ANSWERING.format(status=status, before=before, port=port)
    return Program(name, (sys.executable, "-c", source), port, {"WORD": name})


def failing(name: str, why: str) -> Program:
    return Program(name, (sys.executable, "-c", f"raise SystemExit({why!r})"), free_port())


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "var")


@pytest.fixture
def said() -> list[str]:
    return []


async def test_programs_are_ready_have_their_environment_and_end_when_they_are_told_to(
    state: State, said: list[str]
) -> None:
    programs = [answering("one"), answering("two")]
    async with Supervisor(programs, state, tell=said.append, patience=AMPLE) as supervisor:
        await supervisor.ready(within=20)
        async with httpx.AsyncClient(trust_env=False) as client:
            words = [
                (await client.get(f"http://127.0.0.1:{program.port}/health/ready")).text
                for program in programs
            ]
        assert words == ["one", "two"]
        assert [running.name for running in state.running()] == ["one", "two"]
        start = time.monotonic()
        assert await supervisor.stop() == []
        assert time.monotonic() - start < AMPLE.stops_within
    assert state.running() == []
    assert said == []


async def test_a_crashed_program_is_started_again_counted_and_reported(state: State, said: list[str]) -> None:
    async with Supervisor([answering("one")], state, tell=said.append, patience=HASTE) as supervisor:
        await supervisor.ready(within=20)
        kept = supervisor.kept["one"]
        first = kept.pid
        os.kill(first, signal.SIGKILL)

        async def anew() -> None:
            assert kept.pid != first
            async with httpx.AsyncClient(trust_env=False) as client:
                assert await kept.ready(client)
            assert [running.restarts for running in state.running()] == [1]

        await eventually(anew)
    assert kept.restarts == 1
    assert len(said) == 1
    assert "one ended (SIGKILL) and starts again in 0.05 s; restart 1" in said[0]


async def test_the_delay_between_restarts_grows_to_its_limit(state: State, said: list[str]) -> None:
    patience = Patience(first_delay=0.01, longest_delay=0.04, early_crashes=6)
    supervisor = Supervisor([failing("one", "no")], state, tell=said.append, patience=patience)
    async with supervisor:
        with pytest.raises(ServerDied):
            await supervisor.watch()
    delays = [line.split(" in ")[1].split(";")[0] for line in said]
    assert delays == ["0.01 s", "0.02 s", "0.04 s", "0.04 s", "0.04 s"]


async def test_a_program_that_cannot_run_at_all_is_given_up_with_its_own_words(
    state: State, said: list[str]
) -> None:
    programs = [answering("one"), failing("two", "SUMMIT_NATS_URL: missing")]
    async with Supervisor(programs, state, tell=said.append, patience=HASTE) as supervisor:
        with pytest.raises(ServerDied, match=r"(?s)two cannot run: exit code 1.*SUMMIT_NATS_URL: missing"):
            await supervisor.ready(within=20)
        assert len(said) == HASTE.early_crashes - 1
    assert state.running() == []


async def test_a_program_that_was_ready_once_is_never_given_up(state: State, said: list[str]) -> None:
    async with Supervisor([answering("one")], state, tell=said.append, patience=HASTE) as supervisor:
        await supervisor.ready(within=20)
        kept = supervisor.kept["one"]
        for expected in range(1, HASTE.early_crashes + 2):
            await killed_again(kept, expected)
    assert kept.restarts == HASTE.early_crashes + 1


async def killed_again(kept: Kept, expected: int) -> None:
    def alive() -> int:
        assert kept.alive
        return kept.pid

    os.kill(await eventually(alive), signal.SIGKILL)

    def counted() -> None:
        assert kept.restarts == expected

    await eventually(counted)


async def test_a_program_that_is_not_ready_in_time_is_named_with_its_log(
    state: State, said: list[str]
) -> None:
    async with Supervisor(
        [answering("one", status=503)], state, tell=said.append, patience=HASTE
    ) as supervisor:

        def listens() -> None:
            assert "listening" in supervisor.kept["one"].log.read_text()

        await eventually(listens)
        with pytest.raises(ServerFailed, match=r"(?s)not ready after 0\.3 s: one.*listening"):
            await supervisor.ready(within=0.3)


async def test_a_stubborn_program_is_killed_in_time_and_named(state: State, said: list[str]) -> None:
    deaf = answering("one", before="signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    async with Supervisor([deaf, answering("two")], state, tell=said.append, patience=HASTE) as supervisor:
        await supervisor.ready(within=20)
        start = time.monotonic()
        assert await supervisor.stop() == ["one"]
        assert HASTE.stops_within <= time.monotonic() - start < HASTE.stops_within + AMPLE.stops_within
    assert said == ["one did not end within 1 s and was killed"]
    assert state.running() == []


async def test_a_program_that_waits_to_be_restarted_is_stopped_without_waiting(
    state: State, said: list[str]
) -> None:
    patience = Patience(first_delay=60, longest_delay=60)
    async with Supervisor([failing("one", "no")], state, tell=said.append, patience=patience) as supervisor:

        def waits() -> None:
            assert said

        await eventually(waits)
        start = time.monotonic()
        await supervisor.stop()
        assert time.monotonic() - start < patience.first_delay / 2
    assert supervisor.kept["one"].restarts == 1


async def test_a_missing_program_is_reported_at_once(state: State, said: list[str]) -> None:
    nothing = Program("one", (str(state.directory / "nothing"),), free_port())
    async with Supervisor([nothing], state, tell=said.append) as supervisor:
        with pytest.raises(ServerFailed, match="one cannot be started"):
            await supervisor.ready(within=20)


async def test_watching_can_be_given_up_without_harm_to_the_programs(state: State, said: list[str]) -> None:
    async with Supervisor([answering("one")], state, tell=said.append) as supervisor:
        await supervisor.ready(within=20)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(supervisor.watch(), timeout=0.1)
        assert supervisor.kept["one"].alive
        assert await supervisor.stop() == []


def test_a_service_is_this_python_with_its_module_and_all_roles() -> None:
    program = service("registration", 8001, {"SUMMIT_HTTP_PORT": "8001"})
    assert list(program.argv) == [sys.executable, "-m", "summit_registration", "serve"]
