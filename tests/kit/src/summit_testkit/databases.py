"""A database for each test, copied from one that was prepared once."""

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summit_cli.servers.postgres import PostgresServer

EMPTY = "template_empty"
_numbers = itertools.count(1)  # a server serves one session


class Databases:
    """Hands out fresh databases of one server; `drop_all` takes them back."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        self._given: list[str] = []

    def fresh(self, template: str = EMPTY) -> str:
        """The URL of a database that nobody has used, a copy of `template` (empty if not named)."""
        if template == EMPTY:
            self._server.create_database(EMPTY)
        name = f"test_{next(_numbers)}"
        self._server.create_database(name, template=template)
        self._given.append(name)
        return self._server.url(name)

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """The name of a template that `prepare(url)` filled, e.g. with a service's tables, once for all tests.

        `prepare` has to close its connections: PostgreSQL copies no database that is in use.
        """
        full = f"template_{name}"
        if not self._server.has_database(full):
            unfinished = f"unfinished_{name}"
            self._server.drop_database(unfinished)
            self._server.create_database(unfinished)
            prepare(self._server.url(unfinished))
            self._server.execute(f"ALTER DATABASE {unfinished} RENAME TO {full}")
        return full

    def shared(self, name: str, prepare: Callable[[str], None]) -> str:
        """The URL of a database that `prepare(url)` filled once; tests use it one after the other, and each empties it first.

        For suites of many small tests: to empty tables is far quicker than to copy a database.
        """
        return self._server.url(self.template(f"shared_{name}", prepare))

    def drop_all(self) -> None:
        """The databases handed out are gone, with whoever was still connected to them; templates stay."""
        while self._given:
            self._server.drop_database(self._given.pop())
