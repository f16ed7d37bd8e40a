"""What Ctrl-C ends and what the next start finds: everything is started as a person starts it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from summit_cli.services import SERVICES
from summit_cli.state import State
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import SummitFile

SERVERS = {"nats", "postgres", "mailbox", "issuer"}


@pytest.fixture
def state(server_directory: Path, request: pytest.FixtureRequest) -> State:
    """A directory of this test's own."""
    return State(server_directory / f"own-{request.node.name[:30]}")


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A small summit to be played."""
    file = tmp_path / "small.toml"
    file.write_text(SummitFile("small").text, encoding="utf-8")
    return file


@asynccontextmanager
async def launched(state: State, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command `summit`, killed if it does not end by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "summit_cli.main", "--var", str(state.directory), *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.timeout(400)
async def test_ctrl_c_ends_everything_in_time_and_the_next_start_goes_on_where_it_was(
    state: State, edition: Path
) -> None:
    async with launched(state, "run", str(edition)) as run:
        shown = await said(run, "Delegations registered")
        assert "It is 2022" in shown or "show 2022" in shown
        assert {one.name for one in state.running()} == {*SERVERS, *SERVICES}
        published = await answer(state, "/editions/small")
        await ended(run, state, code=130)
    async with launched(state, "run", str(edition)) as run:
        assert "all agree" in await said(run, "Ctrl-C stops")
        assert await answer(state, "/editions/small") == published
        async with launched(state, "up") as refused:
            assert await refused.wait() == 1
        await ended(run, state, code=0)
    async with launched(state, "up", "--as-of", "2022-06-01T09:00Z") as refused:
        assert await refused.wait() == 1
    async with launched(state, "run", str(edition), "--then-stop") as run:
        out, _ = await run.communicate()
        assert run.returncode == 0, out.decode()
        assert "was played here before" in out.decode()
        assert state.running() == []


async def test_ctrl_c_while_starting_leaves_nothing_behind(state: State) -> None:
    async with launched(state, "up") as up:
        await said(up, "postgres answers")
        await ended(up, state, code=0)


async def said(process: asyncio.subprocess.Process, words: str) -> str:
    """All that the command had said when it came to these words."""
    assert process.stdout is not None
    heard = ""
    while words not in heard:
        line = await asyncio.wait_for(process.stdout.readline(), timeout=120)
        assert line, f"it ended before it said {words!r}: {heard}"
        heard += line.decode()
    return heard


async def ended(process: asyncio.subprocess.Process, state: State, *, code: int) -> None:
    """Ctrl-C ended the command and everything it had started."""
    process.send_signal(signal.SIGINT)
    drained = asyncio.create_task(process.communicate())
    out, _ = await asyncio.wait_for(drained, timeout=60)
    assert process.returncode == code, out.decode()
    assert "Traceback" not in out.decode()
    assert state.running() == []


async def answer(state: State, path: str) -> object:
    """What registration answers to anybody."""

    async def asked() -> object:
        url = f"http://127.0.0.1:{state.ports()['registration']}{path}"
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.get(url)).raise_for_status().json()

    return await eventually(asked)
