"""A party, or the secretariat, gives a meeting up."""

from datetime import datetime

from summit_contracts.values import InviteeCode, LongText
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.command import AnswerCommand
from summit_scheduling.handlers.desk import held, keep


class CancelBilateral(AnswerCommand):
    """The meeting is not to be held after all."""

    party: InviteeCode | None = None  # type: ignore[assignment]  # the secretariat is no party
    """Who gives it up; none for the secretariat."""
    note: LongText | None = None


async def cancel_bilateral(command: CancelBilateral, *, unit: Unit, now: datetime) -> Bilateral:
    """The meeting will not be held, and its place is free.

    Raises:
        BilateralUnknown, BilateralChanged, NotAParty, BilateralEnded: there is nothing to give up.
        StillAwaited: the party has not answered yet, and declines instead.
    """
    bilateral = await held(command, unit=unit)
    if command.party is None:
        change = bilateral.cancel_by_secretariat(note=command.note, now=now)
    else:
        change = bilateral.cancel(command.party, note=command.note, now=now)
    await keep(change, unit=unit)
    return change.after
