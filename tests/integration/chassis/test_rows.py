"""Rows of several tables that are written with one statement."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Identity, MetaData, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from summit_chassis import rows
from summit_chassis.database import Database
from summit_contracts.values import FieldChange, Language
from summit_testkit.databases import Databases

metadata = MetaData()
visitors = Table(
    "visitors", metadata,
    Column("code", Text, primary_key=True),
    Column("language", Text, nullable=False),
    Column("change", JSONB),
    Column("comes_on", Date),
    Column("seen_at", DateTime(timezone=True)),
)  # fmt: skip
visits = Table(
    "visits", metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("code", ForeignKey("visitors.code"), nullable=False),
)  # fmt: skip
NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
AMINA = {
    "code": "A",
    "language": Language.ARABIC,
    "change": None,
    "comes_on": date(2022, 8, 31),
    "seen_at": NOON,
}


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    database = Database(databases.fresh(), service="probe", pool=2)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.dispose()


async def kept(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.engine.connect() as connection:
        return [dict(row._mapping) for row in await connection.execute(select(table).order_by(*table.c))]


async def test_each_value_has_the_type_of_its_column(database: Database) -> None:
    change = FieldChange(path="language", before="en", after='a "quoted" \\ name, عربي')
    async with database.transaction() as transaction:
        await rows.write(transaction.driven, {visitors: [AMINA, {**AMINA, "code": "B", "change": change}]})
    first, second = await kept(database, visitors)
    assert first == {**AMINA, "language": "ar"}
    assert FieldChange.model_validate(second["change"]) == change


async def test_a_row_with_the_same_key_is_as_given_afterwards(database: Database) -> None:
    async with database.transaction() as transaction:
        await rows.write(transaction.driven, {visitors: [AMINA]})
        await rows.write(
            transaction.driven, {visitors: [{**AMINA, "language": Language.FRENCH, "seen_at": None}]}
        )
    (found,) = await kept(database, visitors)
    assert (found["language"], found["seen_at"]) == ("fr", None)


async def test_tables_that_rest_on_each_other_are_written_together(database: Database) -> None:
    both: rows.Rows = {visitors: [AMINA], visits: [{"code": "A"}, {"code": "A"}]}
    async with database.transaction() as transaction:
        await rows.write(transaction.driven, both)
        await rows.write(transaction.driven, {visits: []})
    assert [row["place"] for row in await kept(database, visits)] == [1, 2]


async def test_what_a_table_does_not_allow_writes_nothing_anywhere(database: Database) -> None:
    with pytest.raises(IntegrityError, match="visits_code_fkey"):
        async with database.transaction() as transaction:
            await rows.write(transaction.driven, {visitors: [AMINA], visits: [{"code": "nobody"}]})
    assert await kept(database, visitors) == []


async def test_a_row_is_changed_where_it_stands_and_only_as_far_as_is_said(database: Database) -> None:
    async with database.transaction() as transaction:
        await rows.write(transaction.driven, {visitors: [AMINA, {**AMINA, "code": "B"}]})
        changed: list[dict[str, Any]] = [{"code": "A", "seen_at": None}, {"code": "nobody", "seen_at": NOON}]
        await rows.change(transaction.driven, visitors, changed)
        await rows.change(transaction.driven, visitors, [])
    first, second = await kept(database, visitors)
    assert first == {**AMINA, "language": "ar", "seen_at": None}
    assert second == {**AMINA, "code": "B", "language": "ar"}


async def test_what_was_put_is_there_when_it_is_asked_for_and_when_it_is_committed(
    database: Database,
) -> None:
    async with database.transaction() as transaction:
        transaction.put({visitors: [AMINA]})
        transaction.put({visitors: [{**AMINA, "language": Language.FRENCH}], visits: [{"code": "A"}]})
        asked = (await transaction.ask(select(visitors.c.language))).scalars().all()
        transaction.put({visits: [{"code": "A"}]})
    assert asked == ["fr"]
    assert [row["place"] for row in await kept(database, visits)] == [1, 2]


async def test_what_was_put_is_undone_with_its_transaction(database: Database) -> None:
    with pytest.raises(IntegrityError, match="visits_code_fkey"):
        async with database.transaction() as transaction:
            transaction.put({visitors: [AMINA], visits: [{"code": "nobody"}]})
    assert await kept(database, visitors) == []
