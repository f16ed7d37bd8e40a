"""The secretariat rules what every timetable from now on has to follow."""

from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import grid


class RuleTimetable(Command):
    """These rulings, and no others, are in force."""

    rulings: Rulings
    expected_revision: int | None = None


async def rule_timetable(command: RuleTimetable, *, unit: Unit) -> Rulings:
    """The next timetable follows them; the one that holds stays as it is.

    Raises:
        EditionUnknown: no such edition was published.
        RulingsChanged: they were changed since.
        Refusal: no timetable could follow them (`Rulings.check`).
    """
    of_it = await grid(command.edition_id, unit=unit)
    before = await unit.rulings.hold(command.edition_id)
    after = before.replaced_by(
        await checked(command.rulings, of_it, unit=unit), expected=command.expected_revision
    )
    if after != before:
        await unit.rulings.save(after)
    return after


async def checked(rulings: Rulings, of_it: Grid, *, unit: Unit) -> Rulings:
    """The rulings, when a timetable of what is agreed by now could follow them.

    Raises:
        Refusal: none could (`Rulings.check`).
    """
    agreed = await unit.bilaterals.all(rulings.edition_id, PLACEABLE)
    return rulings.check(of_it, {one.bilateral_id: one for one in agreed})
