"""What an operator does who restores a backup: the server comes back with its streams as they once were."""

import shutil
from pathlib import Path
from typing import Self

from summit_cli.servers.nats import NatsServer


class OlderCopy:
    """The streams of a server, with its durables, at one moment."""

    def __init__(self, server: NatsServer, directory: Path) -> None:
        self._server = server
        self._copy = directory / "jetstream"
        self._store = server.log.parent / "jetstream"

    def take(self) -> Self:
        """The server stood still for the copy, and runs again."""
        self._server.stop()
        self.forget()
        shutil.copytree(self._store, self._copy)
        self._server.restart()
        return self

    def put_back(self, *, and_restart: bool = True) -> None:
        """The server died, and has the copy in place of all that came after it."""
        self._server.kill()
        shutil.rmtree(self._store)
        shutil.copytree(self._copy, self._store)
        if and_restart:
            self._server.restart()

    def forget(self) -> None:
        """There is no copy."""
        shutil.rmtree(self._copy, ignore_errors=True)
