"""The secretariat classes what was said: a commitment, a readiness, or a practice."""

from datetime import datetime

from summit_contracts.promises import Nature
from summit_contracts.values import LongText
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class ClassifyPledge(PledgeCommand):
    """It is this."""

    nature: Nature
    note: LongText | None = None
    """Why, for the pledger and the desk."""


async def classify_pledge(command: ClassifyPledge, *, unit: Unit, now: datetime) -> Pledge:
    """It is classed so; what is no commitment is accepted no longer.

    Raises:
        PledgeUnknown, PledgeChanged, StepNotOpen: there is nothing to class.
        NothingChanged: it is classed so already.
    """
    pledge = await held(command, unit=unit)
    return await keep(pledge.reclassify(command.nature, command.note, by=command.by, at=now), unit=unit)
