"""What if? A set of rulings is tried with a solve of its own; seen, committed or dropped, and until then nobody hears of it."""

from dataclasses import replace
from datetime import datetime

from summit_scheduling.domain.errors.timetables import SolveOutdated, SolveUnknown
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.solve import Solve
from summit_scheduling.domain.timetable import Difference, Timetable
from summit_scheduling.handlers.desk import grid
from summit_scheduling.handlers.request_solve import RequestSolve, request_solve
from summit_scheduling.handlers.rule_timetable import checked
from summit_scheduling.handlers.solve_next import problem_of


class TryWhatIf(RequestSolve):
    """Solve what is agreed by now under these rulings instead of those in force."""

    rulings: Rulings
    expected_revision: int
    """Of the rulings in force that these were changed from: what was ruled since is in them no more."""


async def try_what_if(command: TryWhatIf, *, unit: Unit, now: datetime) -> Solve:
    """It waits for a worker; committing it is publishing it.

    Raises:
        EditionUnknown: no such edition was published.
        RulingsChanged: the rulings in force were changed since, and committing it would undo that.
        Refusal: no timetable could follow the rulings (`Rulings.check`, `Rulings.check_freeze`).
    """
    solve = await request_solve(command, unit=unit, now=now)
    of_it, in_force = await grid(command.edition_id, unit=unit), await unit.rulings.get(command.edition_id)
    tried = await checked(command.rulings, in_force, of_it, unit=unit, now=now)
    in_force.check_revision(command.expected_revision)
    solve = replace(solve, what_if=replace(tried, revision=in_force.revision))
    await unit.solves.save(solve)
    return solve


async def difference_of(edition_id: str, solve_id: str, *, unit: Unit, now: datetime) -> Difference:
    """What would change if the solve, a what-if or another, were published now.

    Raises:
        SolveUnknown, SolveNotReady: there is nothing to compare.
        SolveOutdated: what it was solved for has changed since.
    """
    solve = await unit.solves.get(edition_id, solve_id)
    if solve is None:
        raise SolveUnknown(solve_id)
    plan = solve.ready_plan()
    of_it = await grid(edition_id, unit=unit)
    agreed = {one.bilateral_id: one for one in await unit.bilaterals.all(edition_id, PLACEABLE)}
    rulings = solve.what_if or await unit.rulings.get(edition_id)
    problem = await problem_of(solve, unit=unit)
    if problem.input_hash != plan.certificate.input_hash:
        raise SolveOutdated(solve_id)
    before = await unit.timetables.latest(edition_id)
    timetable = Timetable.of(plan, problem, of_it, agreed, before=before, now=now)
    return timetable.under(rulings, agreed).since(before)


async def drop_what_if(edition_id: str, solve_id: str, *, unit: Unit) -> None:
    """It never was: no row, no fact.

    Raises:
        SolveUnknown: there is no such what-if that was not committed.
    """
    solve = await unit.solves.hold(edition_id, solve_id)
    if solve is None or solve.what_if is None or solve.number is not None:
        raise SolveUnknown(solve_id)
    await unit.solves.forget(edition_id, solve_id)
