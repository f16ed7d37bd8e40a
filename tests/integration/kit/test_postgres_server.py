import signal
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_cli.servers.accounts import unprivileged_account
from summit_cli.servers.child import Child
from summit_cli.servers.failures import ServerFailed
from summit_cli.servers.postgres import USER, PostgresServer
from summit_testkit.databases import Databases


@pytest.fixture
def own_directory(server_directory: Path, request: pytest.FixtureRequest) -> Path:
    return server_directory / f"own-{request.node.name[:40]}"


def test_data_survives_a_crash_a_stop_and_a_stale_pid_file(own_directory: Path) -> None:
    with PostgresServer(own_directory) as server:
        url = server.url("kept")
        server.create_database("kept")
        server.execute("CREATE TABLE words (word text); INSERT INTO words VALUES ('один')", database="kept")
        server.kill()
        assert not server.alive
        server.restart()
        assert server.url("kept") == url
        server.execute("INSERT INTO words VALUES ('اثنان')", database="kept")
    # A power cut leaves the file behind, and afterwards another program of the same account may carry that number.
    stranger = Child(
        "stranger", ["sleep", "60"], own_directory / "log", own_directory, account=unprivileged_account()
    )
    stranger.start()
    try:
        (own_directory / "cluster" / "postmaster.pid").write_text(
            f"{stranger.pid}\n{own_directory / 'cluster'}\n"
        )
        with PostgresServer(own_directory) as server:
            assert server.execute("SELECT word FROM words", database="kept").splitlines() == ["один", "اثنان"]
        assert stranger.alive
    finally:
        stranger.end(signal.SIGKILL, within=10)


def test_two_servers_on_one_directory_are_refused(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summit_cli.servers.postgres._PREDECESSOR_ENDS_WITHIN", 0.1)
    with (
        PostgresServer(own_directory, durable=False) as server,
        pytest.raises(ServerFailed, match=f"process {server.pid}"),
    ):
        PostgresServer(own_directory, durable=False).start()


def test_a_port_that_was_asked_for_and_is_taken_is_reported(
    postgres_server: PostgresServer, own_directory: Path
) -> None:
    with pytest.raises(ServerFailed, match="Address already in use"):
        PostgresServer(own_directory, port=postgres_server.port, durable=False).start()


async def test_sqlalchemy_reaches_a_fresh_empty_database_by_its_url(database_url: str) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.connect() as connection:
            tables = await connection.scalar(
                text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            )
            settings = {
                name: await connection.scalar(text(f"SHOW {name}"))
                for name in ("server_encoding", "timezone", "listen_addresses", "unix_socket_directories")
            }
    finally:
        await engine.dispose()
    assert tables == 0
    assert settings == {
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
    }


def test_exclusion_constraints_over_ranges_are_at_hand(
    postgres_server: PostgresServer, databases: Databases
) -> None:
    name = databases.fresh().rsplit("/", 1)[1]
    postgres_server.execute("CREATE EXTENSION btree_gist", database=name)
    postgres_server.execute(
        "CREATE TABLE room_use (room text, at tstzrange, EXCLUDE USING gist (room WITH =, at WITH &&))",
        database=name,
    )


def test_creating_a_database_again_keeps_what_is_in_it(postgres_server: PostgresServer) -> None:
    postgres_server.create_database("again")
    postgres_server.execute("CREATE TABLE kept ()", database="again")
    postgres_server.create_database("again")
    assert postgres_server.execute("SELECT count(*) FROM kept", database="again") == "0"
    postgres_server.drop_database("again")
    assert not postgres_server.has_database("again")


@pytest.mark.parametrize("name", ["", "Kept", "a-b", 'a"; DROP DATABASE postgres; --', "a" * 64])
def test_a_name_that_would_need_quotes_is_refused(postgres_server: PostgresServer, name: str) -> None:
    with pytest.raises(ValueError, match="lower-case letters"):
        postgres_server.create_database(name)


def test_what_the_server_refuses_is_said_in_its_words(postgres_server: PostgresServer) -> None:
    with pytest.raises(ServerFailed, match='relation "nowhere" does not exist'):
        postgres_server.execute("SELECT * FROM nowhere")


def test_each_fresh_database_is_another_and_is_dropped_afterwards(postgres_server: PostgresServer) -> None:
    given = Databases(postgres_server)
    names = [given.fresh().rsplit("/", 1)[1] for _ in range(2)]
    assert len(set(names)) == 2
    assert all(postgres_server.has_database(name) for name in names)
    given.drop_all()
    assert not any(postgres_server.has_database(name) for name in names)


def test_a_template_is_prepared_once_and_copied_with_its_rows(
    postgres_server: PostgresServer, databases: Databases
) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        name = url.rsplit("/", 1)[1]
        postgres_server.execute("CREATE TABLE rooms AS SELECT 'A' AS room", database=name)

    first = databases.template("rooms_of_the_test", prepare)
    assert databases.template("rooms_of_the_test", prepare) == first
    copy = databases.fresh(first).rsplit("/", 1)[1]
    assert len(prepared) == 1
    assert postgres_server.execute("SELECT room FROM rooms", database=copy) == "A"


def test_a_template_that_could_not_be_prepared_is_prepared_anew(
    postgres_server: PostgresServer, databases: Databases
) -> None:
    def fail(url: str) -> None:
        raise RuntimeError(url)

    with pytest.raises(RuntimeError):
        databases.template("unlucky", fail)
    prepared: list[str] = []
    databases.template("unlucky", prepared.append)
    assert len(prepared) == 1


async def test_a_database_somebody_is_connected_to_is_dropped_all_the_same(
    postgres_server: PostgresServer,
) -> None:
    given = Databases(postgres_server)
    url = given.fresh().replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        given.drop_all()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await connection.execute("SELECT 1")
    finally:
        connection.terminate()


def test_the_superuser_is_the_same_everywhere(postgres_server: PostgresServer) -> None:
    assert postgres_server.execute("SELECT current_user") == USER
