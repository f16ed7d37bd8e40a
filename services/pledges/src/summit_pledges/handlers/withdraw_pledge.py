"""A pledger takes a pledge back."""

from datetime import datetime

from summit_contracts.values import LongText
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class WithdrawPledge(PledgeCommand):
    """It holds no longer."""

    reason: LongText | None = None
    """Public, if the pledge is."""


async def withdraw_pledge(command: WithdrawPledge, *, unit: Unit, now: datetime) -> Pledge:
    """The pledge holds no longer; whoever heard of it hears that, too.

    Raises:
        PledgeUnknown, PledgeOfAnother, PledgeChanged, StepNotOpen: there is nothing to withdraw.
    """
    pledge = await held(command, unit=unit)
    return await keep(pledge.withdraw(command.reason, by=command.by, at=now), unit=unit)
