"""Which transaction wrote a row: whoever knows what it wrote need not read that again.

PostgreSQL keeps it with every row, as `xmin`. Nobody else sees a row between two writes of one transaction, so that what is seen
under one `xmin` is one and the same.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import ARRAY, Column, Select, Text, any_, cast, literal, literal_column
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_scheduling.domain.ports import Marked

T = TypeVar("T")

WRITTEN_BY: Final = cast(literal_column("xmin"), Text)
"""The mark of a row of the only table that a statement reads."""


async def marked(
    connection: AsyncConnection,
    query: Select[Any],
    key: Column[str],
    read: Callable[[Any], T],
    known: Mapping[str, Marked[T]],
) -> Mapping[str, Marked[T]]:
    """What `read` makes of the rows of the query, by key; of what is `known`, no more is read than its mark."""
    if not known:
        return await _marked(connection, query, key, read)
    marks = {row[0]: row[1] for row in await connection.execute(query.with_only_columns(key, WRITTEN_BY))}
    same = {name: one for name, one in known.items() if one.mark == marks.get(name)}
    others = [name for name in marks if name not in same]
    if not others:
        return same
    written_since = query.where(key == any_(literal(others, ARRAY(Text))))
    return {**same, **await _marked(connection, written_since, key, read)}


async def _marked(
    connection: AsyncConnection, query: Select[Any], key: Column[str], read: Callable[[Any], T]
) -> Mapping[str, Marked[T]]:
    rows = await connection.execute(query.add_columns(WRITTEN_BY.label("written_by")))
    return {getattr(row, key.name): Marked(row.written_by, read(row)) for row in rows}
