"""A database is brought to what the code expects: from nothing, by one process at a time, wholly or not at all."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis import migrations
from summit_testkit.eventually import eventually
from summit_testkit.probe.application import publisher

FIRST = '''"""the first"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "20220101000000", None, None, None
def upgrade() -> None:
    op.create_table("things", sa.Column("thing", sa.Integer(), primary_key=True))
'''
SECOND = '''"""the second"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "20220102000000", "20220101000000", None, None
def upgrade() -> None:
    op.add_column("things", sa.Column("name", sa.Text(), nullable=False))
'''
BROKEN = SECOND.replace(
    "op.add_column", 'op.execute("CREATE TABLE left_over (n int)"); op.execute("SELECT 1/0"); op.add_column'
)


def things(*, with_name: bool = True) -> MetaData:
    metadata = MetaData()
    columns = [Column("name", Text, nullable=False)] if with_name else []
    Table("things", metadata, Column("thing", Integer, primary_key=True), *columns)
    return metadata


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    (tmp_path / "20220101000000_first.py").write_text(FIRST)
    (tmp_path / "20220102000000_second.py").write_text(SECOND)
    return tmp_path


async def current(url: str) -> str | None:
    engine = create_async_engine(url)
    try:
        return await migrations.current(engine)
    finally:
        await engine.dispose()


async def tables(url: str) -> set[str]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        names = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        found = set(names.scalars())
    await engine.dispose()
    return found


async def test_an_empty_database_gets_everything_and_a_second_time_changes_nothing(
    database_url: str, versions: Path
) -> None:
    assert await current(database_url) is None
    for _ in range(2):
        await migrations.upgrade(database_url, versions, things())
        assert await current(database_url) == migrations.head(versions) == "20220102000000"
    assert await migrations.differences(database_url, things()) == []


async def test_a_difference_between_code_and_database_is_found(database_url: str, versions: Path) -> None:
    await migrations.upgrade(database_url, versions, things())
    found = await migrations.differences(database_url, things(with_name=False))
    assert [difference[0] for difference in found] == ["remove_column"]


async def test_a_database_that_newer_code_has_migrated_is_left_as_it_is(
    database_url: str, versions: Path
) -> None:
    await migrations.upgrade(database_url, versions, things())
    (versions / "20220102000000_second.py").unlink()  # the code of before
    found = await current(database_url)
    assert migrations.standing(found, versions) == "ahead"
    await migrations.upgrade(database_url, versions, things(with_name=False))
    assert await current(database_url) == found


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        (None, "behind"),
        ("20220101000000", "behind"),
        ("20220102000000", "even"),
        ("20220103000000", "ahead"),
        ("20220101120000", "foreign"),
    ],
)
def test_how_a_database_stands_beside_the_code_is_known(
    versions: Path, found: str | None, standing: str
) -> None:
    assert migrations.standing(found, versions) == standing


async def test_the_chassis_own_tables_are_what_their_migration_makes(probe_url: str) -> None:
    assert await migrations.differences(probe_url, publisher.metadata) == []


async def test_four_at_once_migrate_once(database_url: str, versions: Path) -> None:
    await asyncio.gather(*(migrations.upgrade(database_url, versions, things()) for _ in range(4)))
    assert await tables(database_url) == {"alembic_version", "things"}


async def test_one_waits_while_another_migrates(database_url: str, versions: Path) -> None:
    engine = create_async_engine(database_url)
    async with engine.connect() as other:
        await other.execute(text("SELECT pg_advisory_lock(:key)"), {"key": migrations._LOCK})
        upgrading = asyncio.create_task(migrations.upgrade(database_url, versions, things()))

        async def it_waits() -> None:
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            assert (await other.execute(text(waiting))).scalar_one() == 1

        await eventually(it_waits)
        assert await tables(database_url) == set()
        await other.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": migrations._LOCK})
    await upgrading
    await engine.dispose()
    assert "things" in await tables(database_url)


async def test_a_migration_that_fails_leaves_nothing_and_the_one_before_it_stays(
    database_url: str, versions: Path
) -> None:
    (versions / "20220102000000_second.py").write_text(BROKEN)
    with pytest.raises(DBAPIError, match="division by zero"):
        await migrations.upgrade(database_url, versions, things())
    assert await current(database_url) == "20220101000000"
    assert await tables(database_url) == {"alembic_version", "things"}
    (versions / "20220102000000_second.py").write_text(SECOND)
    await migrations.upgrade(database_url, versions, things())
    assert await current(database_url) == "20220102000000"


async def test_a_migration_does_not_queue_up_behind_a_long_reader(
    database_url: str, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = versions / "20220102000000_second.py"
    second.rename(versions / "later")
    await migrations.upgrade(database_url, versions, things())
    (versions / "later").rename(second)
    second.write_text(
        SECOND.replace("    op.add", '    op.execute("SET LOCAL lock_timeout = 200")\n    op.add')
    )
    engine = create_async_engine(database_url)
    async with engine.connect() as reader:
        await reader.execute(text("SELECT * FROM things"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            await migrations.upgrade(database_url, versions, things())
    await engine.dispose()
    assert await current(database_url) == "20220101000000"


async def test_a_new_version_is_written_from_the_difference(database_url: str, versions: Path) -> None:
    later = things()
    Table("more", later, Column("number", Integer, primary_key=True))
    await migrations.upgrade(database_url, versions, things())
    await migrations.write_version(database_url, versions, later, "more of them")
    written = versions / f"{migrations.head(versions)}_more_of_them.py"
    assert (
        'op.create_table(\n        "more"' in written.read_text()
        or "op.create_table('more'" in written.read_text()
    )
    await migrations.upgrade(database_url, versions, later)
    assert await migrations.differences(database_url, later) == []
