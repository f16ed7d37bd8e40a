"""The secretariat confirms that a pledge was kept."""

from datetime import datetime

from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class FulfilPledge(PledgeCommand):
    """It was kept."""


async def fulfil_pledge(command: FulfilPledge, *, unit: Unit, now: datetime) -> Pledge:
    """The pledge was kept: both sides have said so.

    Raises:
        PledgeUnknown, PledgeChanged, StepNotOpen: there is nothing to confirm.
        NotYetShown: a side has not reported it complete since it says what it says.
    """
    pledge = await held(command, unit=unit)
    return await keep(pledge.confirm(by=command.by, at=now), unit=unit)
