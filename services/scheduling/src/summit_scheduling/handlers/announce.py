"""A timetable holds from now on: kept, told, and carried out on every bilateral, in the transaction of whoever made it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from summit_contracts.editions import Edition
from summit_contracts.errors import EditionUnknown
from summit_contracts.scheduling import MovedObligation
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.holding import Holding
from summit_scheduling.domain.planning import frozen_in, problem_for
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
    frozen: frozenset[str]
    """What has begun by now or is about to, and can be had where it is."""
    obligations: tuple[MovedObligation, ...]
    """Those of the edition that the rulings hold at another time."""


async def held_edition(edition_id: str, *, unit: Unit) -> Edition:
    """The edition, of which nobody else publishes a timetable meanwhile.

    Raises:
        EditionUnknown: it was never published.
    """
    edition = await unit.editions.hold(edition_id)
    if edition is None:
        raise EditionUnknown(edition_id)
    return edition


async def held(
    edition: Edition,
    rulings: Rulings,
    *,
    unit: Unit,
    now: datetime,
    solve: Solve | None = None,
    by_hand: str | None = None,
) -> Held:
    """What is agreed by now, as a problem under these rulings, and the timetable that holds; for a solve, as it respects it.

    No pin holds against what is frozen; where one meeting is placed or freed by hand, none holds against the place of another.
    """
    grid = Grid.of(edition)
    found = await unit.bilaterals.hold_all(edition.edition_id, PLACEABLE)
    agreed = {one.bilateral_id: one for one in found}
    known = await unit.availabilities.all(edition.edition_id)
    before = await unit.timetables.latest(edition.edition_id)
    by_now = Holding(placements=before.placements if before else {}, as_of=now)
    frozen = frozen_in(by_now, grid, found, known, rulings)
    if solve:
        problem = problem_for(grid, found, known, rulings, solve.respects(before))
    else:
        others = by_now.placements.keys() - {by_hand} if by_hand else frozenset[str]()
        problem = problem_for(grid, found, known, rulings.without_pins(frozen | others))
    return Held(grid, agreed, problem, before, frozen, rulings.moved(grid))


async def announce(timetable: Timetable, of_it: Held, *, unit: Unit) -> None:
    """It holds; each bilateral that it changes has its fact, and its own fact counts them."""
    await unit.timetables.add(timetable)
    changes = [change for one in of_it.agreed.values() if (change := timetable.carry_out(one)).facts]
    told = sum(len(change.facts) for change in changes)
    since = timetable.since(of_it.before)
    unit.stage(timetable.published(since, told=told, obligations=of_it.obligations))
    await keep(*changes, unit=unit)
