"""A draft is thrown away."""

from summit_pledges.domain.errors.steps import StepNotOpen
from summit_pledges.domain.history import Stage
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held


class DiscardDraft(PledgeCommand):
    """Forget it."""


async def discard_draft(command: DiscardDraft, *, unit: Unit) -> None:
    """The draft is gone, and nobody ever heard of it.

    Raises:
        PledgeUnknown, PledgeChanged: there is nothing to throw away.
        PledgeOfAnother, StepNotOpen: it was made; its pledger withdraws it instead.
    """
    pledge = await held(command, unit=unit)
    if pledge.stage is not Stage.DRAFT:
        raise StepNotOpen("discard", pledge.stage, (Stage.DRAFT,))
    await unit.pledges.discard(pledge)
