"""Many rows written with one statement: the way to the database and back is paid once for all of them.

They travel as JSON, which pydantic writes faster than a driver binds values one by one, and PostgreSQL gives each its type.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Table

from summit_chassis.driven import Driven, Statement

Rows = Mapping[Table, Sequence[Mapping[str, Any]]]


async def write(driven: Driven, rows: Rows) -> None:
    """Every row stands in its table as given; one with the same primary key was that before it.

    Tables are named in an order in which their foreign keys allow it. A row names every column of its table, but for a number
    that the database gives; a value is anything that pydantic can say as JSON.
    """
    await write_beside(driven, rows, (), None, {})


async def write_beside(
    driven: Driven, rows: Rows, parts: tuple[str, ...], last: str | None, of: Mapping[str, Any]
) -> None:
    """The same, and what a statement of one's own says: its parts, `name AS (…)`, and the last one. It sees none of the rows."""
    written = {table: to_json(some).decode() for table, some in rows.items() if some}
    if written or last:
        given = {table.name: some for table, some in written.items()}
        await driven.run(_statement(tuple(written), parts, last), {**given, **of})


async def change(driven: Driven, table: Table, changed: Sequence[Mapping[str, Any]]) -> None:
    """Each row that stands there already is as given, as far as it says: its primary key and the columns that every one names."""
    if changed:
        await driven.run(_update(table, tuple(changed[0])), {"changed": to_json(list(changed)).decode()})


@cache
def _statement(tables: tuple[Table, ...], parts: tuple[str, ...], last: str | None) -> Statement:
    upserts = [_upsert(table) for table in tables]
    last = last or upserts.pop()
    every = [*parts, *(f"part_{place} AS ({one})" for place, one in enumerate(upserts))]
    return Statement(f"WITH {', '.join(every)} {last}" if every else last)


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


@cache
def _update(table: Table, names: tuple[str, ...]) -> Statement:
    key = [column.name for column in table.primary_key]
    changes = ", ".join(f"{_quoted(one)} = given.{_quoted(one)}" for one in names if one not in key)
    same = " AND ".join(f"kept.{_quoted(one)} = given.{_quoted(one)}" for one in key)
    rows = f"jsonb_populate_recordset(CAST(NULL AS {_quoted(table.name)}), CAST(:changed AS jsonb))"
    update = f"UPDATE {_quoted(table.name)} AS kept SET {changes} FROM {rows} AS given WHERE {same}"  # noqa: S608  # as above
    return Statement(update)


def _quoted(name: str) -> str:
    return f'"{name}"'
