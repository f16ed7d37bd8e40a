"""The secretariat asks for a timetable."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_contracts.values import Key
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.solve import Solve, SolveKind
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import edition


class RequestSolve(Command):
    """Solve what is agreed by now."""

    solve_id: Key
    seconds: Annotated[int, Field(ge=1, le=600)] = 30
    """How long the solver may take."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    kind: SolveKind | None = None
    """None is a repair where a timetable holds, and else anew."""


async def request_solve(command: RequestSolve, *, unit: Unit, now: datetime) -> Solve:
    """It waits for a worker, whoever dies in between.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await edition(command.edition_id, unit=unit)
    kind = command.kind
    if kind is None:
        holds = await unit.timetables.latest(command.edition_id)
        kind = SolveKind.REPAIR if holds else SolveKind.ANEW
    solve = Solve(
        solve_id=command.solve_id,
        edition_id=command.edition_id,
        seconds=command.seconds,
        seed=command.seed,
        requested_by=command.by,
        requested_at=now,
        kind=kind,
    )
    await unit.solves.save(solve)
    return solve
