"""A timetable holds from now on: kept, told, and carried out on every bilateral, in the transaction of whoever made it."""

from collections.abc import Mapping
from typing import NamedTuple

from summit_contracts.editions import Edition
from summit_contracts.errors import EditionUnknown
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.planning import problem_for
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.problem import Problem
from summit_scheduling.domain.progress import PLACEABLE
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.solve import Solve
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.desk import keep


class Held(NamedTuple):
    """Everything that a timetable is made of, held until the transaction ends."""

    grid: Grid
    agreed: Mapping[str, Bilateral]
    problem: Problem
    before: Timetable | None


async def held_edition(edition_id: str, *, unit: Unit) -> Edition:
    """The edition, of which nobody else publishes a timetable meanwhile.

    Raises:
        EditionUnknown: it was never published.
    """
    edition = await unit.editions.hold(edition_id)
    if edition is None:
        raise EditionUnknown(edition_id)
    return edition


async def held(edition: Edition, rulings: Rulings, *, unit: Unit, solve: Solve | None = None) -> Held:
    """What is agreed by now, as a problem under these rulings, and the timetable that holds; for a solve, as it respects it."""
    grid = Grid.of(edition)
    found = await unit.bilaterals.hold_all(edition.edition_id, PLACEABLE)
    agreed = {one.bilateral_id: one for one in found}
    known = await unit.availabilities.all(edition.edition_id)
    before = await unit.timetables.latest(edition.edition_id)
    holding = solve.respects(before) if solve else None
    return Held(grid, agreed, problem_for(grid, agreed.values(), known, rulings, holding), before)


async def announce(timetable: Timetable, of_it: Held, *, unit: Unit) -> None:
    """It holds; each bilateral that it changes has its fact, and its own fact counts them."""
    await unit.timetables.add(timetable)
    changes = [change for one in of_it.agreed.values() if (change := timetable.carry_out(one)).facts]
    told = sum(len(change.facts) for change in changes)
    unit.stage(timetable.published(timetable.since(of_it.before), told=told))
    await keep(*changes, unit=unit)
