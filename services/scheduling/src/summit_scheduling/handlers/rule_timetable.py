"""The secretariat rules what every timetable from now on has to follow."""

from datetime import datetime

from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.holding import Holding
from summit_scheduling.domain.planning import frozen_in
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import grid


class RuleTimetable(Command):
    """These rulings, and no others, are in force."""

    rulings: Rulings
    expected_revision: int | None = None


async def rule_timetable(command: RuleTimetable, *, unit: Unit, now: datetime) -> Rulings:
    """The next timetable follows them; the one that holds stays as it is.

    Raises:
        EditionUnknown: no such edition was published.
        RulingsChanged: they were changed since.
        Refusal: no timetable could follow them (`Rulings.check`, `Rulings.check_freeze`).
    """
    of_it = await grid(command.edition_id, unit=unit)
    before = await unit.rulings.hold(command.edition_id)
    ruled = await checked(command.rulings, before, of_it, unit=unit, now=now)
    after = before.replaced_by(ruled, expected=command.expected_revision)
    if after != before:
        await unit.rulings.save(after)
    return after


async def checked(rulings: Rulings, in_force: Rulings, of_it: Grid, *, unit: Unit, now: datetime) -> Rulings:
    """The rulings, when a timetable of what is agreed by now could follow them.

    Raises:
        Refusal: none could (`Rulings.check`, `Rulings.check_freeze`).
    """
    agreed = await unit.bilaterals.all(rulings.edition_id, PLACEABLE)
    ruled = rulings.check(of_it, {one.bilateral_id: one for one in agreed})
    latest = await unit.timetables.latest(rulings.edition_id)
    if ruled.pins and latest is not None:
        holding = Holding(placements=latest.placements, as_of=now)
        known = await unit.availabilities.all(rulings.edition_id)
        ruled.check_freeze(in_force, frozen_in(holding, of_it, agreed, known, ruled), latest.placements)
    return ruled
