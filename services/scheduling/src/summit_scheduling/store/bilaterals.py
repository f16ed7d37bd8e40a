"""Bilaterals as rows, each with a row for every party, so that the database can see who is where when."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.scheduling import Placement
from summit_contracts.values import Language
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Marked
from summit_scheduling.domain.progress import Proposal, Status
from summit_scheduling.store.marks import marked
from summit_scheduling.store.tables import bilaterals, parties

_THREAD: TypeAdapter[tuple[Proposal, ...]] = TypeAdapter(tuple[Proposal, ...])
_KEY = ("edition_id", "bilateral_id")
_KEPT = (*_KEY, "place")
_FOR_THE_DATABASE = ("place", "between", "room", "during")
_READ = [column for column in bilaterals.columns if column.name not in _FOR_THE_DATABASE]


class SqlBilaterals:
    """Every bilateral that was ever asked for or arranged, and what became of it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, edition_id: str, bilateral_id: str) -> Bilateral | None:
        """The bilateral, or none."""
        return await self._one(_of(edition_id).where(bilaterals.c.bilateral_id == bilateral_id))

    async def hold(self, edition_id: str, bilateral_id: str) -> Bilateral | None:
        """The same, for a change."""
        return await self._one(
            _of(edition_id).where(bilaterals.c.bilateral_id == bilateral_id).with_for_update()
        )

    async def between(self, edition_id: str, parties: frozenset[str]) -> Sequence[Bilateral]:
        """Those of exactly these parties, in the order in which they came about."""
        return await self._all(_between(edition_id, parties))

    async def hold_between(self, edition_id: str, parties: frozenset[str]) -> Sequence[Bilateral]:
        """The same, for a change.

        The parties themselves are held: of two wishes that cross at the same moment, the later one finds the first.
        """
        pair = func.hashtextextended("/".join(("between", edition_id, *sorted(parties))), 0)
        await self._connection.execute(select(func.pg_advisory_xact_lock(pair)))
        return await self._all(_between(edition_id, parties).with_for_update())

    async def hold_of(self, edition_id: str, party: str) -> Sequence[Bilateral]:
        """Those the party is part of, by id, for a change."""
        return await self._all(
            _of(edition_id).where(_has(party)).order_by(bilaterals.c.bilateral_id).with_for_update()
        )

    async def hold_all(self, edition_id: str, statuses: frozenset[Status]) -> Sequence[Bilateral]:
        """Those in one of these states, by id, for a change."""
        return await self._all(_in(edition_id, statuses).with_for_update())

    async def all(self, edition_id: str, statuses: frozenset[Status]) -> Sequence[Bilateral]:
        """Those in one of these states, by id."""
        return await self._all(_in(edition_id, statuses))

    async def marked(
        self, edition_id: str, statuses: frozenset[Status], known: Mapping[str, Marked[Bilateral]]
    ) -> Mapping[str, Marked[Bilateral]]:
        """The same, each with its mark; what is `known` under the mark that it has is not read again."""
        of_these = _in(edition_id, statuses)
        return await marked(self._connection, of_these, bilaterals.c.bilateral_id, _bilateral, known)

    async def page(
        self, edition_id: str, *, party: str | None, after: str | None, limit: int
    ) -> Sequence[Bilateral]:
        """Up to `limit` bilaterals whose id stands behind `after`, in the order of ids; `party` none means of everybody."""
        query = (
            _of(edition_id)
            .where(bilaterals.c.bilateral_id > (after or ""))
            .order_by(bilaterals.c.bilateral_id)
        )
        return await self._all((query.where(_has(party)) if party else query).limit(limit))

    async def save(self, *saved: Bilateral) -> None:
        """They are as given."""
        if not saved:
            return
        statement = insert(bilaterals)
        changed = {
            column.name: statement.excluded[column.name]
            for column in bilaterals.columns
            if column.name not in _KEPT
        }
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed),
            [_row(one) for one in saved],
        )
        seats = insert(parties)
        await self._connection.execute(
            seats.on_conflict_do_update(
                index_elements=[*_KEY, "party"], set_={"during": seats.excluded.during}
            ),
            [_seat(one, party) for one in saved for party in one.parties],
        )

    async def _one(self, query: Select[Any]) -> Bilateral | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _bilateral(row) if row else None

    async def _all(self, query: Select[Any]) -> list[Bilateral]:
        return [_bilateral(row) for row in await self._connection.execute(query)]


def _of(edition_id: str) -> Select[Any]:
    return select(*_READ).where(bilaterals.c.edition_id == edition_id)


def _in(edition_id: str, statuses: frozenset[Status]) -> Select[Any]:
    names = sorted(status.value for status in statuses)
    return _of(edition_id).where(bilaterals.c.status.in_(names)).order_by(bilaterals.c.bilateral_id)


def _between(edition_id: str, parties: frozenset[str]) -> Select[Any]:
    return _of(edition_id).where(bilaterals.c.between == sorted(parties)).order_by(bilaterals.c.place)


def _has(party: str) -> Any:
    return bilaterals.c.between.contains([party])


def _during(bilateral: Bilateral) -> Range[Any] | None:
    placement = bilateral.placement
    return Range(placement.start_at, placement.end_at) if placement else None


def _row(bilateral: Bilateral) -> dict[str, Any]:
    placement = bilateral.placement
    return {
        "edition_id": bilateral.edition_id,
        "bilateral_id": bilateral.bilateral_id,
        "requester": bilateral.requester,
        "counterparts": list(bilateral.counterparts),
        "between": sorted(bilateral.parties),
        "priority": bilateral.priority,
        "topic": bilateral.topic,
        "language": bilateral.language.value,
        "thread": _THREAD.dump_python(bilateral.thread, mode="json"),
        "status": bilateral.status.value,
        "accepted_by": sorted(bilateral.accepted_by),
        "placement": placement.model_dump(mode="json") if placement else None,
        "room": placement.room if placement else None,
        "during": _during(bilateral),
        "unplaced_why": bilateral.unplaced_why,
        "revision": bilateral.revision,
    }


def _seat(bilateral: Bilateral, party: str) -> dict[str, Any]:
    return {
        "edition_id": bilateral.edition_id,
        "bilateral_id": bilateral.bilateral_id,
        "party": party,
        "during": _during(bilateral),
    }


def _bilateral(row: Any) -> Bilateral:
    return Bilateral(
        edition_id=row.edition_id,
        bilateral_id=row.bilateral_id,
        requester=row.requester,
        counterparts=tuple(row.counterparts),
        priority=row.priority,
        topic=row.topic,
        language=Language(row.language),
        thread=_THREAD.validate_python(row.thread),
        status=Status(row.status),
        accepted_by=frozenset(row.accepted_by),
        placement=Placement.model_validate(row.placement) if row.placement else None,
        unplaced_why=row.unplaced_why,
        revision=row.revision,
    )
