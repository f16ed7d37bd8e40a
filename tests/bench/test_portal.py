"""The portal with the full play of UNCOPS 2022 in it: pages, figures and facts for many, and the read model made anew."""

import asyncio
import contextlib
import io
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from rich.console import Console

from summit_chassis.identity import Role
from summit_cli.checkout import edition_files
from summit_cli.editions import read
from summit_cli.play.performance import Performance
from summit_cli.play.size import USUAL
from summit_cli.renewing import renewed
from summit_cli.servers.ports import free_port
from summit_cli.streams import stored
from summit_cli.system import System
from summit_portal.events.subscribers import subscribers
from summit_testkit.browser.stage import Stage
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, form
from summit_testkit.together import machine_at, spring
from summit_testkit.traffic import connection, load, processor_seconds, resident_bytes

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(1200)]

EDITION = "uncops-2022"
PUBLIC = ("", "/participants", "/programme", "/pledges", "/compacts")
CONSOLE = ("", "/registrations", "/timetable", "/pledges", "/letters", "/facts")
DELEGATION = ("", "/form", "/bilaterals", "/agenda", "/pledges", "/letters")
LOOKS = 20
"""Requests for each page, one after the other."""
FOLLOWERS = 500
ROUNDS = 3


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Every service, each one process, after the full play."""
    clock = spring()
    with machine_at(tmp_path_factory.mktemp("portal"), clock) as machine:
        async with System(machine, clock, tell=lambda _: None) as system:
            files = edition_files(EDITION)
            nowhere = Console(file=io.StringIO())
            play = Performance(system.deployment, read(files.edition), files, nowhere, USUAL)
            assert await play.play_once(machine.state), "the play's counts do not agree with the streams"
            yield Stage(system, machine, EDITION)


def port_of(stage: Stage) -> int:
    port = urlsplit(stage.portal).port
    assert port
    return port


def pid_of(stage: Stage) -> int:
    return stage.system.supervisor.kept["portal"].pid


async def test_server_time_of_pages(stage: Stage) -> None:
    """Each page in Arabic, one request at a time, from the request to the last byte."""
    nominator = stage.session(stage.outsider.token(invitee=await stage.busy_invitee()))
    staff = stage.session(stage.outsider.token(Role.ADMIN))
    pages = [
        *((f"/ar/{EDITION}{one}", "") for one in PUBLIC),
        *((f"/ar/console/{EDITION}{one}", "=".join(staff)) for one in CONSOLE),
        *((f"/ar/delegation{one}", "=".join(nominator)) for one in DELEGATION),
    ]
    lines = []
    for path, cookie in pages:
        await load(port_of(stage), path, requests=5, cookie=cookie)
        before = processor_seconds(pid_of(stage))
        seen = await load(port_of(stage), path, requests=LOOKS, cookie=cookie)
        used = (processor_seconds(pid_of(stage)) - before) / LOOKS
        lines.append((seen.percentile(0.95), seen.percentile(0.5), used, path))
    lines.sort(reverse=True)
    told = [
        f"\n  {path:40} {late * 1000:7.1f} {usual * 1000:7.1f} {used * 1000:7.1f}"
        for late, usual, used, path in lines
    ]
    print(  # noqa: T201  # a benchmark is there to be read
        f"\nserver time of pages, one request at a time, {LOOKS} of each, the heaviest first, milliseconds:"
        f"\n  {'':40} {'p95':>7} {'median':>7} {'CPU':>7}" + "".join(told)
    )


async def test_public_pages_against_a_bare_page(stage: Stage, tmp_path: Path) -> None:
    """Eight connections, each asking again at once; the bare page is as long as the page it is compared with."""
    async with httpx.AsyncClient() as client:
        found = {one: (await client.get(f"{stage.portal}/en/{EDITION}{one}")).text for one in PUBLIC}
    print(f"\nrequests per second, 8 at a time, {ROUNDS} rounds in turn, medians:")  # noqa: T201  # to be read
    for place, text in found.items():
        file = tmp_path / f"page{place.replace('/', '-')}.html"
        file.write_text(text, encoding="utf-8")
        async with bare(file) as port:
            ours, raw = [], []
            for _ in range(ROUNDS):
                ours.append(
                    (await load(port_of(stage), f"/en/{EDITION}{place}", requests=1000, connections=8)).rate
                )
                raw.append((await load(port, "/", requests=2000, connections=8)).rate)
        ratios = [one / other for one, other in zip(ours, raw, strict=True)]
        print(  # noqa: T201  # to be read
            f"  {f'/en/{EDITION}{place}':34} {len(text):7} characters {statistics.median(ours):7.0f}/s,"
            f" bare {statistics.median(raw):7.0f}/s, ratio {', '.join(f'{one:.3f}' for one in ratios)}"
        )


@contextlib.asynccontextmanager
async def bare(file: Path) -> AsyncIterator[int]:
    """Starlette alone with this page, in a process of its own, on this port."""
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("bare.py")), str(port), str(file), stdout=DEVNULL
    )
    try:

        async def is_up() -> None:
            async with connection(port):
                return

        await eventually(is_up, within=60)
        yield port
    finally:
        server.terminate()
        await server.wait()


async def test_the_read_model_made_anew(stage: Stage) -> None:
    """While the portal serves, against reading the same streams and doing nothing with them."""
    ours, raw, count = [], [], 0
    url = stage.machine.postgres.url("portal")
    for _ in range(ROUNDS):
        done = await renewed(stage.system.deployment, url)
        ours.append(done.facts / done.seconds)
        started, count = time.perf_counter(), 0
        async with stage.system.deployment.broker() as client:
            for stream in subscribers.streams:
                async for _message in stored(client, stream):
                    count += 1
        raw.append(count / (time.perf_counter() - started))
    ratios = ", ".join(f"{one / other:.2f}" for one, other in zip(ours, raw, strict=True))
    print(  # noqa: T201  # a benchmark is there to be read
        f"\nread model of {count} facts made anew, {ROUNDS} rounds in turn, medians: {statistics.median(ours):.0f}/s;"
        f" the streams read and nothing done {statistics.median(raw):.0f}/s; ratio {ratios}"
    )


async def test_many_follow_one_process(stage: Stage) -> None:
    """Five hundred browsers follow the facts of a summit over a connection each, and every one is told of what happens."""
    outsider = Outsider(stage.system.deployment, stage.machine.mailbox, "followed-by-many")
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await eventually(lambda: load(port_of(stage), f"/en/{outsider.edition_id}", requests=1))
    before, used = resident_bytes(pid_of(stage)), processor_seconds(pid_of(stage))
    asked = f"GET /live/{outsider.edition_id}/facts HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()
    async with contextlib.AsyncExitStack() as stack:
        followers = [await stack.enter_async_context(connection(port_of(stage))) for _ in range(FOLLOWERS)]
        for reader, writer in followers:
            writer.write(asked)
            await reader.readuntil(b"retry: ")
        connected, after = processor_seconds(pid_of(stage)) - used, resident_bytes(pid_of(stage))
        await outsider.register("KE", form("KE"))
        started = time.perf_counter()
        await asyncio.gather(*(reader.readuntil(b"delegation_registered") for reader, _ in followers))
        told = time.perf_counter() - started
    print(  # noqa: T201  # a benchmark is there to be read
        f"\n{FOLLOWERS} event streams on one process: {before / 2**20:.0f} MiB before, {after / 2**20:.0f} MiB with them,"
        f" {(after - before) / FOLLOWERS / 1024:.1f} KiB each; opening took {connected:.2f} processor seconds;"
        f" {told:.2f} s from the answer to the form until the last was told"
    )
