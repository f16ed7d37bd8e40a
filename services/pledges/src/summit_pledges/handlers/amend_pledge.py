"""A pledge, or the draft of one, says something else."""

from datetime import datetime

from summit_contracts.promises import HeldBack, Promise
from summit_pledges.domain.history import Stage
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import TAXONOMY, check_need_open, held, keep


class AmendPledge(PledgeCommand):
    """It is to say this; what is left out stays as it stands."""

    promise: Promise | None = None
    """The whole of it."""
    held_back: frozenset[HeldBack] | None = None
    """All parts that are not for the public."""


async def amend_pledge(command: AmendPledge, *, unit: Unit, now: datetime) -> Pledge:
    """A draft says it from now on; a pledge that was made has to be looked at anew.

    Raises:
        PledgeUnknown, PledgeOfAnother, PledgeChanged: there is nothing to amend.
        NeedUnknown, NeedClosed: it comes to answer a need that is not open.
        Refusal: as `Pledge.revise` and `Pledge.amend` say.
    """
    pledge = await held(command, unit=unit)
    promise = pledge.promise if command.promise is None else command.promise
    held_back = pledge.held_back if command.held_back is None else command.held_back
    if promise.need_id != pledge.promise.need_id:
        await check_need_open(command.edition_id, promise.need_id, unit=unit)
    change = pledge.revise if pledge.stage is Stage.DRAFT else pledge.amend
    return await keep(change(promise, held_back, by=command.by, at=now, taxonomy=TAXONOMY), unit=unit)
