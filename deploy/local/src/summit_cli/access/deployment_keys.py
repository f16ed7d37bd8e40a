"""Everything secret that NATS needs in one deployment, in one folder: written once, and brought up to date by every start."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from summit_cli.access.certificates import server_certificate
from summit_cli.access.configuration import accounts
from summit_cli.access.keyring import Keyring
from summit_cli.access.subscribers import Register

LOCAL_NAMES = ("localhost", "127.0.0.1", "nats")


@dataclass(frozen=True)
class NatsKeys:
    """The folder `keys/nats` of a deployment: seeds, `accounts.conf`, `subscribers/`, `tls/`."""

    directory: Path

    @property
    def keyring(self) -> Keyring:
        """The seeds of services and operators."""
        return Keyring(self.directory)

    @property
    def register(self) -> Register:
        """The outside subscribers."""
        return Register(self.directory / "subscribers")

    @property
    def accounts(self) -> Path:
        """What a server's configuration includes."""
        return self.directory / "accounts.conf"

    @property
    def tls(self) -> Path:
        """The folder with `ca.pem`, `server.pem` and `server.key`, where there are any."""
        return self.directory / "tls"

    def write_accounts(self) -> None:
        """`accounts.conf` is as the services and subscribers of now need it; missing keys are made."""
        from summit_cli.services import SERVICES, durables, installed  # loads every service

        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = accounts(
            self.keyring, durables(list(installed().values())), SERVICES, self.register.public_keys()
        )
        unfinished = self.accounts.with_suffix(".tmp")
        unfinished.write_text(text, encoding="ascii")
        unfinished.replace(self.accounts)

    def write_certificates(self, names: Sequence[str] = LOCAL_NAMES) -> None:
        """A server with these names can speak TLS."""
        server_certificate(self.tls, names)
