"""A database that does not let a service in, or that it must not believe: one line names what has to be mended."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_cli.access.certificates import server_certificate
from summit_cli.servers.postgres import PostgresServer
from summit_testkit.eventually import eventually
from summit_testkit.probe.application import publisher
from summit_testkit.probe.serving import Served, serving, settings_of

TWO_YEARS = timedelta(days=730)
NOWHERE = "nats://127.0.0.1:1"


@pytest.fixture
def guarded(server_directory: Path) -> Iterator[PostgresServer]:
    """A server that asks for a password at the database of that name."""
    directory = server_directory / "guarded"
    with PostgresServer(directory, durable=False) as server:
        rules = directory / "cluster" / "pg_hba.conf"
        others = rules.read_text(encoding="utf-8")
        rules.write_text(f"host guarded all all scram-sha-256\n{others}", encoding="utf-8")
        server.stop()
        server.start()
        yield server


class _Greeting(socketserver.BaseRequestHandler):
    """Asked for TLS, it begins it, as PostgreSQL's protocol has it; the wheel's own server was built without."""

    certificate: ClassVar[Path]

    def handle(self) -> None:
        self.request.recv(8)
        self.request.sendall(b"S")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.certificate.with_name("server.key"))
        with contextlib.suppress(OSError):
            context.wrap_socket(self.request, server_side=True).close()


@contextmanager
def greeting_with(certificate: Path) -> Iterator[str]:
    """The URL of a database whose server proves itself by this certificate."""
    kind = type("Greeting", (_Greeting,), {"certificate": certificate})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"postgresql+asyncpg://service:a-password@127.0.0.1:{server.server_address[1]}/any"
        server.shutdown()


async def told(served: Served, words: str) -> list[str]:
    """What readiness says of the database: it begins with these words, once the database was asked in time."""

    async def is_told() -> list[str]:
        checks: dict[str, str] = (await served.http.get("/health/ready")).json()["checks"]
        said = [checks[name] for name in ("migrations", "database")]
        assert [one[: len(words)] for one in said] == [words] * 2, said
        return said

    return await eventually(is_told)


async def logged(capsys: pytest.CaptureFixture[str], words: str) -> None:
    said: list[str] = []

    def is_there() -> None:
        said.extend(capsys.readouterr())
        assert words in "".join(said)

    await eventually(is_there)


async def test_a_wrong_password_and_a_missing_database_are_named_with_their_setting(
    guarded: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_async_engine(guarded.url(), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE DATABASE guarded"))
        await connection.execute(text("CREATE ROLE service LOGIN PASSWORD 'the-right-one'"))
    await engine.dispose()
    place = f"127.0.0.1:{guarded.port}"
    wrong = f"postgresql+asyncpg://service:not-this-one@{place}/guarded"
    async with serving(publisher, settings_of(wrong, NOWHERE)) as served:
        wrong_password = "SUMMIT_DATABASE_URL: the database does not take this user and password"
        assert "not-this-one" not in "".join(await told(served, wrong_password))
        await logged(capsys, "SUMMIT_DATABASE_URL: the database does not take this user and password")
    async with serving(publisher, settings_of(guarded.url("nobody"), NOWHERE)) as served:
        await told(served, "SUMMIT_DATABASE_URL: there is no such database")


async def test_a_certificate_past_its_end_or_of_another_authority_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = server_certificate(tmp_path, ["127.0.0.1"], now=datetime.now(UTC) - TWO_YEARS)
    own, another = (
        ended.with_name("ca.pem"),
        server_certificate(tmp_path / "another", ["127.0.0.1"]).with_name("ca.pem"),
    )
    with greeting_with(ended) as url:
        async with serving(publisher, settings_of(url, NOWHERE, database_ca_file=own)) as served:
            expired = "the certificate of the database's server has expired; give that server another and let it reload"
            assert await told(served, expired) == [expired] * 2
            await logged(capsys, "the certificate of the database's server has expired")
    with greeting_with(server_certificate(tmp_path, ["127.0.0.1"])) as url:
        async with serving(publisher, settings_of(url, NOWHERE, database_ca_file=another)) as served:
            await told(served, "SUMMIT_DATABASE_CA_FILE: the certificate of the database's server is refused")
