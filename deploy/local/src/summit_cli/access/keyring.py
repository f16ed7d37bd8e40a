"""The NKeys of one deployment: a seed for each user in a file that only its owner can read, made when it is first asked for."""

import os
import secrets
from pathlib import Path

import nkeys

OPERATOR, PROVISIONER, SYSTEM = "operator", "provisioner", "sys"
"""Users of NATS besides the services: who looks, who makes streams and durables, and who looks at the server itself."""


class SeedUnreadable(Exception):
    """The file does not hold the seed of a NATS user."""


class Keyring:
    """The seeds in `directory`, one file `<user>.nk` each."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def file(self, user: str) -> Path:
        """The file with the user's seed, which exists from now on."""
        path = self.directory / f"{user}.nk"
        if not path.exists():
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_secret(path, _new_seed())
        return path

    def public(self, user: str) -> str:
        """The user's public key, which the server is told.

        Raises:
            SeedUnreadable: the file was spoiled.
        """
        return public_key(self.file(user))

    def forget(self, user: str) -> None:
        """The user has no key any more; asked for again, it gets another."""
        (self.directory / f"{user}.nk").unlink(missing_ok=True)


def public_key(path: Path) -> str:
    """The public key that belongs to the seed in the file.

    Raises:
        SeedUnreadable: it is no seed of a user.
    """
    try:
        pair = nkeys.from_seed(bytearray(path.read_bytes().strip()))
        public = pair.public_key.decode()
        pair.wipe()
    except (OSError, ValueError, nkeys.NkeysError) as problem:
        raise SeedUnreadable(
            f"{path} holds no NKey seed of a user ({problem}); remove it and run `summit keys init`"
        ) from None
    return str(public)


def write_secret(path: Path, text: str) -> None:
    """The file holds the text, on the disk, and was at no moment readable for others."""
    unfinished = path.with_suffix(".tmp")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(
        os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _new_seed() -> str:
    seed: bytes = nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_USER)
    return str(seed, "ascii")
