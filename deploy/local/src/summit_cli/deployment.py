"""A running Summit as commands see it from outside: addresses, a key to sign tokens with, and what time it is there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from summit_cli import clock as clocks
from summit_cli.access.keyring import OPERATOR
from summit_cli.clock import Clock
from summit_cli.refusals import CannotDo
from summit_cli.servers.ports import LOOPBACK
from summit_cli.services import SERVICES
from summit_cli.state import State

if TYPE_CHECKING:
    from nats.aio.client import Client

    from summit_chassis.identity import Role

_TOKEN_LIFE = timedelta(minutes=30)


@dataclass(frozen=True)
class Deployment:
    """Where the services and the broker of one system answer."""

    addresses: Mapping[str, str]
    """Of each service that is known to run, by name."""
    nats_url: str
    signing_key: str = field(repr=False)
    """The private JSON Web Key that the services trust."""
    nats_keys: Path | None = None
    """A user's NKey seed, or the folder with the seeds of several; none for a server without users."""
    nats_ca_file: Path | None = None
    """Who vouches for the certificates of NATS; none for the machine's own authorities."""
    clock: Clock = clocks.REAL

    def token(
        self,
        *roles: "Role",
        invitee: str | None = None,
        edition_id: str | None = None,
        account: str = "secretariat/summit-cli",
        valid_for: timedelta = _TOKEN_LIFE,
    ) -> str:
        """A token with these roles, good for a while from now on, as the services' clock has it."""
        from summit_chassis.identity import Issuer  # loads the web framework, which not every command needs

        return Issuer.from_json(self.signing_key).issue(
            account, roles, now=self.clock.now(), valid_for=valid_for, edition_id=edition_id, invitee=invitee
        )

    @asynccontextmanager
    async def broker(self, user: str = OPERATOR) -> AsyncIterator["Client"]:
        """A connection to NATS for the length of a command, as an operator unless said otherwise.

        Raises:
            CannotDo: nothing answers, or not to this user.
        """
        from summit_cli.connecting import connected  # only commands that read streams need it

        async with connected(self.nats_url, user, keys=self.nats_keys, ca_file=self.nats_ca_file) as client:
            yield client


@dataclass(frozen=True)
class Elsewhere:
    """Another deployment than the one of this machine, as the command line describes it."""

    addresses: Mapping[str, str]
    nats_url: str | None
    signing_key_file: Path | None
    clock_offset: float
    nats_keys: Path | None = None
    nats_ca_file: Path | None = None

    @property
    def is_named(self) -> bool:
        """Whether anything was said about another deployment."""
        return bool(self.addresses or self.nats_url or self.signing_key_file)

    def deployment(self) -> Deployment:
        """It, complete.

        Raises:
            CannotDo: something that must be known was not said.
        """
        if self.nats_url is None or self.signing_key_file is None or not self.addresses:
            raise CannotDo(
                "Another deployment needs --nats-url, --signing-key and the address of each service it is asked about.",
                remedy="Give all of them, or none for the Summit of this machine.",
            )
        try:
            key = self.signing_key_file.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as problem:
            raise CannotDo(f"The signing key cannot be read: {problem}") from problem
        clock = Clock(timedelta(seconds=self.clock_offset))
        return Deployment(self.addresses, self.nats_url, key, self.nats_keys, self.nats_ca_file, clock)


@dataclass(frozen=True)
class Where:
    """What every command is told: where this machine keeps its state, and which deployment is meant."""

    state: State
    elsewhere: Elsewhere

    def deployment(self) -> Deployment:
        """The deployment that is meant: another one that was described, or the one that runs here.

        Raises:
            CannotDo: nothing runs here.
        """
        return self.elsewhere.deployment() if self.elsewhere.is_named else deployment_of(self.state)

    def database_url(self, service: str) -> str:
        """Where a service of this machine keeps what it knows.

        Raises:
            CannotDo: nothing runs here, or another deployment is meant.
        """
        from summit_cli.servers.postgres import url_of  # loads the server's wheel

        ports = {running.name: running.port for running in self.state.running()}
        if self.elsewhere.is_named or "postgres" not in ports:
            raise CannotDo(
                f"Where {service} keeps what it knows has to be said.",
                remedy="Give its address with the option.",
            )
        return url_of(ports["postgres"], service)


def deployment_of(state: State) -> Deployment:
    """What runs on this machine.

    Raises:
        CannotDo: nothing does.
    """
    from summit_cli.keys import nats_keys, signing_key  # reads and writes files, only when asked

    ports = {running.name: running.port for running in state.running()}
    if "nats" not in ports:
        raise CannotDo(f"Nothing runs in {state.directory}.", remedy="Start it with `summit up`.")
    return Deployment(
        {name: f"http://{LOOPBACK}:{ports[name]}" for name in SERVICES if name in ports},
        f"nats://{LOOPBACK}:{ports['nats']}",
        signing_key(state),
        nats_keys(state),
        None,
        clocks.kept(state) or clocks.REAL,
    )
