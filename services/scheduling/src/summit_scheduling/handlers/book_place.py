"""The desk: where could these still meet, and a place given at once while everything else stays."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from summit_contracts.scheduling import Placement, TimetableCause
from summit_contracts.values import Instant, Key
from summit_scheduling.domain.byhand import plan_of, still_held
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.errors.timetables import PlaceTaken
from summit_scheduling.domain.occupied import Occupied, Place
from summit_scheduling.domain.planning import placement_of, problem_for
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.problem import Assignment
from summit_scheduling.domain.progress import PLACEABLE, Status
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.announce import announce, held, held_edition
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import grid


class BookPlace(Command):
    """This agreed meeting is held there."""

    bilateral_id: Key
    start_at: Instant
    room: Key


async def free_places(
    edition_id: str, bilateral_id: str, *, unit: Unit, now: datetime, limit: int = 10
) -> Sequence[Placement]:
    """The next places that an agreed meeting could have, everything else staying where it is; the earliest first.

    Raises:
        EditionUnknown, BilateralUnknown: there is nothing to place.
    """
    of_it = await grid(edition_id, unit=unit)
    asked = await unit.bilaterals.get(edition_id, bilateral_id)
    if asked is None or asked.status not in PLACEABLE:
        raise BilateralUnknown(bilateral_id)
    # whoever has no place takes none: at 2,000 wishes that is more than half of the work
    placed = await unit.bilaterals.all(edition_id, frozenset({Status.SCHEDULED}))
    there = {one.bilateral_id: one for one in (*placed, asked)}
    known, rulings = await unit.availabilities.all(edition_id), await unit.rulings.get(edition_id)
    problem = problem_for(of_it, there.values(), known, rulings)
    latest = await unit.timetables.latest(edition_id)
    keeping = still_held(problem, of_it, latest.placements if latest else {})
    occupied = Occupied(problem, (one for one in keeping if one.meeting != bilateral_id))
    coming = (
        place
        for place in occupied.places(problem.by_key[bilateral_id])
        if of_it.slots[place.slot].start_at >= now
    )
    minutes = asked.terms.minutes
    return [placement_of(of_it, place.slot, place.room, minutes) for place in islice(coming, limit)]


async def book_place(command: BookPlace, *, unit: Unit, now: datetime) -> Timetable:
    """A new timetable that differs in this meeting alone, unless others could not be held any more anyway.

    Raises:
        EditionUnknown, BilateralUnknown: there is nothing to place.
        PlaceTaken: a party or the room is taken, or the meeting cannot be held there.
    """
    edition = await held_edition(command.edition_id, unit=unit)
    rulings = await unit.rulings.hold(command.edition_id)
    of_it = await held(edition, rulings, unit=unit)
    meeting = of_it.problem.by_key.get(command.bilateral_id)
    if meeting is None:
        raise BilateralUnknown(command.bilateral_id)
    former = of_it.before.placements if of_it.before else {}
    others = [
        one for one in still_held(of_it.problem, of_it.grid, former) if one.meeting != command.bilateral_id
    ]
    slot = of_it.grid.slot_at(command.start_at)
    if slot is None or not Occupied(of_it.problem, others).is_free(meeting, Place(slot.number, command.room)):
        raise PlaceTaken(command.bilateral_id, command.start_at, command.room)
    chosen = Assignment(command.bilateral_id, slot.number, command.room)
    plan = plan_of(of_it.problem, (*others, chosen), "desk")
    timetable = Timetable.of(plan, of_it.problem, of_it.grid, of_it.agreed, before=of_it.before, now=now)
    timetable = timetable.under(rulings, of_it.agreed).called(None, TimetableCause.DESK)
    await announce(timetable, of_it, unit=unit)
    return timetable
