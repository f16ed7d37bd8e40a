"""The secretariat accepts a pledge."""

from datetime import datetime

from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class AcceptPledge(PledgeCommand):
    """We have no more questions."""


async def accept_pledge(command: AcceptPledge, *, unit: Unit, now: datetime) -> Pledge:
    """The pledge counts as it stands, and its delivery is followed.

    Raises:
        PledgeUnknown, PledgeChanged, StepNotOpen: there is nothing to accept.
        NotACommitment: it is classed as something else.
    """
    pledge = await held(command, unit=unit)
    return await keep(pledge.accept(by=command.by, at=now), unit=unit)
