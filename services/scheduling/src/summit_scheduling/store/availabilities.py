"""Availabilities as rows."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_scheduling.domain.availability import Availability, Blocked, Representative
from summit_scheduling.domain.ports import Marked
from summit_scheduling.store.marks import marked
from summit_scheduling.store.tables import availabilities

_SITTING: TypeAdapter[tuple[Representative, ...] | None] = TypeAdapter(tuple[Representative, ...] | None)
_BLOCKED: TypeAdapter[tuple[Blocked, ...]] = TypeAdapter(tuple[Blocked, ...])


class SqlAvailabilities:
    """One per invitee and edition, from the first word about it on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, edition_id: str, code: str) -> Availability | None:
        """The availability, or none where nothing is known."""
        return await self._one(_of(edition_id).where(availabilities.c.code == code))

    async def hold(self, edition_id: str, code: str) -> Availability | None:
        """The same, for a change; where nothing is known yet, whoever learns the first word is held up, too."""
        query = _of(edition_id).where(availabilities.c.code == code).with_for_update()
        found = await self._one(query)
        if (
            found is None
        ):  # there is no row to lock, and the later of two first words would wipe out the other
            name = func.hashtextextended(f"availability/{edition_id}/{code}", 0)
            await self._connection.execute(select(func.pg_advisory_xact_lock(name)))
            found = await self._one(query)
        return found

    async def all(self, edition_id: str) -> Mapping[str, Availability]:
        """All that is known, by invitee code."""
        return {row.code: _availability(row) for row in await self._connection.execute(_of(edition_id))}

    async def marked(
        self, edition_id: str, known: Mapping[str, Marked[Availability]]
    ) -> Mapping[str, Marked[Availability]]:
        """The same, each with its mark; what is `known` under the mark that it has is not read again."""
        return await marked(self._connection, _of(edition_id), availabilities.c.code, _availability, known)

    async def save(self, availability: Availability) -> None:
        """It is as given."""
        values = {
            "edition_id": availability.edition_id,
            "code": availability.code,
            "representatives": _SITTING.dump_python(availability.representatives, mode="json"),
            "blocked": _BLOCKED.dump_python(availability.blocked, mode="json"),
            "is_withdrawn": availability.is_withdrawn,
            "revision": availability.revision,
        }
        await self._connection.execute(
            insert(availabilities)
            .values(values)
            .on_conflict_do_update(index_elements=["edition_id", "code"], set_=values)
        )

    async def _one(self, query: Select[Any]) -> Availability | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _availability(row) if row else None


def _of(edition_id: str) -> Select[Any]:
    return select(availabilities).where(availabilities.c.edition_id == edition_id)


def _availability(row: Any) -> Availability:
    return Availability(
        edition_id=row.edition_id,
        code=row.code,
        representatives=_SITTING.validate_python(row.representatives),
        blocked=_BLOCKED.validate_python(row.blocked),
        is_withdrawn=row.is_withdrawn,
        revision=row.revision,
    )
