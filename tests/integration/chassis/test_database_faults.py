"""A database that hangs, dies or answers half: nothing is blamed for it, nothing is lost by it, nothing is done twice."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis import database as chassis_database
from summit_chassis import inbox, migrations
from summit_chassis.applying import Verdict
from summit_chassis.arrivals import Parsed
from summit_chassis.database import Database
from summit_chassis.faults import DatabaseSilent, is_passing
from summit_chassis.identity import Role
from summit_chassis.inbox import Inbox
from summit_cli.servers.postgres import PostgresServer
from summit_testkit.disk import Disk, disk_at
from summit_testkit.eventually import eventually
from summit_testkit.probe.application import publisher
from summit_testkit.probe.services import ProbeUnit, applied_reasons, delivered, hearing
from summit_testkit.probe.serving import bearer, serving, settings_of


@pytest.fixture(scope="module")
def disk(server_directory: Path) -> Iterator[Disk | None]:
    """What the server of these tests lies on; none where nobody may mount one."""
    with disk_at(server_directory / "mortal") as disk:
        yield disk


@pytest.fixture
def mortal(server_directory: Path, disk: Disk | None) -> Iterator[PostgresServer]:
    """A server of this test's own."""
    del disk  # it is there before the server, and longer
    with PostgresServer(server_directory / "mortal") as server:
        server.create_database("probe")
        yield server
        server.drop_database("probe")


async def is_there(server: PostgresServer) -> None:
    """It takes connections, after it was started again or went on by itself."""
    if not server.alive:
        server.restart()  # in this thread: the server ends when the one that began it does
    assert server.has_database("probe")


async def migrated(url: str) -> str:
    await migrations.upgrade(url, publisher.versions, publisher.metadata)
    return url


