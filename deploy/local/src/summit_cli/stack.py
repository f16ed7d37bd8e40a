"""What a Summit made of containers on one host is told: keys, passwords and certificates, each in the hands of one container.

Everything lies below one folder that only this account can enter. The files in it can be read by everybody, because each is
mounted into a container whose account is another; the folders above them are not mounted.
"""

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from summit_cli.access.deployment_keys import LOCAL_NAMES, NatsKeys
from summit_cli.access.keyring import OPERATOR, PROVISIONER
from summit_cli.clock import REAL, Clock, kept
from summit_cli.deployment import Deployment
from summit_cli.keys import nats_keys, public_keys, seal_keys, session_key, signing_key
from summit_cli.servers.issuer import CLIENT_ID
from summit_cli.servers.login_links import DESKS
from summit_cli.services import SERVICES
from summit_cli.state import State

SIGNING_KEY = "signing.json"
_LOCAL_ISSUER = {
    "COMPOSE_PROFILES": "issuer",
    "SUMMIT_STAFF_ISSUER": "http://issuer.localhost:8090",
    "SUMMIT_STAFF_CLIENT_ID": CLIENT_ID,
    "SUMMIT_STAFF_GROUPS": f"'{json.dumps(dict(DESKS))}'",
}


@dataclass(frozen=True)
class Stack:
    """The folder of one stack: `keys/` as on any machine, `secrets/<container>/` for each container, `stack.env` for Compose."""

    state: State
    names: Sequence[str] = ()
    """What NATS is called besides `nats`, as its certificate has to say."""
    database_host: str = "postgres"
    staff_issuer: str | None = None
    """The provider that staff sign in with; without one the local one is started beside the services."""

    @property
    def clock(self) -> Clock:
        """What its services take for the present."""
        return kept(self.state) or REAL

    @property
    def environment_file(self) -> Path:
        """What Compose is told, as `NAME=value` lines; nothing secret."""
        return self.state.directory / "stack.env"

    @property
    def authority(self) -> Path:
        """Who vouches for the certificates of NATS."""
        return self._keys.tls / "ca.pem"

    @property
    def _keys(self) -> NatsKeys:
        return NatsKeys(nats_keys(self.state))

    def write(self) -> None:
        """Every container finds what it has to know; keys, passwords and volumes that were there before go on to fit."""
        self.state.folder(".").chmod(0o700)
        self._keys.write_accounts()
        self._keys.write_certificates([*LOCAL_NAMES, *self.names])
        for service in SERVICES:
            self._write_service(service)
        self._hand("nats", self._keys.accounts)
        for path in (self._keys.tls / "server.pem", self._keys.tls / "server.key", self.authority):
            self._hand("nats", path)
        self._say("postgres", "postgres_password", self._password("postgres"))
        self._say("cli", SIGNING_KEY, signing_key(self.state))
        self._hand("cli", self.authority)
        for user in (OPERATOR, PROVISIONER):
            self._hand("cli", self._keys.keyring.file(user))
        told = {
            "SUMMIT_STACK": str(self.state.directory),
            "SUMMIT_CLOCK_OFFSET": self.clock.setting,
            "SUMMIT_CLOCK_SECONDS": f"{self.clock.offset.total_seconds():.0f}",
            **({} if self.staff_issuer else _LOCAL_ISSUER),
        }
        self.environment_file.write_text(
            "".join(f"{name}={value}\n" for name, value in told.items()), encoding="utf-8"
        )

    def deployment(self, addresses: Mapping[str, str], nats_url: str) -> Deployment:
        """It as commands see it that run outside, where these addresses lead to its containers."""
        keys = self._keys
        return Deployment(
            addresses, nats_url, signing_key(self.state), keys.directory, self.authority, self.clock
        )

    def _write_service(self, service: str) -> None:
        password = self._password(service)
        self._say("postgres", f"{service}_password", password)
        self._say(
            service,
            "summit_database_url",
            f"postgresql+asyncpg://{service}:{password}@{self.database_host}:5432/{service}",
        )
        self._say(service, "summit_token_keys", public_keys(self.state))
        self._hand(service, self._keys.keyring.file(service), "nats.nk")
        self._hand(service, self.authority)
        match service:
            case "registration":
                self._say(service, "summit_token_signing_key", signing_key(self.state))
            case "portal":
                self._say(service, "summit_session_key", session_key(self.state))
            case "webhooks":
                self._say(service, "summit_webhook_seal_keys", seal_keys(self.state))

    def _password(self, of: str) -> str:
        found = self._secret("postgres", f"{of}_password")
        return found.read_text(encoding="ascii") if found.exists() else secrets.token_hex(24)

    def _hand(self, container: str, path: Path, name: str | None = None) -> None:
        target = self._secret(container, name or path.name)
        target.unlink(missing_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o444)

    def _say(self, container: str, name: str, text: str) -> None:
        target = self._secret(container, name)
        target.unlink(missing_ok=True)
        target.write_text(text, encoding="ascii")
        target.chmod(0o444)

    def _secret(self, container: str, name: str) -> Path:
        folder = self.state.folder(f"secrets/{container}")
        folder.chmod(0o755)
        return folder / name
