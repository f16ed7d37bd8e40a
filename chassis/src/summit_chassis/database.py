"""One database per service, and the one place that commits.

A door opens a transaction, a handler works inside it, and leaving it commits rows and facts together, or neither.
"""

import asyncio
import math
import ssl
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import CursorResult, Executable, Table, event, text
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from summit_chassis import outbox, rows, telemetry
from summit_chassis.clock import Clock, SystemClock
from summit_chassis.driven import Driven, Row, Statement
from summit_chassis.faults import DatabaseSilent, name_silence
from summit_contracts.fact import Fact


class Transaction:
    """Work that becomes true all at once. `now` is the moment it is dated with."""

    def __init__(self, connection: AsyncConnection, driven: Driven, now: datetime) -> None:
        self.connection = connection
        self.driven = driven
        self.now = now
        self._staged: list[outbox.StagedFact | outbox.StagedMessage] = []
        self._before_commit: list[Callable[[], Awaitable[None]]] = []
        self._rows: dict[Table, dict[object, Mapping[str, Any]]] = {}
        self._to_wake: set[str] = set()

    @property
    def staged(self) -> tuple[outbox.StagedFact | outbox.StagedMessage, ...]:
        """What will be published once this is committed, in order."""
        return tuple(self._staged)

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, this transaction commits; in this order per aggregate."""
        cause, headers = telemetry.current_cause(), telemetry.trace_headers()
        self._staged.extend(outbox.StagedFact(fact, cause, headers) for fact in facts)

    def stage_message(self, message: outbox.StagedMessage) -> None:
        """A message that is no fact goes out with this transaction."""
        self._staged.append(message)

    def before_commit(self, write: Callable[[], Awaitable[None]]) -> None:
        """`write` runs last in this transaction: for rows that are gathered and written as a set."""
        self._before_commit.append(write)

    def put(self, given: rows.Rows) -> None:
        """These rows stand in their tables, as `rows.write` says, before anything is asked through `ask` or `run` and when this is committed."""
        for table, some in given.items():
            gathered = self._rows.setdefault(table, {})
            for row in some:
                gathered[tuple(row.get(column.name, id(row)) for column in table.primary_key)] = row

    async def ask(
        self, query: Executable, of: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """What the database answers to a query that is made on the way, with all that was put so far."""
        await rows.write(self.driven, self._gathered())
        return await self.connection.execute(query, of)

    async def run(self, statement: Statement, of: Mapping[str, Any]) -> list[Row]:
        """The same for a statement that was made once."""
        await rows.write(self.driven, self._gathered())
        return await self.driven.run(statement, of)

    def _gathered(self) -> rows.Rows:
        gathered = {table: list(some.values()) for table, some in self._rows.items()}
        self._rows.clear()
        return gathered

    @property
    def to_wake(self) -> frozenset[str]:
        """Who is woken once this is committed."""
        return frozenset(self._to_wake)

    def wake(self, whom: str) -> None:
        """What waits for `Database.signal(whom)` in this process goes on once this is committed."""
        self._to_wake.add(whom)

    async def write(self) -> None:
        """Everything gathered is in the database; called once, by `Database.transaction`."""
        for write in self._before_commit:
            await write()
        await outbox.write(self.driven, self._staged, now=self.now, beside=self._gathered())


def encrypted(ca_file: Path | None) -> dict[str, Any]:
    """How asyncpg is told whose certificates to believe; then it speaks TLS, and with the server of that name alone."""
    return {"ssl": ssl.create_default_context(cafile=ca_file)} if ca_file else {}


_CONNECT_SECONDS = 5
_RESTS_AT_MOST_SECONDS = 1.0
STATEMENT_SECONDS = 30
"""How long a statement may run by the server's own limit."""
_SILENCE_SECONDS = 5
"""So much longer, and nobody is there who would stop it."""


