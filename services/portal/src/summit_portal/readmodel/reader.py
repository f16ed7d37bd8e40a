"""How pages read what was heard: one query for each question, typed by the kind that is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, Text, cast, func, select

from summit_chassis.database import Database
from summit_chassis.editions import published
from summit_contracts.editions import Edition
from summit_portal.readmodel.figures import Figures, counted
from summit_portal.readmodel.kinds import Meeting, Record, Timetable
from summit_portal.store.tables import editions, records

R = TypeVar("R", bound=Record)


class Reader:
    """What was heard, as of now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def editions(self) -> Sequence[Edition]:
        """Every summit that was announced, the latest first."""
        async with self._database.engine.connect() as connection:
            names = (await connection.execute(select(editions.c.edition_id))).scalars().all()
            found = [await published(connection, name) for name in names]
        return sorted(
            (one.edition for one in found if one),
            key=lambda one: (one.first_day, one.edition_id),
            reverse=True,
        )

    async def edition(self, edition_id: str) -> Edition | None:
        """The summit of that name, or none."""
        async with self._database.engine.connect() as connection:
            found = await published(connection, edition_id)
        return found.edition if found else None

    async def all(self, kind: type[R], edition_id: str) -> list[R]:
        """Every record of this kind, by key."""
        return self._typed(kind, await self._documents(self._of(kind, edition_id).order_by(records.c.key)))

    async def one(self, kind: type[R], edition_id: str, key: str) -> R | None:
        """The record of that key, or none."""
        found = self._typed(
            kind, await self._documents(self._of(kind, edition_id).where(records.c.key == key))
        )
        return found[0] if found else None

    async def of_invitee(self, kind: type[R], edition_id: str, invitee: str) -> list[R]:
        """Every record of this kind that concerns the invitee, by key."""
        query = self._of(kind, edition_id).where(records.c.invitees.contains([invitee]))
        return self._typed(kind, await self._documents(query.order_by(records.c.key)))

    async def parties(self, edition_id: str) -> dict[str, tuple[str, ...]]:
        """Who meets in each bilateral, the requester first; by the bilateral's id."""
        said = records.c.document["requester"].as_string(), records.c.document["counterparts"]
        query = select(records.c.key, *said).where(
            records.c.edition_id == edition_id, records.c.kind == Meeting.KIND
        )
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(query)
            return {key: (requester, *counterparts) for key, requester, counterparts in rows}

    async def timetable(self, edition_id: str) -> Timetable | None:
        """The timetable that holds, or none."""
        number = records.c.document[("published", "number")].as_integer()
        latest = self._of(Timetable, edition_id).order_by(number.desc()).limit(1)
        found = self._typed(Timetable, await self._documents(latest))
        return found[0] if found else None

    async def starts(self, edition_id: str) -> list[datetime]:
        """When each bilateral with a place begins, the earliest first."""
        start_at = records.c.document[("progress", "placement", "start_at")].as_string()
        query = select(start_at).where(
            records.c.edition_id == edition_id, records.c.kind == Meeting.KIND, start_at.is_not(None)
        )
        async with self._database.engine.connect() as connection:
            return sorted(map(datetime.fromisoformat, (await connection.execute(query)).scalars()))

    async def counts(self, edition_id: str) -> dict[str, int]:
        """How many records there are of each kind."""
        query = select(records.c.kind, func.count()).where(records.c.edition_id == edition_id)
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(query.group_by(records.c.kind))
            return {row[0]: row[1] for row in rows}

    async def figures(self, edition_id: str) -> Figures:
        """The summit in figures."""
        async with self._database.engine.connect() as connection:
            return await counted(connection, edition_id)

    def _of(self, kind: type[Record], edition_id: str) -> Select[str]:
        # As text, which is read and checked in one go: twice as fast for a page that shows hundreds.
        return select(cast(records.c.document, Text)).where(
            records.c.edition_id == edition_id, records.c.kind == kind.KIND
        )

    async def _documents(self, query: Select[str]) -> Sequence[str]:
        async with self._database.engine.connect() as connection:
            return (await connection.execute(query)).scalars().all()

    @staticmethod
    def _typed(kind: type[R], documents: Sequence[str]) -> list[R]:
        return [kind.model_validate_json(document) for document in documents]
