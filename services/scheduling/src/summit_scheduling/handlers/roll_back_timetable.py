"""The secretariat puts an earlier timetable back in force, under a new number."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_contracts.scheduling import TimetableCause
from summit_scheduling.domain.byhand import plan_of, still_held
from summit_scheduling.domain.errors.timetables import TimetableUnknown
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.announce import announce, held, held_edition
from summit_scheduling.handlers.command import Command


class RollBackTimetable(Command):
    """The timetable of this number is to hold again."""

    number: Annotated[int, Field(ge=1)]


async def roll_back_timetable(command: RollBackTimetable, *, unit: Unit, now: datetime) -> Timetable:
    """What it placed and can still be held is where it was; what is about to begin stays; nothing else has a place.

    Where it would have begun by now, a meeting that has a place keeps it.

    Raises:
        EditionUnknown, TimetableUnknown: there is nothing to go back to.
    """
    edition = await held_edition(command.edition_id, unit=unit)
    former = await unit.timetables.numbered(command.edition_id, command.number)
    rulings = await unit.rulings.hold(command.edition_id)
    of_it = await held(edition, rulings, unit=unit, now=now)
    if former is None:
        raise TimetableUnknown(command.number, of_it.before.number if of_it.before else None)
    holds = of_it.before.placements if of_it.before else {}
    over = {key for key, one in former.placements.items() if of_it.grid.freeze and one.start_at < now}
    kept = {key: holds[key] for key in of_it.frozen | over if key in holds}
    placements = {key: one for key, one in former.placements.items() if key not in over} | kept
    keeping = still_held(of_it.problem, of_it.grid, placements, first=kept).assignments
    plan = plan_of(of_it.problem, keeping, "rolled_back")
    timetable = Timetable.of(plan, of_it.problem, of_it.grid, of_it.agreed, before=of_it.before, now=now)
    timetable = timetable.under(rulings, of_it.agreed).called(
        former.name, TimetableCause.ROLLED_BACK, like=former.number
    )
    await announce(timetable, of_it, unit=unit)
    return timetable
