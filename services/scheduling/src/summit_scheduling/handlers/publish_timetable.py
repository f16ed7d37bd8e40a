"""The secretariat publishes what was solved: it holds from now on, and everybody concerned is told."""

from datetime import datetime

from summit_contracts.values import Key
from summit_scheduling.domain.errors.timetables import EditionUnknown, SolveOutdated, SolveUnknown
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.planning import problem_for
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import keep


class PublishTimetable(Command):
    """This solve is to hold."""

    solve_id: Key


async def publish_timetable(command: PublishTimetable, *, unit: Unit, now: datetime) -> Timetable:
    """The timetable holds; each bilateral that it changes has its fact, in the same transaction.

    Raises:
        EditionUnknown, SolveUnknown, SolveNotReady: there is nothing to publish.
        SolveOutdated: somebody answered or withdrew since it was solved; the timetable that holds stays untouched.
    """
    edition = await unit.editions.hold(command.edition_id)
    if edition is None:
        raise EditionUnknown(command.edition_id)
    solve = await unit.solves.hold(command.edition_id, command.solve_id)
    if solve is None:
        raise SolveUnknown(command.solve_id)
    plan = solve.ready_plan()
    grid = Grid.of(edition)
    agreed = {one.bilateral_id: one for one in await unit.bilaterals.hold_all(command.edition_id, PLACEABLE)}
    problem = problem_for(grid, agreed.values(), await unit.availabilities.all(command.edition_id))
    if problem.input_hash != plan.certificate.input_hash:
        raise SolveOutdated(command.solve_id)
    before = await unit.timetables.latest(command.edition_id)
    timetable = Timetable.of(plan, problem, grid, agreed, before=before, now=now)
    await unit.timetables.add(timetable)
    changes = [change for one in agreed.values() if (change := timetable.carry_out(one)).facts]
    told = sum(len(change.facts) for change in changes)
    unit.stage(timetable.published(timetable.since(before), told=told))
    await keep(*changes, unit=unit)
    await unit.solves.save(solve.published(timetable.number))
    return timetable
