"""A party says yes to the terms that stand."""

from datetime import datetime

from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.command import AnswerCommand
from summit_scheduling.handlers.desk import held, keep


class AcceptBilateral(AnswerCommand):
    """We agree to what is on the table."""


async def accept_bilateral(command: AcceptBilateral, *, unit: Unit, now: datetime) -> Bilateral:
    """The party has agreed; once nobody is awaited any more, the meeting is agreed.

    Raises:
        BilateralUnknown, BilateralChanged, NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: there is nothing to accept.
    """
    change = (await held(command, unit=unit)).accept(command.party, now=now)
    await keep(change, unit=unit)
    return change.after
