"""The keys of this machine: the one that signs access tokens, and those of NATS."""

import json
from pathlib import Path

from summit_cli.access.keyring import write_secret
from summit_cli.state import State


def signing_key(state: State) -> str:
    """The private JSON Web Key, made at the first start; only this account can read the file."""
    path = _path(state)
    if not path.exists():
        from summit_chassis.identity import new_key  # loads the web framework, which no other start needs

        write_secret(path, json.dumps(new_key().as_dict(private=True)))
    return path.read_text(encoding="ascii")


def public_keys(state: State) -> str:
    """The JSON Web Key Set that services verify tokens with."""
    private = json.loads(signing_key(state))
    return json.dumps({"keys": [{name: value for name, value in private.items() if name != "d"}]})


def nats_keys(state: State) -> Path:
    """The folder with everything secret of NATS."""
    return _folder(state) / "nats"


def _path(state: State) -> Path:
    return _folder(state) / "signing.json"


def _folder(state: State) -> Path:
    folder = state.folder("keys")
    folder.chmod(0o700)
    return folder
