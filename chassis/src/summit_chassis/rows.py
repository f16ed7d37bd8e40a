"""Rows of several tables, written with one statement: the way to the database and back is paid once for all of them.

They travel as JSON, which pydantic writes faster than a driver binds values one by one, and PostgreSQL gives each its type.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Table, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Mapping[Table, Iterable[Mapping[str, Any]]]


async def write(connection: AsyncConnection, rows: Rows) -> None:
    """Every row stands in its table as given; one with the same primary key was that before it.

    Tables are named in an order in which their foreign keys allow it. A row names every column of its table, but for a number
    that the database gives; a value is anything that pydantic can say as JSON.
    """
    await connection.execute(
        _statement(tuple(rows)), {table.name: to_json(list(some)).decode() for table, some in rows.items()}
    )


@cache
def _statement(tables: tuple[Table, ...]) -> TextClause:
    *before, last = [_upsert(table) for table in tables]
    parts = ", ".join(f"part_{place} AS ({one})" for place, one in enumerate(before))
    return text(f"WITH {parts} {last}" if parts else last)


def _upsert(table: Table) -> str:
    names = [column.name for column in table.columns if column.identity is None]
    columns, key = ", ".join(map(_quoted, names)), [column.name for column in table.primary_key]
    written = (
        f"INSERT INTO {_quoted(table.name)} ({columns}) SELECT {columns}"  # noqa: S608  # names of our own tables
        f" FROM jsonb_populate_recordset(NULL::{_quoted(table.name)}, CAST(:{table.name} AS jsonb))"
    ).replace("::", "\\:\\:")
    if not set(key) <= set(names):
        return written
    changed = ", ".join(f"{_quoted(one)} = excluded.{_quoted(one)}" for one in names if one not in key)
    return f"{written} ON CONFLICT ({', '.join(map(_quoted, key))}) DO UPDATE SET {changed}"


def _quoted(name: str) -> str:
    return f'"{name}"'
