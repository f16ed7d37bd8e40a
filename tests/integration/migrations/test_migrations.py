"""Every service's migrations, run on an empty database, make exactly the tables that its code expects."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from summit_chassis import migrations
from summit_chassis.service import Service
from summit_testkit.house.sources import services

ROOT = Path(__file__).parents[3]
_CONSTRAINTS = text("""
    SELECT conrelid::regclass::text AS held_on, conname AS name FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'x')
""")
"""CHECK and EXCLUDE, which a comparison of tables does not see."""


def _service(name: str) -> Service[Any]:
    service = import_module(f"summit_{name}.app").service
    assert isinstance(service, Service)
    return service


async def _migrated(service: Service[Any], url: str) -> str:
    await migrations.upgrade(url, service.versions, service.metadata)
    return url


@pytest.mark.parametrize("name", services(ROOT))
async def test_the_database_is_as_the_code_expects(name: str, database_url: str) -> None:
    service = _service(name)
    url = await _migrated(service, database_url)
    assert await migrations.differences(url, service.metadata) == []
    engine = create_async_engine(url)
    try:
        assert await migrations.current(engine) == migrations.head(service.versions)
        assert await _constraints(engine) == _expected_constraints(service.metadata)
    finally:
        await engine.dispose()


@pytest.mark.parametrize("name", services(ROOT))
async def test_migrating_again_changes_nothing(name: str, database_url: str) -> None:
    service = _service(name)
    url = await _migrated(service, await _migrated(service, database_url))
    assert await migrations.differences(url, service.metadata) == []


async def test_a_planted_difference_is_found(database_url: str) -> None:
    service = _service("pledges")
    url = await _migrated(service, database_url)
    planted = MetaData()
    for table in service.metadata.tables.values():
        table.to_metadata(planted)
    Table("planted", planted, Column("word", Text, primary_key=True))
    found: Sequence[Any] = await migrations.differences(url, planted)
    assert [difference[0] for difference in found] == ["add_table"]


async def _constraints(engine: AsyncEngine) -> set[tuple[str, str]]:
    async with engine.connect() as connection:
        return {(row.held_on, row.name) for row in await connection.execute(_CONSTRAINTS)}


def _expected_constraints(metadata: MetaData) -> set[tuple[str, str]]:
    return {
        (table.name, str(constraint.name))
        for table in metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ in ("CheckConstraint", "ExcludeConstraint")
    }
