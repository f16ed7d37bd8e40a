"""The key that signs this machine's access tokens."""

import json
import os
from pathlib import Path

from summit_cli.state import State


def signing_key(state: State) -> str:
    """The private JSON Web Key, made at the first start; only this account can read the file."""
    path = _path(state)
    if not path.exists():
        from summit_chassis.identity import new_key  # loads the web framework, which no other start needs

        unfinished = path.with_suffix(".tmp")
        unfinished.unlink(missing_ok=True)
        # Made unreadable for others before it holds anything.
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as file:
            json.dump(new_key().as_dict(private=True), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return path.read_text(encoding="ascii")


def public_keys(state: State) -> str:
    """The JSON Web Key Set that services verify tokens with."""
    private = json.loads(signing_key(state))
    return json.dumps({"keys": [{name: value for name, value in private.items() if name != "d"}]})


def _path(state: State) -> Path:
    folder = state.folder("keys")
    folder.chmod(0o700)
    return folder / "signing.json"
