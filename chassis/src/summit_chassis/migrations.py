"""Migrations: a database is brought to what the code expects, by one process at a time, without waiting long for a lock.

A service holds nothing but its versions, in `store/migrations/versions`; the environment they run in is the chassis's.
Write a new one with `python -m summit_chassis.migrations summit_registration "what it does"`.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from summit_chassis.database import encrypted
from summit_chassis.telemetry import get_logger

if TYPE_CHECKING:
    from alembic.config import Config

log = get_logger(__name__)

Standing = Literal["even", "behind", "ahead", "foreign"]
"""A database beside the code: `ahead` is one that newer code has migrated, `foreign` one that nobody's newer code explains."""

_LOCK = 0x4D49_4752
_ENVIRONMENT = Path(__file__).parent / "migration_environment"


def versions_of(package: str) -> Path:
    """Where a service keeps its migrations."""
    return Path(str(import_module(package).__path__[0])) / "store" / "migrations" / "versions"


def head(versions: Path) -> str | None:
    """The newest migration there is: versions are one line, and their names begin with the moment they were written."""
    return max(_known(versions), default=None)


def standing(found: str | None, versions: Path) -> Standing:
    """How a database at `found` stands beside the code that has these versions."""
    expected = head(versions)
    if found == expected:
        return "even"
    if found is None or found in _known(versions):
        return "behind"
    return "ahead" if expected is None or found > expected else "foreign"


def _known(versions: Path) -> set[str]:
    return {path.name.partition("_")[0] for path in versions.glob("[0-9]*.py")}


async def current(engine: AsyncEngine) -> str | None:
    """The newest migration the database has seen; none for an empty one."""
    async with engine.connect() as connection:
        return await connection.run_sync(_found)


def _found(connection: Connection) -> str | None:
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar_one() is None:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


async def upgrade(url: str, versions: Path, metadata: MetaData, *, ca_file: Path | None = None) -> None:
    """The database is at the newest migration, or further: what newer code has made of it stays. Waits for others' migrations."""
    from alembic import command  # over a second to load, and no serving process needs it

    def run(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        try:
            found = _found(connection)
            connection.rollback()  # or else all migrations would run in the transaction that asked
            if standing(found, versions) == "ahead":
                log.warning("migrations.ahead", database=found, code=head(versions), remedy="none is needed")
                return
            command.upgrade(_config(versions, metadata, connection), "head")
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()

    await _with_connection(url, run, ca_file)


async def differences(url: str, metadata: MetaData) -> list[Any]:
    """What the code expects and the database does not have, or the other way round; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # see `upgrade`
    from alembic.migration import MigrationContext

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
    from alembic import command  # see `upgrade`

    revision = datetime.now(UTC).strftime("%Y%m%d%H%M%S")

    def run(connection: Connection) -> None:
        config = _config(versions, metadata, connection)
        command.revision(config, message=message, autogenerate=True, rev_id=revision)

    await _with_connection(url, run)


def _config(versions: Path, metadata: MetaData, connection: Connection | None = None) -> "Config":
    from alembic.config import Config  # see `upgrade`

    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


async def _with_connection(url: str, run: Callable[[Connection], None], ca_file: Path | None = None) -> None:
    engine = create_async_engine(url, connect_args=encrypted(ca_file))
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
