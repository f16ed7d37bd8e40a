"""What goes past SQLAlchemy is one transaction with what does not, fails under the same names, and leaves no connection half used."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from summit_chassis import database as chassis_database
from summit_chassis.database import Database, Transaction
from summit_chassis.deadletters import reason_of
from summit_chassis.driven import Driven, Statement
from summit_chassis.faults import DatabaseSilent, is_lost_turn, is_passing
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually

PERSON = "Amina Example"
_TABLES = """
    CREATE TABLE persons (name text PRIMARY KEY CHECK (name <> 'nobody'), title text NOT NULL DEFAULT '');
    CREATE TABLE places (number int PRIMARY KEY, held_by text REFERENCES persons (name) DEFERRABLE INITIALLY DEFERRED);
"""
_ADD = text("INSERT INTO persons (name) VALUES (:name)")
_COUNT = text("SELECT count(*) AS persons FROM persons")


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    database = Database(databases.fresh(), service="probe", pool=1, statement_seconds=1)
    await tables_in(database)
    yield database
    await database.dispose()


async def tables_in(database: Database) -> None:
    async with database.engine.begin() as connection:
        for table in filter(str.strip, _TABLES.split(";")):
            await connection.execute(text(table))


async def persons(database: Database) -> int:
    async with database.transaction() as transaction:
        return int((await transaction.run(Statement(_COUNT), {}))[0].persons)


FAILURES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "a wrong statement": ("SELEKT 1", {}),
    "a table that is not there": ("SELECT * FROM nowhere", {}),
    "a division by zero": ("SELECT 1/0", {}),
    "a row that is there already": ("INSERT INTO persons VALUES (:one), (:one)", {"one": PERSON}),
    "a value that must be there": ("INSERT INTO persons VALUES (:name, NULL)", {"name": PERSON}),
    "a value that is not allowed": ("INSERT INTO persons VALUES (:name)", {"name": "nobody"}),
    "a value of the wrong type": ("SELECT CAST(:number AS int)", {"number": PERSON}),
    "a character that cannot be kept": ("SELECT CAST(:name AS text)", {"name": f"{PERSON}\0"}),
    "a server that only reads": ("DO $$BEGIN SET TRANSACTION READ ONLY; DELETE FROM persons; END$$", {}),
    "an administrator ended it": ("SELECT pg_terminate_backend(pg_backend_pid())", {}),
    "a statement that took too long": ("SELECT pg_sleep(3)", {}),
    "a lost turn": ("DO $$BEGIN RAISE EXCEPTION 'serialize' USING ERRCODE = '40001'; END$$", {}),
    "a deadlock": ("DO $$BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END$$", {}),
    "a lock held by somebody else": ("DO $$BEGIN RAISE EXCEPTION 'lock' USING ERRCODE = '55P03'; END$$", {}),
    "no room on the disk": ("DO $$BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END$$", {}),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_a_statement_fails_as_it_does_through_sqlalchemy(name: str, database: Database) -> None:
    said, of = FAILURES[name]

    async def by_sqlalchemy(transaction: Transaction) -> None:
        await transaction.ask(text(said), of)

    async def by_the_driver(transaction: Transaction) -> None:
        await transaction.run(Statement(said), of)

    failures = []
    for work in (by_sqlalchemy, by_the_driver):
        failures.append(await failure_of(database, work))
        assert await persons(database) == 0  # whatever it was, the next one has a connection
    expected, found = failures
    assert [type(one) for one in chain(found)] == [type(one) for one in chain(expected)]
    assert str(found.orig) == str(expected.orig)
    assert getattr(found.orig, "sqlstate", None) == getattr(expected.orig, "sqlstate", None)
    assert found.connection_invalidated is expected.connection_invalidated
    assert (is_passing(found), is_lost_turn(found)) == (is_passing(expected), is_lost_turn(expected))
    assert reason_of(found) == reason_of(expected)


async def test_no_value_stands_in_what_is_said_of_a_failure(database: Database) -> None:
    add = Statement(_ADD)

    async def twice(transaction: Transaction) -> None:
        await transaction.run(add, {"name": PERSON})
        await transaction.run(add, {"name": PERSON})

    failure = await failure_of(database, twice)
    assert PERSON not in str(failure)
    assert failure.params is None


async def failure_of(database: Database, work: Callable[[Transaction], Awaitable[object]]) -> DBAPIError:
    """What was raised by a transaction of this work."""
    try:
        async with database.transaction() as transaction:
            await work(transaction)
    except DBAPIError as failure:
        return failure
    raise AssertionError("it did not fail")


def chain(failure: BaseException | None) -> list[BaseException]:
    """The failure with what caused it, and what caused that."""
    return [failure, *chain(failure.__cause__)] if failure else []


async def test_what_a_commit_does_not_allow_fails_as_sqlalchemy_names_it(database: Database) -> None:
    async def hold(transaction: Transaction) -> None:
        await transaction.run(Statement("INSERT INTO places VALUES (1, 'nobody')"), {})

    failure = await failure_of(database, hold)
    assert isinstance(failure, IntegrityError)
    assert "places_held_by_fkey" in str(failure)
    assert await persons(database) == 0


async def test_both_ways_are_one_transaction(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.run(Statement(_ADD), {"name": "A"})
        await transaction.ask(_ADD, {"name": "B"})
        assert (await transaction.ask(_COUNT)).scalar_one() == 2
        ((counted,),) = await transaction.run(Statement(_COUNT), {})
        assert counted == 2

    async def work_that_fails(transaction: Transaction) -> None:
        await transaction.ask(_ADD, {"name": "C"})
        await transaction.run(Statement(_ADD), {"name": "D"})
        await transaction.ask(_ADD, {"name": "D"})

    assert isinstance(await failure_of(database, work_that_fails), IntegrityError)
    assert await persons(database) == 2


async def test_a_connection_is_an_ordinary_one_again_afterwards(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.run(Statement(_ADD), {"name": "A"})
    async with database.engine.connect() as connection:
        await connection.execute(_ADD, {"name": "B"})
        await connection.rollback()
    assert await persons(database) == 1


async def test_whoever_is_told_to_stop_leaves_no_connection_in_the_middle_of_something(
    databases: Databases,
) -> None:
    async def work() -> None:
        async with patient.transaction() as transaction:
            await transaction.run(Statement(_ADD), {"name": "A"})
            await transaction.run(Statement("SELECT pg_sleep(600)"), {})

    patient = Database(databases.fresh(), service="probe", pool=2)
    await tables_in(patient)
    working = asyncio.create_task(work())

    async def it_is_in_the_middle() -> None:
        async with patient.engine.connect() as watching:
            sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
            assert (await watching.execute(text(sleeping))).scalar_one() == 1

    await eventually(it_is_in_the_middle)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert await persons(patient) == 0
    await patient.dispose()


async def test_a_transaction_that_somebody_ended_himself_gives_no_open_one_to_the_next(
    database: Database,
) -> None:
    """It is the driver that is asked, not what is remembered."""

    async def hold(transaction: Transaction) -> None:
        for said in ("COMMIT", "BEGIN", "INSERT INTO persons VALUES ('A')", "SELEKT 1"):
            await transaction.run(Statement(said), {})

    await failure_of(database, hold)
    assert await persons(database) == 0


async def test_a_statement_without_an_answer_is_told_apart_and_the_next_has_another_connection(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        chassis_database, "_SILENCE_SECONDS", -29
    )  # the driver gives up before the server does
    database = Database(databases.fresh(), service="probe", pool=1)
    with pytest.raises(DatabaseSilent):
        await failure_of(database, lambda one: one.run(Statement("SELECT pg_sleep(3)"), {}))
    async with database.transaction() as transaction:
        assert await transaction.run(Statement("SELECT 1 AS one"), {})
    await database.dispose()


async def test_a_transaction_that_cannot_begin_says_so_and_the_next_one_can(database: Database) -> None:
    async with database.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.terminate()
        with pytest.raises(DBAPIError) as failure:
            await Driven(connection).__aenter__()
    assert is_passing(failure.value)
    assert await persons(database) == 0


async def test_values_have_names_may_repeat_and_are_all_needed(database: Database) -> None:
    statement = Statement("SELECT CAST(:b AS text) || :a || :b AS said")
    async with database.transaction() as transaction:
        (row,) = await transaction.run(statement, {"a": "-", "b": "x", "unused": 1})
        assert (row.said, row["said"], row[0]) == ("x-x", "x-x", "x-x")
        with pytest.raises(AttributeError, match="unsaid"):
            _ = row.unsaid
        with pytest.raises(KeyError, match="a"):
            await transaction.run(statement, {"b": "x"})
