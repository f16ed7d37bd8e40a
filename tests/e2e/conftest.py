"""The whole of Summit, started once by the code that `summit up` runs, and an outsider for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from summit_cli.clock import Clock
from summit_cli.machine import Machine
from summit_cli.system import System
from summit_testkit import together
from summit_testkit.contained import Runner
from summit_testkit.scenarios import Command, Outsider, Visitor
from summit_testkit.scenarios.focal_point import through_the_door
from summit_testkit.scenarios.outsider import edition_id_for
from summit_testkit.together import kept_together, machine_at

SignIn = Callable[..., Awaitable[Visitor]]
Enter = Callable[[str], Awaitable[Visitor]]
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before the tests are handed out by their groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Services are supervised by the loop that started them, so all tests here share one loop, and one process."""
    kept_together(items, HERE, "e2e")


@pytest.fixture(scope="session")
def spring() -> Clock:
    """A clock that shows June 2022, when delegations register."""
    return together.spring()


@pytest.fixture(scope="session")
def machine(server_directory: Path, spring: Clock) -> Iterator[Machine]:
    """NATS, PostgreSQL, the mailbox and the provider of the shared system, which all live in that spring."""
    with machine_at(server_directory / "summit", spring) as machine:
        yield machine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(machine: Machine, spring: Clock, runner: Runner) -> AsyncIterator[System]:
    """Every service, ready; tests tell themselves apart by their editions, and leave no dead letter."""
    async with System(machine, spring, tell=lambda _: None, program=runner.program) as system:
        yield system


@pytest.fixture
def outsider(system: System, machine: Machine, request: pytest.FixtureRequest) -> Outsider:
    """Somebody outside with a summit of this test's own, not yet published."""
    return Outsider(system.deployment, machine.mailbox, edition_id_for(request.node.name))


@pytest.fixture
def summit(system: System, machine: Machine) -> Command:
    """The command, with everything running."""
    assert system.services
    return Command(machine.state.directory)


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(outsider: Outsider) -> AsyncIterator[SignIn]:
    """Signs a focal point in, in a browser of its own; to a summit that is open."""
    async with AsyncExitStack() as stack:

        async def entered(code: str, language: str = "en") -> Visitor:
            visitor = await stack.enter_async_context(Visitor(outsider.deployment.addresses["portal"]))
            await through_the_door(outsider, visitor, code, language)
            return visitor

        yield entered


@pytest_asyncio.fixture(loop_scope="session")
async def enter(outsider: Outsider, machine: Machine) -> AsyncIterator[Enter]:
    """Somebody of this desk, signed in by the provider, in a browser of their own."""
    async with AsyncExitStack() as stack:

        async def entered(desk: str) -> Visitor:
            visitor = await stack.enter_async_context(Visitor(outsider.deployment.addresses["portal"]))
            await visitor.open(machine.issuer.link(desk))
            assert visitor.status == 200, visitor.page.text
            return visitor

        yield entered
