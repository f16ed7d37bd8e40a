"""One-time links to sign in as a desk of the secretariat: each is a file that its use removes."""

import hashlib
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

DESKS: Mapping[str, str] = MappingProxyType(
    {
        "registration": "secretariat.registration",
        "scheduling": "secretariat.scheduling",
        "pledges": "secretariat.pledges",
        "protocol": "secretariat.protocol",
        "admin": "secretariat.admin",
    }
)
"""The desks there are on one machine, which are groups at the local issuer, and the role each gives."""


def links_to_desks(directory: Path, issuer: str) -> Mapping[str, str]:
    """An address for each desk that signs in there once, at the issuer of this directory and address."""
    links = LoginLinks(directory)
    return {desk: f"{issuer}/enter/{links.new(desk)}" for desk in DESKS}


class LoginLinks:
    """The links that were given out and not used yet, in a directory that only this account can read."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def new(self, desk: str) -> str:
        """A secret that opens this desk once."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        secret = secrets.token_urlsafe(24)
        path = self._path(secret)
        path.touch(mode=0o600)
        path.write_text(desk, encoding="ascii")
        return secret

    def use(self, secret: str) -> str | None:
        """The desk that the secret opens, this once; none where it opens nothing any more."""
        path = self._path(secret)
        used = path.with_suffix(".used")
        try:
            path.rename(used)  # only one of two who come at once succeeds
        except FileNotFoundError:
            return None
        desk = used.read_text(encoding="ascii")
        used.unlink()
        return desk if desk in DESKS else None

    def _path(self, secret: str) -> Path:
        return self._directory / hashlib.sha256(secret.encode()).hexdigest()
