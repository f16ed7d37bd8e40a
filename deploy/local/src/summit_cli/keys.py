"""The keys of this machine: those that sign access tokens and the portal's cookies, seal the secrets of webhooks, and those of NATS."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

from summit_cli.access.keyring import write_secret
from summit_cli.state import State


def signing_key(state: State) -> str:
    """The private JSON Web Key, made at the first start; only this account can read the file."""

    return _kept(token_files(state)[0], new_signing_key)


def new_signing_key() -> str:
    """A private JSON Web Key that nobody had before."""
    from summit_chassis.identity import new_key  # loads the web framework, which no other start needs

    return json.dumps(new_key().as_dict(private=True))


def token_files(state: State) -> tuple[Path, Path, Path]:
    """Where the key lies that signs access tokens, the one that was announced to sign next, and the one that did before."""
    folder = _folder(state)
    return folder / "signing.json", folder / "signing.next.json", folder / "signing.former.json"


def session_key(state: State) -> str:
    """The secret that signs the portal's cookies, made at the first start; only this account can read the file."""
    return _kept(_folder(state) / "session.txt", lambda: secrets.token_urlsafe(48))


def seal_keys(state: State) -> str:
    """The keys that secrets of webhooks are sealed with, the newest first, with commas between them; one is made at the first start."""

    def made() -> str:
        from cryptography.fernet import Fernet  # only the first start needs it

        return Fernet.generate_key().decode()

    return _kept(_folder(state) / "seals.txt", made)


def public_keys(state: State) -> str:
    """The JSON Web Key Set that services verify tokens with: the key that signs, the one that will, and the one that did (`rotation`)."""
    keys = [public_part(signing_key(state))]
    _, following, former = token_files(state)
    if following.exists():
        keys.append(public_part(following.read_text(encoding="ascii")))
    if former.exists():
        keys.append(json.loads(former.read_text(encoding="ascii"))["key"])
    return json.dumps({"keys": keys})


def public_part(private: str) -> dict[str, str]:
    """What may be known of a private JSON Web Key."""
    return {name: value for name, value in json.loads(private).items() if name != "d"}


def nats_keys(state: State) -> Path:
    """The folder with everything secret of NATS."""
    return _folder(state) / "nats"


def _kept(path: Path, made: Callable[[], str]) -> str:
    if not path.exists():
        write_secret(path, made())
    return path.read_text(encoding="ascii")


def _folder(state: State) -> Path:
    folder = state.folder("keys")
    folder.chmod(0o700)
    return folder
