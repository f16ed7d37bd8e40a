"""Statements that are made once go to the driver itself, in the transaction in which all the rest is asked.

SQLAlchemy makes them, lends the connection and names what fails; what it does around every statement, and around the beginning
and the end of a transaction, cost a request twice what the driver does.
"""

from collections.abc import Awaitable, Mapping
from types import MappingProxyType
from typing import Any, Final, NoReturn, Self, TypeVar

import asyncpg
from asyncpg.transaction import Transaction
from sqlalchemy import ClauseElement, text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_chassis.faults import DatabaseSilent

T = TypeVar("T")

_DIALECT: Final = dialect()  # type: ignore[no-untyped-call]  # the library's gap
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Row(asyncpg.Record):
    """A row of an answer; a column is read by its name or its place."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as unknown:
            raise AttributeError(name) from unknown


class Statement:
    """A statement of SQLAlchemy's, or SQL with `:names`, as the driver takes it; so are its values: JSON is given as text."""

    def __init__(self, made: ClauseElement | str) -> None:
        compiled: Any = (text(made) if isinstance(made, str) else made).compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        bound = {name: compiled.binds[name] for name in self._names}
        self._fixed = {name: one.effective_value for name, one in bound.items() if not one.required}

    def arguments(self, of: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the statement.

        Raises:
            KeyError: one is missing.
        """
        given = {**self._fixed, **of} if self._fixed else of
        return [given[name] for name in self._names]


class Driven:
    """A transaction that the driver holds, on a borrowed connection: left without an error it is committed, otherwise undone.

    What is asked through the connection while it lasts is part of it, for SQLAlchemy begins and ends nothing meanwhile.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        borrowed: Any = connection.sync_connection.connection  # type: ignore[union-attr]  # it is open
        self._connection = connection
        self._adapted = borrowed.dbapi_connection
        self._driver: asyncpg.Connection[Any] = borrowed.driver_connection
        self._is_broken_off = False

    async def run(self, statement: Statement, of: Mapping[str, Any] = _NOTHING) -> list[Row]:
        """What the database answers.

        Raises:
            DBAPIError: as if SQLAlchemy had asked. DatabaseSilent: it does not answer.
        """
        asked = self._driver.fetch(statement.sql, *statement.arguments(of), record_class=Row)
        return await self._heard(asked, statement.sql)

    async def __aenter__(self) -> Self:
        self._adapted.autocommit = True
        try:
            self._transaction = await self._heard(self._begun(), "BEGIN")
        except BaseException:
            await self._give_back()
            raise
        return self

    async def __aexit__(self, _: object, failure: BaseException | None, __: object) -> None:
        try:
            if failure is None:
                await self._heard(self._transaction.commit(), "COMMIT")
            elif not (self._is_broken_off or self._connection.invalidated):
                await self._heard(self._transaction.rollback(), "ROLLBACK")
        finally:
            await self._give_back()

    async def _begun(self) -> Transaction:
        transaction = self._driver.transaction()
        await transaction.start()
        return transaction

    async def _give_back(self) -> None:
        """SQLAlchemy has the connection as it lent it; one that is in the middle of something is used by nobody any more."""
        self._adapted.autocommit = False
        if self._connection.invalidated:
            return
        if self._is_broken_off or self._driver.is_closed() or self._driver.is_in_transaction():
            await self._connection.invalidate()

    async def _heard(self, answer: Awaitable[T], asked: str) -> T:
        try:
            return await answer
        except TimeoutError as late:
            self._is_broken_off = True
            raise DatabaseSilent from late
        except Exception as failure:  # noqa: BLE001  # it is raised again, under its name
            self._is_broken_off |= self._driver.is_closed()
            self._name(failure, asked)
        except BaseException:
            self._is_broken_off = True  # nobody waits for the answer, which comes nevertheless
            raise

    def _name(self, failure: Exception, asked: str) -> NoReturn:
        """Raised as SQLAlchemy names it; a test compares the two. No value is in it."""
        try:
            self._adapted._handle_exception(failure)  # noqa: SLF001  # the one place where the driver's errors are translated
        except self._adapted.dbapi.Error as named:
            raise DBAPIError.instance(
                asked,
                None,
                named,
                self._adapted.dbapi.Error,
                hide_parameters=True,
                connection_invalidated=self._is_broken_off,
            ) from named
        raise failure
