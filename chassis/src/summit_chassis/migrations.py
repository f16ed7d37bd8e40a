"""Migrations: a database is brought to what the code expects, by one process at a time, without waiting long for a lock.

A service holds nothing but its versions, in `store/migrations/versions`; the environment they run in is the chassis's.
Write a new one with `python -m summit_chassis.migrations summit_registration "what it does"`.
"""

import asyncio
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

_LOCK = 0x4D49_4752
_ENVIRONMENT = Path(__file__).parent / "migration_environment"


def versions_of(package: str) -> Path:
    """Where a service keeps its migrations."""
    return Path(str(import_module(package).__path__[0])) / "store" / "migrations" / "versions"


def head(versions: Path) -> str | None:
    """The newest migration there is."""
    return ScriptDirectory.from_config(_config(versions, MetaData())).get_current_head()


async def current(url: str) -> str | None:
    """The newest migration the database has seen; none for an empty one."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_revision()
            )
    finally:
        await engine.dispose()


async def upgrade(url: str, versions: Path, metadata: MetaData) -> None:
    """The database is at the newest migration. Waits while another process migrates it."""

    def run(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        try:
            command.upgrade(_config(versions, metadata, connection), "head")
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()

    await _with_connection(url, run)


async def differences(url: str, metadata: MetaData) -> list[Any]:
    """What the code expects and the database does not have, or the other way round; empty when they agree."""
    found: list[Any] = []

    def run(connection: Connection) -> None:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        found.extend(compare_metadata(context, metadata))

    await _with_connection(url, run)
    return found


async def write_version(url: str, versions: Path, metadata: MetaData, message: str) -> None:
    """A new migration from the difference between a database at the newest migration and the tables of the code."""
    revision = datetime.now(UTC).strftime("%Y%m%d%H%M%S")

    def run(connection: Connection) -> None:
        config = _config(versions, metadata, connection)
        command.revision(config, message=message, autogenerate=True, rev_id=revision)

    await _with_connection(url, run)


def _config(versions: Path, metadata: MetaData, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


async def _with_connection(url: str, run: Any) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def main() -> None:
    """Writes a new migration for a service, against the database in SUMMIT_DATABASE_URL."""
    import os

    package, message = sys.argv[1:3]
    metadata = import_module(f"{package}.store.tables").metadata
    url = os.environ["SUMMIT_DATABASE_URL"]
    versions = versions_of(package)
    asyncio.run(upgrade(url, versions, metadata))
    asyncio.run(write_version(url, versions, metadata, message))


if __name__ == "__main__":
    main()
