"""Parties who walked up to the desk meet there and then: their bilateral is agreed, and has its place, at once."""

from datetime import datetime

from summit_contracts.meetings import Priority
from summit_contracts.values import Instant, Key, Language, ShortText
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.timetables import PlaceTaken
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.walkin import WalkIn, arrange
from summit_scheduling.handlers.announce import held_edition
from summit_scheduling.handlers.book_place import place
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import keep


class ArrangeBilateral(WalkIn, Command):
    """These parties are to meet there, all of them having said yes; unless other days are named, on that day alone."""

    bilateral_id: Key
    topic: ShortText
    language: Language | None = None
    """None is the one that the first party is written to in."""
    priority: Priority = 1
    start_at: Instant
    room: Key


async def arrange_bilateral(command: ArrangeBilateral, *, unit: Unit, now: datetime) -> Bilateral:
    """The bilateral, and a new timetable that differs in it alone, unless others could not be held any more anyway.

    Raises:
        EditionUnknown: no such edition was published.
        PartyTwice, PartyUnknown, PartyWithdrawn, BilateralExists: these cannot arrange it (`WalkIn.check`).
        Invalid: no slot or room of the edition could meet the terms (`WalkIn.terms`).
        PlaceTaken: a party or the room is taken, or the meeting cannot be held there.
    """
    edition = await held_edition(command.edition_id, unit=unit)
    grid = Grid.of(edition)
    said = [await unit.availabilities.hold(command.edition_id, code) for code in sorted({*command.parties})]
    known = {one.code: one for one in said if one}
    between = await unit.bilaterals.hold_between(command.edition_id, frozenset(command.parties))
    command.check(edition, known, between, now=now)
    slot, first = grid.slot_at(command.start_at), edition.invitee(command.parties[0])
    if slot is None:
        raise PlaceTaken(command.start_at, command.room)
    change = arrange(
        command if command.days else command.model_copy(update={"days": (slot.on,)}),
        bilateral_id=command.bilateral_id,
        topic=command.topic,
        language=command.language or (first.language if first else edition.fallback_language),
        priority=command.priority,
        grid=grid,
        now=now,
    )
    await keep(change, unit=unit)
    await place(command.bilateral_id, command.start_at, command.room, edition=edition, unit=unit, now=now)
    return await unit.bilaterals.get(command.edition_id, command.bilateral_id) or change.after
