"""Migrations make what the tables of the code say, word for word, and two processes that migrate at once do it once."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis import migrations
from summit_chassis.service import Service
from summit_testkit.databases import Databases
from summit_testkit.house.sources import services

ROOT = Path(__file__).parents[3]
_COLUMNS = """
    SELECT format('%s.%s: %s%s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END, attidentity, pg_get_expr(adbin, adrelid))
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
        AND attnum > 0 AND NOT attisdropped
"""
_CONSTRAINTS = """
    SELECT format('%s: %s%s', conrelid::regclass, pg_get_constraintdef(oid), CASE WHEN condeferred THEN ' deferred' ELSE '' END)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
"""
_INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
MIGRATE = """
import asyncio, sys
from importlib import import_module
from summit_chassis.migrations import upgrade
service = import_module(f"summit_{sys.argv[1]}.app").service
asyncio.run(upgrade(sys.argv[2], service.versions, service.metadata))
"""


def service_of(name: str) -> Service[Any]:
    service = import_module(f"summit_{name}.app").service
    assert isinstance(service, Service)
    return service


async def definitions(url: str) -> set[str]:
    """Every column, constraint and index, as PostgreSQL itself writes them; without Alembic's own table."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found: set[str] = set()
        for query in (_COLUMNS, _CONSTRAINTS, _INDEXES):
            found |= set((await connection.execute(text(query))).scalars())
    await engine.dispose()
    return {one for one in found if "alembic_version" not in one}


async def made_from_tables(url: str, metadata: MetaData) -> str:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    return url


@pytest.mark.parametrize("name", services(ROOT))
async def test_a_migrated_database_is_the_one_that_the_tables_describe(
    name: str, databases: Databases
) -> None:
    service = service_of(name)
    migrated = databases.fresh()
    await migrations.upgrade(migrated, service.versions, service.metadata)
    described = await made_from_tables(databases.fresh(), service.metadata)
    found, expected = await definitions(migrated), await definitions(described)
    assert found - expected == set(), "made by migrations, unknown to the tables"
    assert expected - found == set(), "in the tables, made by no migration"


async def test_a_condition_that_only_one_of_them_has_is_found(databases: Databases) -> None:
    service = service_of("registration")
    url = await made_from_tables(databases.fresh(), service.metadata)
    before = await definitions(url)
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP INDEX members_one_head"))
        await connection.execute(
            text("CREATE UNIQUE INDEX members_one_head ON members (edition_id, invitee)")
        )
    await engine.dispose()
    assert len(before ^ await definitions(url)) == 2


@pytest.mark.parametrize("name", services(ROOT))
async def test_two_processes_that_migrate_at_once_do_it_once(name: str, database_url: str) -> None:
    service = service_of(name)
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, name, database_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0, 0], said
    assert await migrations.differences(database_url, service.metadata) == []
    engine = create_async_engine(database_url)
    assert await migrations.current(engine) == migrations.head(service.versions)
    await engine.dispose()
