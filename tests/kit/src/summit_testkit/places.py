"""A service's ports on PostgreSQL, behind the same door as their versions in memory, so that one suite tries both."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import text

from summit_chassis.database import Database, Transaction
from summit_chassis.service import Service
from summit_contracts.catalogue import parse_without_subject
from summit_contracts.fact import Fact
from summit_testkit.databases import Databases
from summit_testkit.desk import emptied
from summit_testkit.eventually import eventually

U = TypeVar("U")
U_co = TypeVar("U_co", covariant=True)

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
_STAGED = text("SELECT payload FROM outbox ORDER BY seq")


class Places(Protocol[U_co]):
    """Where a service keeps things, wherever that is."""

    def unit(self) -> AbstractAsyncContextManager[U_co]:
        """Becomes true when left without an error; otherwise nothing of it happened."""
        ...

    async def held_up(self) -> int:
        """How many units wait for another one to end."""
        ...

    async def published(self) -> tuple[Fact, ...]:
        """The facts of the units that became true, in order."""
        ...


class SqlPlaces(Generic[U]):
    """A service's own places, in a database of its own."""

    def __init__(self, database: Database, make_unit: Callable[[Transaction], U]) -> None:
        self.database = database
        self._make_unit = make_unit

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[U]:
        """Becomes true when left without an error; otherwise nothing of it happened."""
        async with self.database.transaction() as transaction:
            yield self._make_unit(transaction)

    async def held_up(self) -> int:
        """How many units wait for another one to end."""
        async with self.database.engine.connect() as connection:
            return int((await connection.execute(_WAITING)).scalar_one())

    async def published(self) -> tuple[Fact, ...]:
        """The facts of the units that became true, in order."""
        async with self.database.engine.connect() as connection:
            rows = await connection.execute(_STAGED)
            return tuple(parse_without_subject(row.payload).data for row in rows)


@asynccontextmanager
async def sql_places(service: Service[U], databases: Databases) -> AsyncIterator[SqlPlaces[U]]:
    """The service's places in a migrated database in which nothing is."""
    database = Database(await emptied(service, databases), service=service.name.value)
    yield SqlPlaces(database, service.make_unit)
    await database.dispose()


async def one_after_the_other(
    places: Places[U],
    first: Callable[[U], Awaitable[Any]],
    second: Callable[[U], Awaitable[Any]],
) -> Any:
    """What the second saw, who came while the first was at work and could go on only when that had ended.

    Raises:
        AssertionError: the second did not have to wait.
    """

    async def come_second() -> Any:
        async with places.unit() as unit:
            return await second(unit)

    async def somebody_waits() -> None:
        assert await places.held_up() == 1, "the second did not have to wait"

    async with places.unit() as unit:
        await first(unit)
        coming = asyncio.create_task(come_second())
        await eventually(somebody_waits, within=4)
    return await coming
