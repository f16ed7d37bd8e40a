"""The pledger decides who may see a pledge."""

from datetime import datetime

from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.visibility import Visibility
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class SetVisibility(PledgeCommand):
    """It is to be as open as this."""

    visibility: Visibility


async def set_visibility(command: SetVisibility, *, unit: Unit, now: datetime) -> Pledge:
    """The pledge is as open as said; if that makes it public, one PledgeMade says how it stands.

    Raises:
        PledgeUnknown, PledgeOfAnother, PledgeChanged, StepNotOpen: there is nothing to show or keep back.
        PledgeIsPublic: it was published.
        NothingChanged: it is as open already.
    """
    pledge = await held(command, unit=unit)
    return await keep(pledge.set_visibility(command.visibility, by=command.by, at=now), unit=unit)
