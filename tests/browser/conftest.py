"""One running system with a small play in it, one browser, and a fresh visitor for each test."""

import io
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from rich.console import Console

from summit_cli.checkout import edition_files
from summit_cli.clock import Clock
from summit_cli.editions import read
from summit_cli.machine import Machine
from summit_cli.play.performance import Performance
from summit_cli.play.size import Size
from summit_cli.system import System
from summit_testkit import together
from summit_testkit.absent import node_packages
from summit_testkit.browser.chromium import ARGUMENTS, PATIENCE, chromium
from summit_testkit.browser.stage import Stage
from summit_testkit.browser.walk import Viewer
from summit_testkit.together import kept_together, machine_at

HERE = Path(__file__).parent
EDITION = "uncops-2022"
MOST_SECONDS = 600
"""Of one test: the first also waits for the browser, the system and the play."""
SMALL = Size(delegations=12, wishes=30, solve_seconds=2)

expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(tryfirst=True)  # before the tests are handed out by their groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Services and browser belong to the loop that started them, so all tests here share one loop, and one process."""
    for item in kept_together(items, HERE, "browser"):
        item.add_marker(pytest.mark.timeout(MOST_SECONDS))


@pytest.fixture(scope="session")
def spring() -> Clock:
    """A clock that shows June 2022, when delegations register."""
    return together.spring()


@pytest.fixture(scope="session")
def stage_machine(server_directory: Path, spring: Clock) -> Iterator[Machine]:
    """NATS, PostgreSQL, the mailbox and the provider below the stage, which all live in that spring."""
    with machine_at(server_directory / "stage", spring) as machine:
        yield machine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(browser: Browser, stage_machine: Machine, spring: Clock) -> AsyncIterator[Stage]:
    """Every service, ready, after a small play of UNCOPS 2022; asked for after the browser, which may not be there."""
    async with System(stage_machine, spring, tell=lambda _: None) as system:
        files = edition_files(EDITION)
        nowhere = Console(file=io.StringIO())
        play = Performance(system.deployment, read(files.edition), files, nowhere, SMALL)
        assert await play.play_once(stage_machine.state), "the play's counts do not agree with the streams"
        found = Stage(system, stage_machine, EDITION)
        await found.furnish()
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    path = chromium()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        await started.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The rules of axe-core, as a script."""
    node_packages(HERE / "node")
    return (HERE / "node" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, stage: Stage) -> AsyncIterator[BrowserContext]:
    """Somebody who was never here before."""
    context = await browser.new_context(base_url=stage.portal, locale="en")
    context.set_default_timeout(PATIENCE)
    yield context
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def viewers(browser: Browser, stage: Stage) -> AsyncIterator[Mapping[Viewer, BrowserContext]]:
    """Somebody of each kind, signed in where that kind is; they only look."""
    made = {viewer: await browser.new_context(base_url=stage.portal, locale="en") for viewer in Viewer}
    for viewer, context in made.items():
        context.set_default_timeout(PATIENCE)
        await stage.admit(context, viewer)
    yield made
    for context in made.values():
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(visitor: BrowserContext) -> AsyncIterator[Page]:
    """An empty tab; a test fails on what the page's own code or its rules complain about."""
    tab = await visitor.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield tab
    assert not complaints, complaints


@pytest_asyncio.fixture(loop_scope="session")
async def plain_page(browser: Browser, stage: Stage) -> AsyncIterator[Page]:
    """A tab of somebody whose browser runs no JavaScript."""
    context = await browser.new_context(base_url=stage.portal, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield await context.new_page()
    await context.close()
