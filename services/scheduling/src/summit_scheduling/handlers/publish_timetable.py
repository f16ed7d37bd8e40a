"""The secretariat publishes what was solved: it holds from now on, and everybody concerned is told."""

from dataclasses import replace
from datetime import datetime

from summit_contracts.scheduling import TimetableCause
from summit_contracts.values import Key, ShortText
from summit_scheduling.domain.errors.timetables import MovedTooLate, SolveOutdated, SolveUnknown
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.solve import SolveKind
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.announce import announce, held, held_edition
from summit_scheduling.handlers.command import Command


class PublishTimetable(Command):
    """This solve is to hold."""

    solve_id: Key
    name: ShortText | None = None
    """What this version is called."""


async def publish_timetable(command: PublishTimetable, *, unit: Unit, now: datetime) -> Timetable:
    """The timetable holds; each bilateral that it changes has its fact, in the same transaction.

    A what-if is committed so: its rulings are in force with it.

    Raises:
        EditionUnknown, SolveUnknown, SolveNotReady: there is nothing to publish.
        RulingsChanged: it is a what-if, and the rulings it began from have changed.
        MovedTooLate: what it moves has come within the freeze since it was asked for.
        SolveOutdated: somebody answered or withdrew since it was solved; the timetable that holds stays untouched.
    """
    edition = await held_edition(command.edition_id, unit=unit)
    solve = await unit.solves.hold(command.edition_id, command.solve_id)
    if solve is None:
        raise SolveUnknown(command.solve_id)
    plan = solve.ready_plan()
    rulings = await unit.rulings.hold(command.edition_id)
    if solve.what_if is not None:
        rulings = rulings.replaced_by(solve.what_if, expected=solve.what_if.revision)
        await unit.rulings.save(rulings)
    of_it = await held(edition, rulings, unit=unit, now=now, solve=solve)
    if of_it.problem.input_hash != plan.certificate.input_hash:
        raise SolveOutdated(command.solve_id)
    by_now = replace(solve.respects(of_it.before), as_of=now)
    if too_late := by_now.moved_too_late(of_it.frozen, of_it.problem, of_it.grid, plan.assignments):
        raise MovedTooLate(command.solve_id, too_late)
    timetable = Timetable.of(plan, of_it.problem, of_it.grid, of_it.agreed, before=of_it.before, now=now)
    cause = TimetableCause.REPAIRED if solve.kind is SolveKind.REPAIR else TimetableCause.SOLVED
    timetable = timetable.under(rulings, of_it.agreed).called(command.name, cause)
    await announce(timetable, of_it, unit=unit)
    await unit.solves.save(solve.published(timetable.number))
    return timetable
