"""A meeting is not held after all, though its time has come or is near: its place is offered to those that have none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from summit_contracts.scheduling import CancelReason
from summit_contracts.values import InviteeCode
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.byhand import still_held
from summit_scheduling.domain.occupied import Place
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.announce import held as held_input
from summit_scheduling.handlers.announce import held_edition
from summit_scheduling.handlers.command import AnswerCommand
from summit_scheduling.handlers.desk import held, keep


class ReleasePlace(AnswerCommand):
    """A party did not come (`no_show`), or the parties give the place back (`released`)."""

    party: InviteeCode | None = None  # type: ignore[assignment]  # a place given back is nobody's fault
    """Who did not come; none where the place is given back."""
    reason: Literal[CancelReason.NO_SHOW, CancelReason.RELEASED]


async def release_place(
    command: ReleasePlace, *, unit: Unit, now: datetime
) -> tuple[Bilateral, Sequence[Bilateral]]:
    """The bilateral has ended and its place is free; with it, who could have the place at once, the most important first.

    Raises:
        BilateralUnknown, BilateralChanged, NotAParty, NotAgreed: there is no place to free.
    """
    edition = await held_edition(command.edition_id, unit=unit)
    bilateral = await held(command, unit=unit)
    change = bilateral.release(command.reason, by=command.party, now=now)
    await keep(change, unit=unit)
    rulings = await unit.rulings.hold(command.edition_id)
    of_it = await held_input(edition, rulings, unit=unit, now=now, by_hand=command.bilateral_id)
    freed, before = bilateral.placement, of_it.before
    slot = of_it.grid.slot_at(freed.start_at) if freed else None
    if freed is None or slot is None or before is None:
        return change.after, ()
    occupied = still_held(of_it.problem, of_it.grid, before.placements).occupied
    place = Place(slot.number, freed.room)
    could = [
        meeting
        for meeting in of_it.problem.meetings
        if meeting.key not in before.placements and occupied.is_free(meeting, place)
    ]
    could.sort(key=lambda meeting: (-meeting.weight, meeting.key))
    return change.after, [of_it.agreed[meeting.key] for meeting in could]
