"""A place given at the desk at once, while everything else stays."""

from datetime import datetime

from summit_contracts.editions import Edition
from summit_contracts.scheduling import TimetableCause
from summit_contracts.values import Instant, Key
from summit_scheduling.domain.byhand import plan_of, still_held
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.errors.timetables import PlaceTaken
from summit_scheduling.domain.occupied import Place
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.problem import Assignment
from summit_scheduling.domain.timetable import Timetable
from summit_scheduling.handlers.announce import announce, held, held_edition
from summit_scheduling.handlers.command import Command


class BookPlace(Command):
    """This agreed meeting is held there."""

    bilateral_id: Key
    start_at: Instant
    room: Key


async def book_place(command: BookPlace, *, unit: Unit, now: datetime) -> Timetable:
    """A new timetable that differs in this meeting alone, unless others could not be held any more anyway.

    Raises:
        EditionUnknown, BilateralUnknown: there is nothing to place.
        PlaceTaken: a party or the room is taken, or the meeting cannot be held there.
    """
    edition = await held_edition(command.edition_id, unit=unit)
    return await place(
        command.bilateral_id, command.start_at, command.room, edition=edition, unit=unit, now=now
    )


async def place(
    bilateral_id: str, start_at: datetime, room: str, *, edition: Edition, unit: Unit, now: datetime
) -> Timetable:
    """The same, of the edition, which is held.

    Raises:
        BilateralUnknown, PlaceTaken: as `book_place` says.
    """
    rulings = await unit.rulings.hold(edition.edition_id)
    of_it = await held(edition, rulings, unit=unit, now=now, by_hand=bilateral_id)
    meeting = of_it.problem.by_key.get(bilateral_id)
    if meeting is None:
        raise BilateralUnknown(bilateral_id)
    former = of_it.before.placements if of_it.before else {}
    others = {key: where for key, where in former.items() if key != bilateral_id}
    keeping = still_held(of_it.problem, of_it.grid, others)
    slot = of_it.grid.slot_at(start_at)
    if slot is None or not keeping.occupied.is_free(meeting, Place(slot.number, room)):
        raise PlaceTaken(start_at, room)
    chosen = Assignment(bilateral_id, slot.number, room)
    plan = plan_of(of_it.problem, (*keeping.assignments, chosen), "desk")
    timetable = Timetable.of(plan, of_it.problem, of_it.grid, of_it.agreed, before=of_it.before, now=now)
    timetable = timetable.under(rulings, of_it.agreed).called(None, TimetableCause.DESK)
    await announce(timetable, of_it, unit=unit)
    return timetable
