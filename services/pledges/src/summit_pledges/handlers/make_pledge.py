"""A draft becomes a pledge."""

from datetime import datetime

from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.terms import check_pledging_open
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import check_need_open, edition, held, keep


class MakePledge(PledgeCommand):
    """We promise it."""


async def make_pledge(command: MakePledge, *, unit: Unit, now: datetime) -> Pledge:
    """The pledge is made, and published if it is public.

    Raises:
        PledgeUnknown, PledgeOfAnother, PledgeChanged, StepNotOpen: there is nothing to make.
        PledgingClosed: a pledger comes after the edition's deadline.
        NeedClosed: nobody can pledge to its need any more.
        AdditionalityNotStated, SourceMissing: see `check_made`.
    """
    pledge = await held(command, unit=unit)
    outcome = pledge.make(by=command.by, at=now)
    check_pledging_open(await edition(command.edition_id, unit=unit), by=command.by, at=now)
    await check_need_open(command.edition_id, pledge.promise.need_id, unit=unit)
    return await keep(outcome, unit=unit)