class Hanging:
    """All processes of a server, which neither read nor answer between `pause` and `resume`."""

    def __init__(self, server: PostgresServer) -> None:
        self._main = psutil.Process(server.pid)

    def _send(self, number: signal.Signals) -> None:
        for process in (self._main, *self._main.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def __enter__(self) -> None:
        self._send(signal.SIGSTOP)

    def __exit__(self, *_: object) -> None:
        self._send(signal.SIGCONT)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that waits half a minute for an answer in production waits five seconds here."""
    monkeypatch.setattr(chassis_database, "_SILENCE_SECONDS", 5 - chassis_database.STATEMENT_SECONDS)


@contextmanager
def hurried_handlers() -> Iterator[None]:
    """What hangs is given up at once meanwhile; before and after it, a batch may take as long as the machine needs."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(inbox, "HANDLER_SECONDS", 0.5)
        yield


@pytest.mark.usefixtures("impatient")
async def test_a_message_is_not_blamed_for_a_database_that_hangs(mortal: PostgresServer) -> None:
    database = Database(await migrated(mortal.url("probe")), service="notifications", pool=3)
    applying = Inbox(database, hearing(), ProbeUnit, max_attempts=1)
    await applying.apply([delivered("1")])
    for deliveries in (1, 5):  # also when it came so often that it is counted beforehand
        with Hanging(mortal), hurried_handlers(), pytest.raises((DatabaseSilent, OSError)):
            await applying.apply([delivered("2", 2, deliveries)])
    verdicts = await applying.apply([delivered("2", 2)])
    assert [verdict.outcome for verdict in verdicts] == ["applied"]
    assert await applied_reasons(database) == ["1", "2"]
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM dead_letter"))).scalar_one() == 0
    await database.dispose()


async def test_a_handler_that_hangs_is_blamed_while_the_database_answers(mortal: PostgresServer) -> None:
    database = Database(await migrated(mortal.url("probe")), service="notifications", pool=3)
    applying = Inbox(database, hearing(), ProbeUnit, max_attempts=1)
    with hurried_handlers():
        verdicts = await applying.apply([delivered("hangs")])
    assert [verdict.outcome for verdict in verdicts] == ["dead"]
    await database.dispose()


async def test_a_message_is_not_blamed_for_connections_that_are_all_in_use(probe_url: str) -> None:
    """What it may take begins when it can begin."""
    database = Database(probe_url, service="notifications", pool=1)
    applying = Inbox(database, hearing(), ProbeUnit, max_attempts=1)
    async with database.engine.connect():
        with hurried_handlers(), pytest.raises(DatabaseSilent):
            await applying.apply([delivered("1")])
    assert [verdict.outcome for verdict in await applying.apply([delivered("1")])] == ["applied"]
    await database.dispose()


async def test_what_was_under_way_when_the_database_went_away_is_applied_together_when_it_is_back(
    mortal: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was delivered often meanwhile, and kills nobody."""

    async def alone(self: Inbox[Any], one: Parsed, **_: Any) -> Verdict:
        raise AssertionError(f"{one.message_id} is tried alone")

    monkeypatch.setattr(Inbox, "_apply_alone", alone)
    database = Database(await migrated(mortal.url("probe")), service="notifications", pool=3)
    applying = Inbox(database, hearing(), ProbeUnit)
    mortal.kill()
    for deliveries in range(1, 4):
        with pytest.raises((DBAPIError, OSError)):
            await applying.apply([delivered("1"), delivered("2", 2, deliveries)])
    await is_there(mortal)
    verdicts = await applying.apply([delivered("1", 1, 4), delivered("2", 2, 5)])
    assert [verdict.outcome for verdict in verdicts] == ["applied", "applied"]
    await database.dispose()


@pytest.mark.usefixtures("impatient")
async def test_a_request_is_answered_though_the_database_hangs(mortal: PostgresServer) -> None:
    url = await migrated(mortal.url("probe"))
    async with serving(publisher, settings_of(url, "nats://127.0.0.1:1"), "http") as served:
        assert (await served.http.get("/notes")).status_code == 200
        with Hanging(mortal):
            answer = await served.http.get("/notes")
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:summit:problem:unavailable")
            ready = await served.http.get("/health/ready")
            assert "no answer" in ready.json()["checks"]["database"]

        async def it_is_answered_again() -> None:
            assert (await served.http.get("/notes")).status_code == 200

        await eventually(it_is_answered_again)


async def test_a_database_restarted_at_once_is_used_again_without_a_restart_of_the_service(
    mortal: PostgresServer,
) -> None:
    url = await migrated(mortal.url("probe"))
    async with serving(publisher, settings_of(url, "nats://127.0.0.1:1"), "http") as served:
        assert (await served.http.get("/notes")).status_code == 200
        mortal.kill()
        answer = await served.http.get("/notes")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:summit:problem:unavailable")
        mortal.restart()
        assert (await served.http.get("/notes")).status_code == 200


@dataclass
class Gateway:
    """A way to the database on which the answer to a commit can be lost."""

    url: str
    loses_next_commit: bool = False
    lost: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def pass_on(self, client: asyncio.StreamReader, back: asyncio.StreamWriter, port: int) -> None:
        server, to_server = await asyncio.open_connection("127.0.0.1", port)
        committing = asyncio.Event()

        async def upward() -> None:
            while block := await client.read(65536):
                if self.loses_next_commit and b"COMMIT" in block:
                    self.loses_next_commit = False
                    committing.set()
                to_server.write(block)
            to_server.close()

        async def downward() -> None:
            while block := await server.read(65536):
                if committing.is_set():  # the answer is there, so it is committed; nobody will hear of it
                    self.lost += 1
                    break
                back.write(block)
            back.close()
            to_server.close()

        await asyncio.gather(upward(), downward(), return_exceptions=True)


@asynccontextmanager
async def gateway(url: str) -> AsyncIterator[Gateway]:
    """A gateway in front of this database."""
    host, port = url.split("@")[1].split("/", maxsplit=1)[0].split(":")
    way = Gateway(url)
    server = await asyncio.start_server(
        lambda reader, writer: way.pass_on(reader, writer, int(port)), host, 0
    )
    way.url = url.replace(f":{port}/", f":{server.sockets[0].getsockname()[1]}/")
    yield way
    server.close()


async def test_a_batch_whose_commit_was_not_heard_of_is_applied_once(probe_url: str) -> None:
    async with gateway(probe_url) as way:
        database = Database(way.url, service="notifications", pool=2)
        applying = Inbox(database, hearing(), ProbeUnit)
        messages = [delivered("1"), delivered("2", 2)]
        way.loses_next_commit = True
        with pytest.raises(DBAPIError) as failure:
            await applying.apply(messages)
        assert way.lost == 1
        assert is_passing(failure.value)
        assert [verdict.outcome for verdict in await applying.apply(messages)] == ["known", "known"]
        assert await applied_reasons(database) == ["1", "2"]
        await database.dispose()


async def test_a_creation_whose_commit_was_not_heard_of_is_answered_when_it_is_repeated(
    probe_url: str,
) -> None:
    headers = {**bearer(Role.REGISTRATION), "idempotency-key": "key-1"}
    async with (
        gateway(probe_url) as way,
        serving(publisher, settings_of(way.url, "nats://127.0.0.1:1"), "http") as served,
    ):
        assert (await served.http.get("/notes")).json() == 0
        way.loses_next_commit = True
        lost = await served.http.post("/editions/probe/notes/KE", json={"text": "seen"}, headers=headers)
        assert (lost.status_code, lost.json()["type"]) == (503, "urn:summit:problem:unavailable")
        assert "Nothing was changed" not in lost.text
        again = await served.http.post("/editions/probe/notes/KE", json={"text": "seen"}, headers=headers)
        assert (again.status_code, again.headers["idempotent-replay"]) == (201, "true")
        assert (await served.http.get("/notes")).json() == 1


STATEMENTS: dict[str, tuple[str, bool]] = {
    "a wrong statement": ("SELEKT 1", False),
    "a division by zero": ("SELECT 1/0", False),
    "a row that is there already": ("INSERT INTO written VALUES (1), (1)", False),
    "a server that only reads": (
        "DO $$BEGIN SET TRANSACTION READ ONLY; INSERT INTO written VALUES (1); END$$",
        True,
    ),
    "an administrator ended it": ("SELECT pg_terminate_backend(pg_backend_pid())", True),
    "a lock held by somebody else": ("LOCK TABLE notes NOWAIT", True),
    "a statement that took too long": (
        "DO $$BEGIN RAISE EXCEPTION 'canceling statement' USING ERRCODE = '57014'; END$$",
        True,
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
async def test_what_lies_in_the_surroundings_is_told_from_what_lies_in_the_work(
    name: str, probe_url: str
) -> None:
    statement, expected = STATEMENTS[name]
    database = Database(probe_url, service="probe", pool=3)

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(text(statement))

    async with database.engine.begin() as other:
        await other.execute(text("LOCK TABLE notes"))
        async with database.engine.connect() as connection:
            with pytest.raises(DBAPIError) as failure:
                await work(connection)
    assert is_passing(failure.value) is expected
    await database.dispose()


async def test_a_connection_given_up_in_the_middle_is_no_fault_of_the_work_and_a_wrong_value_is(
    probe_url: str,
) -> None:
    """What was under way when a request was given up is still under way when its connection is to roll back."""
    database = Database(probe_url, service="probe", pool=2)
    async with database.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))  # a transaction is open
        raw = await connection.get_raw_connection()
        assert raw.driver_connection
        under_way = asyncio.ensure_future(raw.driver_connection.execute("SELECT pg_sleep(0.5)"))
        await asyncio.sleep(0)
        with pytest.raises(DBAPIError) as broken_off:
            await connection.execute(text("SELECT 1"))
        await under_way
    assert is_passing(broken_off.value)
    async with database.engine.connect() as connection:
        with pytest.raises(DBAPIError) as wrong:
            await connection.execute(text("SELECT CAST(:number AS int)"), {"number": "many"})
    assert not is_passing(wrong.value)
    await database.dispose()


async def test_a_message_is_not_blamed_for_a_disk_that_is_full(
    mortal: PostgresServer, disk: Disk | None
) -> None:
    if disk is None:
        pytest.skip("a disk is mounted, which only root may")
    database = Database(await migrated(mortal.url("probe")), service="notifications", pool=3)
    applying = Inbox(database, hearing(), ProbeUnit, max_attempts=1)
    disk.fill()
    try:
        number, failure = await applied_until_it_fails(applying)
    finally:
        disk.make_room()
    assert is_passing(failure)
    await eventually(lambda: is_there(mortal), within=60)
    verdicts = await applying.apply([delivered(f"{number}", number)])
    assert [one.outcome for one in verdicts] == ["applied"]
    assert len(await applied_reasons(database)) == number
    await database.dispose()


async def applied_until_it_fails(applying: Inbox[ProbeUnit]) -> tuple[int, Exception]:
    """The first message, counted from 1, that is not applied, and what was raised instead."""
    for number in range(1, 20_000):
        try:
            await applying.apply([delivered(f"{number}", number)])
        except Exception as failure:  # noqa: BLE001  # which one it is, is the question
            return number, failure
    raise AssertionError("a full disk takes everything")
