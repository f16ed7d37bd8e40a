"""The servers of one machine on their kept ports and directories, and what services are told about them."""

import contextlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from summit_cli.access.configuration import PLATFORM
from summit_cli.access.deployment_keys import NatsKeys
from summit_cli.clock import REAL, Clock, kept
from summit_cli.keys import nats_keys, public_keys, seal_keys, session_key, signing_key
from summit_cli.servers.issuer import Issuer
from summit_cli.servers.login_links import DESKS
from summit_cli.servers.mailbox import Mailbox
from summit_cli.servers.nats import NatsServer
from summit_cli.servers.ports import LOOPBACK
from summit_cli.servers.postgres import PostgresServer
from summit_cli.services import SERVICES
from summit_cli.state import State

S = TypeVar("S")
_GRACEFUL = "PT1S"  # a service waits so long for requests, and again for its background work
_PORTAL_PORT = 8000
_STOPS_WITHIN = 1.0  # seconds; what is not done by then is done by recovery at the next start


class Machine:
    """NATS, PostgreSQL with a database for each service, and the mailbox, while this context lasts.

    It claims `var/` for as long. `tell` hears in a few words what was started and how long it took.
    """

    def __init__(self, state: State, *, tell: Callable[[str], None]) -> None:
        self.state = state
        self._tell = tell
        self._context = contextlib.ExitStack()
        self._revivals: Counter[str] = Counter()
        self._nats: NatsServer | None = None
        self._postgres: PostgresServer | None = None
        self._mailbox: Mailbox | None = None
        self._issuer: Issuer | None = None
        self._ports: dict[str, int] = {}

    @property
    def nats(self) -> NatsServer:
        """The running broker."""
        return _running(self._nats)

    @property
    def nats_keys(self) -> NatsKeys:
        """Who there is on the broker, and the keys they prove it with."""
        return NatsKeys(nats_keys(self.state))

    @property
    def postgres(self) -> PostgresServer:
        """The running database server."""
        return _running(self._postgres)

    @property
    def mailbox(self) -> Mailbox:
        """The running mail server."""
        return _running(self._mailbox)

    @property
    def issuer(self) -> Issuer:
        """The running provider that staff sign in with."""
        return _running(self._issuer)

    @property
    def portal_url(self) -> str:
        """Where people find the portal; its port is reserved by this."""
        return self._address("portal")

    def __enter__(self) -> Self:
        """Everything runs.

        Raises:
            AlreadyRunning: another launcher holds `var/`.
            ServerFailed: one of them does not start; none is left behind.
        """
        try:
            self._context.enter_context(self.state.claimed())
            self._start_nats()
            self._start_postgres()
            self._start_mailbox()
            self._start_issuer()
            # Called first at the end: both stop at the same time, and are then waited for one after the other.
            self._context.callback(self.nats.begin_stop)
            self._context.callback(self.postgres.begin_stop)
        except BaseException:
            self._context.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()

    def revive(self) -> None:
        """A server that ended by itself runs again on the same port and data; the services find it by themselves.

        Raises:
            ServerFailed: it cannot.
        """
        servers: tuple[tuple[str, NatsServer | PostgresServer], ...] = (
            ("nats", self.nats),
            ("postgres", self.postgres),
        )
        for name, server in servers:
            if not server.alive:
                self._revivals[name] += 1
                self._tell(f"{name} ended by itself and starts again; its log is {server.log}")
                server.restart()
                self.state.note(name, server.pid, server.port, restarts=self._revivals[name], log=server.log)

    def environment(self, service: str, clock: Clock = REAL) -> Mapping[str, str]:
        """What the service of that name is told; its port is reserved by this.

        Raises:
            ValueError: there is no such service.
        """
        if service not in SERVICES:
            raise ValueError(f"{service!r} is none of {', '.join(SERVICES)}")
        return self._told_alone(service) | {
            "SUMMIT_ENVIRONMENT": "local",
            "SUMMIT_DATABASE_URL": self.postgres.url(service),
            "SUMMIT_NATS_URL": self.nats.url,
            "SUMMIT_NATS_SEED_FILE": str(self.nats_keys.keyring.file(service)),
            "SUMMIT_HTTP_HOST": LOOPBACK,
            "SUMMIT_HTTP_PORT": str(self._port(service)),
            "SUMMIT_TOKEN_KEYS": public_keys(self.state),
            "SUMMIT_CLOCK_OFFSET": clock.setting,
            "SUMMIT_GRACEFUL_TIMEOUT": _GRACEFUL,
            "SUMMIT_SMTP_HOST": self.mailbox.host,
            "SUMMIT_SMTP_PORT": str(self.mailbox.port),
            "SUMMIT_SMTP_ENCRYPTION": "none",  # it never leaves the loopback interface
            "SUMMIT_SENDER_NAME": "UN Police Summit (not a real one)",
            "SUMMIT_SENDER_EMAIL": "summit@un.example",
            "SUMMIT_PORTAL_URL": self.portal_url,
            "SUMMIT_DIGEST_QUIET": "PT2S",
            "SUMMIT_STAFF_ISSUER": self.issuer.url,
            "SUMMIT_STAFF_CLIENT_ID": self.issuer.client_id,
            "SUMMIT_STAFF_GROUPS": json.dumps(dict(DESKS)),
            "SUMMIT_STAFF_TOKEN_LIFE": "PT8H",
        }

    def _told_alone(self, service: str) -> dict[str, str]:
        match service:
            case "registration":
                # It signs people in, so it alone is told the key that others only verify with.
                return {"SUMMIT_TOKEN_SIGNING_KEY": signing_key(self.state)}
            case "portal":
                others = {
                    f"SUMMIT_{name.upper()}_URL": self._address(name) for name in SERVICES if name != service
                }
                everybody = {"SUMMIT_KNOCKS_PER_MINUTE": "6000"}  # has the same address on one machine
                return others | everybody | {"SUMMIT_SESSION_KEY": session_key(self.state)}
            case "webhooks":
                return {
                    "SUMMIT_WEBHOOK_INTERNAL": "true",  # receivers under development are on this machine too
                    "SUMMIT_WEBHOOK_SEAL_KEYS": seal_keys(self.state),
                }
            case _:
                return {}

    def _address(self, service: str) -> str:
        return f"http://{LOOPBACK}:{self._port(service)}"

    def _port(self, service: str) -> int:
        """Its port while this machine runs: once the service listens there, it would not be free to be reserved again."""
        if service not in self._ports:
            preferred = int(os.environ.get("SUMMIT_PORTAL_PORT", _PORTAL_PORT)) if service == "portal" else 0
            self._ports[service] = self.state.reserve(service, preferred=preferred or None)
        return self._ports[service]

    def _start_nats(self) -> None:
        start = time.monotonic()
        self.nats_keys.write_accounts()
        self._adopt_nameless_streams()
        self._nats = NatsServer(
            self.state.folder("nats"), self.state.reserve("nats"), accounts=self.nats_keys.accounts
        )
        # Before the start: whatever interrupts that, the process must not stay behind.
        self._context.callback(self._nats.stop, within=_STOPS_WITHIN)
        self._nats.start()
        self._started("nats", self._nats, start)

    def _adopt_nameless_streams(self) -> None:
        """Streams from before there were accounts are the platform's now."""
        streams = self.state.folder("nats") / "jetstream"
        before, now = streams / "$G", streams / PLATFORM
        if before.is_dir() and not now.exists():
            before.rename(now)

    def _start_postgres(self) -> None:
        start = time.monotonic()
        self._postgres = PostgresServer(self.state.folder("postgres"), self.state.reserve("postgres"))
        self._context.callback(self._postgres.stop, within=_STOPS_WITHIN)
        self._postgres.start()
        for service in SERVICES:
            self._postgres.create_database(service)
        self._started("postgres", self._postgres, start)

    def _start_mailbox(self) -> None:
        self._mailbox = Mailbox(self.state.folder("mail"), self.state.reserve("mailbox"))
        self._context.enter_context(self._mailbox)
        self._noted("mailbox", os.getpid(), self._mailbox.port, self._mailbox.directory)
        self._tell(
            f"mailbox answers at smtp://{self._mailbox.host}:{self._mailbox.port}, stores in {self._mailbox.directory}"
        )

    def _start_issuer(self) -> None:
        clock = kept(self.state) or REAL
        folder, port = self.state.folder("issuer"), self.state.reserve("issuer")
        self._issuer = Issuer.of_portal(folder, port, self.portal_url, now=clock.now)
        self._context.enter_context(self._issuer)
        self._noted("issuer", os.getpid(), self._issuer.port, self.state.folder("issuer"))
        self._tell(f"issuer answers at {self._issuer.url}, where staff sign in with links that work once")

    def _started(self, name: str, server: NatsServer | PostgresServer, start: float) -> None:
        self._noted(name, server.pid, server.port, server.log)
        self._tell(f"{name} answers on port {server.port} after {time.monotonic() - start:.1f} s")

    def _noted(self, name: str, pid: int, port: int, log: Path) -> None:
        self.state.note(name, pid, port, log=log)
        self._context.callback(self.state.forget, name)


def _running(server: S | None) -> S:
    if server is None:
        raise RuntimeError("this machine was not entered")
    return server