class Database:
    """A service's own PostgreSQL database; with `schema`, its tables of that schema instead of those that serve."""

    def __init__(
        self,
        url: str,
        *,
        service: str,
        pool: int = 10,
        clock: Clock | None = None,
        ca_file: Path | None = None,
        schema: str | None = None,
        statement_seconds: int = STATEMENT_SECONDS,
    ) -> None:
        self.service = service
        self.clock = clock or SystemClock()
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool,
            max_overflow=0,
            pool_timeout=10,
            hide_parameters=True,  # what was to be written is in no log and no dead letter, for persons are in it
            connect_args={
                **encrypted(ca_file),
                "timeout": _CONNECT_SECONDS,
                "command_timeout": statement_seconds + _SILENCE_SECONDS,
                "server_settings": {
                    "application_name": f"summit-{service}",
                    "idle_in_transaction_session_timeout": "30s",
                    "lock_timeout": "5s",
                    "statement_timeout": f"{statement_seconds}s",
                    "timezone": "UTC",
                    "jit": "off",
                    # What is made aside is made from its beginning if the machine dies, so nothing waits for its disk.
                    **({"search_path": schema, "synchronous_commit": "off"} if schema else {}),
                },
            },
        )
        event.listen(self.engine.sync_engine, "handle_error", name_silence)
        event.listen(self.engine.sync_engine, "checkin", _note_rest)
        event.listen(self.engine.sync_engine, "checkout", partial(_look_at, self.engine.dialect))
        self.has_staged = asyncio.Event()
        """Set after a commit that left something to publish; the relay waits for it."""
        self._before_dispose: list[Callable[[], Awaitable[None]]] = []
        self._signals: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def signal(self, whom: str) -> asyncio.Event:
        """Set after each commit that was to wake them; who waits for it clears it. Other processes are not heard: look, too."""
        return self._signals[whom]

    @asynccontextmanager
    async def transaction(self, *, within: float | None = None) -> AsyncIterator[Transaction]:
        """Commits when left without an error, rolls back otherwise. The only place that commits.

        Raises:
            TimeoutError: it took longer than `within` seconds from when it had a connection, though the database answers; nothing
                was committed.
            DatabaseSilent: the database did not answer, or all connections are in use for as long. Whether a commit under way was
                heard is not known.
        """
        connection: AsyncConnection | None = None
        try:
            async with asyncio.timeout(within) as limit, self._connection() as connection:
                if within is not None:
                    limit.reschedule(asyncio.get_running_loop().time() + within)
                async with Driven(connection) as driven:
                    transaction = Transaction(connection, driven, self.clock.now())
                    yield transaction
                    await transaction.write()
        except TimeoutError as late:
            if within is None or (connection and await self.answers()):
                raise
            raise DatabaseSilent(f"no answer within {within:g} s") from late
        if transaction.staged:
            telemetry.STAGED.labels(self.service).inc(len(transaction.staged))
            self.has_staged.set()
        for whom in transaction.to_wake:
            self._signals[whom].set()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection; that none is to be had is told apart from what goes wrong inside."""
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self.engine.connect())
            except TimeoutError as late:
                raise DatabaseSilent("no connection within its time") from late
            yield connection

    async def answers(self) -> bool:
        """Whether the database answers a question now, within a few seconds."""
        try:
            async with asyncio.timeout(_CONNECT_SECONDS), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception:  # noqa: BLE001  # every failure is the answer no
            return False
        return True

    def before_dispose(self, give_back: Callable[[], Awaitable[None]]) -> None:
        """`give_back` runs before all is closed: for whoever keeps a connection for longer than a question takes."""
        self._before_dispose.append(give_back)

    async def dispose(self) -> None:
        """All connections are closed."""
        for give_back in self._before_dispose:
            await give_back()
        await self.engine.dispose()


def _note_rest(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _look_at(dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
    """A connection that rested a while is asked whether it lives; of one that was just used, the driver knows.

    Asking is three ways to the database and back; done before every transaction, it was a sixth of what a request took.
    """
    driven: asyncpg.Connection[Any] = connection.driver_connection
    if driven.is_closed():
        raise InvalidatePoolError("the connection was closed from the other side")
    if time.monotonic() - record.info.get("rests_since", math.inf) > _RESTS_AT_MOST_SECONDS:
        try:
            dialect.do_ping(connection)
        except Exception as failure:
            raise InvalidatePoolError("the connection does not answer") from failure
