"""What names or reaches a person ends a set time after the last day of the summit it was for, and what is kept for a time after
that time.

A service says what that is in its own tables; the stream of personal facts ends by its own age (`provisioner`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_OVER = text("""
    SELECT edition_id FROM editions
    WHERE (edition #>> '{days,-1,on}')::date < CAST(:before AS timestamptz) AT TIME ZONE (edition ->> 'time_zone')
""")
_DEAD = text("""
    UPDATE dead_letter SET payload = '', reason = '' WHERE subject LIKE 'summit-personal.%' AND payload <> '' AND died_at < :before
""")


async def forget(
    connection: AsyncConnection, statements: Sequence[str], *, now: datetime, after: timedelta
) -> None:
    """Of editions whose last day was longer ago than `after` no person is known any more, nor from personal dead letters.

    Each of the statements empties something of the editions in `:editions`, and finds nothing where it was run before.
    """
    await connection.execute(_DEAD, {"before": now - after})
    if not statements:
        return
    over = (await connection.execute(_OVER, {"before": now - after})).scalars().all()
    if over:
        for statement in statements:
            await connection.execute(text(statement), {"editions": over})


async def end(connection: AsyncConnection, ending: Mapping[str, timedelta], *, now: datetime) -> None:
    """Each of the statements has deleted, of what it deletes before the moment `:before`, what was kept as long as is said with it."""
    for statement, kept_for in ending.items():
        await connection.execute(text(statement), {"before": now - kept_for})
