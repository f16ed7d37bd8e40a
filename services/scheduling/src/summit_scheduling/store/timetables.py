"""Timetables and solves as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, delete, desc, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.scheduling import MoveReason, Placement, UnplacedReason
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.ports import Progress
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.solve import Solve, SolveKind, SolveState
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.store.tables import plan_files, solves, timetables

_PLACEMENTS: TypeAdapter[dict[str, Placement]] = TypeAdapter(dict[str, Placement])
_UNPLACED: TypeAdapter[dict[str, UnplacedReason]] = TypeAdapter(dict[str, UnplacedReason])
_MOVED: TypeAdapter[dict[str, MoveReason]] = TypeAdapter(dict[str, MoveReason])
_CERTIFICATE = TypeAdapter(Certificate)
_PLAN: TypeAdapter[Plan | None] = TypeAdapter(Plan | None)
_WHAT_IF: TypeAdapter[Rulings | None] = TypeAdapter(Rulings | None)
_PROGRESS: TypeAdapter[Progress | None] = TypeAdapter(Progress | None)


class SqlTimetables:
    """The published timetables: added, never altered."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def latest(self, edition_id: str, *, known: Timetable | None = None) -> Timetable | None:
        """The one that holds, or none; the one that is `known` is not read again where none was added since."""
        added = _of(edition_id).where(timetables.c.number > (known.number if known else 0))
        return await self._one(added.order_by(desc(timetables.c.number)).limit(1)) or known

    async def numbered(self, edition_id: str, number: int) -> Timetable | None:
        """The one of this number, or none."""
        return await self._one(_of(edition_id).where(timetables.c.number == number))

    async def page(self, edition_id: str, *, limit: int) -> Sequence[Timetable]:
        """Up to `limit` timetables, the newest first."""
        query = _of(edition_id).order_by(desc(timetables.c.number)).limit(limit)
        return [_timetable(row) for row in await self._connection.execute(query)]

    async def plan_file(self, edition_id: str, number: int) -> PlanFile | None:
        """What the timetable of this number can be checked by, or none where nothing of the kind was kept."""
        query = select(plan_files).where(plan_files.c.edition_id == edition_id, plan_files.c.number == number)
        row = (await self._connection.execute(query)).one_or_none()
        return PlanFile(edition_id=edition_id, number=number, document=row.document) if row else None

    async def add(self, timetable: Timetable) -> None:
        """It is the latest, and its plan file is kept. Two of one number are impossible."""
        await self._connection.execute(
            insert(timetables).values(
                edition_id=timetable.edition_id,
                number=timetable.number,
                published_at=timetable.published_at,
                placements=_PLACEMENTS.dump_python(dict(timetable.placements), mode="json"),
                unplaced=_UNPLACED.dump_python(dict(timetable.unplaced), mode="json"),
                moved_because=_MOVED.dump_python(dict(timetable.moved_because), mode="json"),
                at_most=timetable.at_most,
                certificate=_CERTIFICATE.dump_python(timetable.certificate, mode="json"),
                name=timetable.name,
                cause=timetable.cause,
                like_number=timetable.like,
            )
        )
        if (kept := timetable.plan_file) is not None:
            await self._connection.execute(
                insert(plan_files).values(
                    edition_id=kept.edition_id, number=kept.number, document=kept.document
                )
            )

    async def _one(self, query: Select[Any]) -> Timetable | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _timetable(row) if row else None


class SqlSolves:
    """Every request for a timetable, and what came of it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, edition_id: str, solve_id: str) -> Solve | None:
        """The solve, or none."""
        return await self._one(_solve_of(edition_id).where(solves.c.solve_id == solve_id))

    async def hold(self, edition_id: str, solve_id: str) -> Solve | None:
        """The same, for a change."""
        return await self._one(_solve_of(edition_id).where(solves.c.solve_id == solve_id).with_for_update())

    async def hold_next(self, *, taken_before: datetime) -> Solve | None:
        """The oldest that waits, or whose worker was last heard of before this moment; held by nobody else."""
        is_lost = (solves.c.state == SolveState.SOLVING.value) & (solves.c.taken_at < taken_before)
        query = select(solves).where(or_(solves.c.state == SolveState.WAITING.value, is_lost))
        return await self._one(
            query.order_by(solves.c.requested_at).limit(1).with_for_update(skip_locked=True)
        )

    async def page(self, edition_id: str, *, limit: int, what_ifs: bool = False) -> Sequence[Solve]:
        """Up to `limit` solves, the newest first: what-ifs alone, or all that are none."""
        query = (
            _solve_of(edition_id)
            .where(solves.c.what_if.is_(None) != what_ifs)
            .order_by(desc(solves.c.requested_at), desc(solves.c.solve_id))
            .limit(limit)
        )
        return [_solve(row) for row in await self._connection.execute(query)]

    async def forget(self, edition_id: str, solve_id: str) -> None:
        """It never was."""
        of_it = (solves.c.edition_id == edition_id) & (solves.c.solve_id == solve_id)
        await self._connection.execute(delete(solves).where(of_it))

    async def save(self, solve: Solve) -> None:
        """It is as given."""
        values = {name: getattr(solve, name) for name in _PLAIN} | {
            "kind": solve.kind.value,
            "state": solve.state.value,
            "progress": _PROGRESS.dump_python(solve.progress, mode="json"),
            "plan": _PLAN.dump_python(solve.plan, mode="json"),
            "what_if": _WHAT_IF.dump_python(solve.what_if, mode="json"),
        }
        await self._connection.execute(
            upsert(solves).values(values).on_conflict_do_update(index_elements=["solve_id"], set_=values)
        )

    async def _one(self, query: Select[Any]) -> Solve | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _solve(row) if row else None


_BUILT = ("kind", "state", "progress", "plan", "what_if")
_PLAIN = tuple(column.name for column in solves.columns if column.name not in _BUILT)


def _of(edition_id: str) -> Select[Any]:
    return select(timetables).where(timetables.c.edition_id == edition_id)


def _solve_of(edition_id: str) -> Select[Any]:
    return select(solves).where(solves.c.edition_id == edition_id)


def _timetable(row: Any) -> Timetable:
    return Timetable(
        edition_id=row.edition_id,
        number=row.number,
        published_at=row.published_at,
        placements=_PLACEMENTS.validate_python(row.placements),
        unplaced=_UNPLACED.validate_python(row.unplaced),
        moved_because=_MOVED.validate_python(row.moved_because),
        at_most=row.at_most,
        certificate=_CERTIFICATE.validate_python(row.certificate),
        name=row.name,
        cause=row.cause,
        like=row.like_number,
    )


def _solve(row: Any) -> Solve:
    return Solve(
        kind=SolveKind(row.kind),
        state=SolveState(row.state),
        progress=_PROGRESS.validate_python(row.progress),
        plan=_PLAN.validate_python(row.plan),
        what_if=_WHAT_IF.validate_python(row.what_if),
        **{name: getattr(row, name) for name in _PLAIN},
    )
