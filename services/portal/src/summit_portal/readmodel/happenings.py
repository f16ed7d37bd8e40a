"""What happened, one fact after the other, in the order in which it was heard."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import ConfigDict
from sqlalchemy import func, select

from summit_chassis.database import Database
from summit_contracts.explained import Explained
from summit_portal.store.tables import happenings


class Happening(Explained):
    """A fact that was heard. What it says stands in the stream; here is that it came."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    seq: int
    """Counts in the order of commits: nothing with a smaller number can come later."""
    edition_id: str
    type: str
    """Its CloudEvents type."""
    event_id: str
    about: str
    """The aggregate it speaks of."""
    happened_at: datetime


class Happenings:
    """The log of what was heard."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> int:
        """The number of the latest; 0 before the first."""
        async with self._database.engine.connect() as connection:
            return (await connection.execute(select(func.max(happenings.c.seq)))).scalar_one() or 0

    async def after(self, seq: int, *, most: int, edition_id: str | None = None) -> Sequence[Happening]:
        """What came after that number, the oldest first; of one summit or of all."""
        query = select(happenings).where(happenings.c.seq > seq).order_by(happenings.c.seq).limit(most)
        if edition_id is not None:
            query = query.where(happenings.c.edition_id == edition_id)
        async with self._database.engine.connect() as connection:
            return [Happening.model_validate(row) for row in await connection.execute(query)]

    async def latest(self, edition_id: str, *, most: int) -> Sequence[Happening]:
        """The latest of that summit, the newest first."""
        query = select(happenings).where(happenings.c.edition_id == edition_id)
        query = query.order_by(happenings.c.seq.desc()).limit(most)
        async with self._database.engine.connect() as connection:
            return [Happening.model_validate(row) for row in await connection.execute(query)]
