"""The secretariat has received a pledge."""

from datetime import datetime

from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class AcknowledgePledge(PledgeCommand):
    """We have it and look at it."""


async def acknowledge_pledge(command: AcknowledgePledge, *, unit: Unit, now: datetime) -> Pledge:
    """The pledger knows that it was received.

    Raises:
        PledgeUnknown, PledgeChanged, StepNotOpen: there is nothing to acknowledge.
    """
    pledge = await held(command, unit=unit)
    return await keep(pledge.acknowledge(by=command.by, at=now), unit=unit)
