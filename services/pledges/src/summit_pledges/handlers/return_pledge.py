"""The secretariat asks the pledger to make a pledge clearer."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_contracts.values import Code, LongText
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import TAXONOMY, held, keep


class ReturnPledge(PledgeCommand):
    """Please say this, too."""

    asks: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]
    """From the taxonomy's vocabulary `ask`; public."""
    question: LongText | None = None
    """In the secretariat's own words, for the pledger alone."""


async def return_pledge(command: ReturnPledge, *, unit: Unit, now: datetime) -> Pledge:
    """The pledge waits for its pledger's answer.

    Raises:
        PledgeUnknown, PledgeChanged, StepNotOpen: there is nothing to return.
        TermUnknown: the taxonomy has no such ask.
    """
    pledge = await held(command, unit=unit)
    outcome = pledge.return_for_clarification(
        command.asks, command.question, by=command.by, at=now, taxonomy=TAXONOMY
    )
    return await keep(outcome, unit=unit)
