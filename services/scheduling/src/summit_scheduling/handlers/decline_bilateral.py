"""A party says no."""

from datetime import datetime

from summit_contracts.scheduling import DeclineReason
from summit_contracts.values import LongText
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.command import AnswerCommand
from summit_scheduling.handlers.desk import held, keep


class DeclineBilateral(AnswerCommand):
    """We do not wish to meet."""

    reason: DeclineReason = DeclineReason.NOT_STATED
    note: LongText | None = None
    """In our words, for the other parties and the secretariat."""


async def decline_bilateral(command: DeclineBilateral, *, unit: Unit, now: datetime) -> Bilateral:
    """The meeting will not be held.

    Raises:
        BilateralUnknown, BilateralChanged, NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: there is nothing to decline.
    """
    change = (await held(command, unit=unit)).decline(
        command.party, command.reason, note=command.note, now=now
    )
    await keep(change, unit=unit)
    return change.after
