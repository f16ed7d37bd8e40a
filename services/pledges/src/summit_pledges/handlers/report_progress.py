"""One side says how much of a pledge has been delivered."""

from datetime import datetime

from summit_contracts.pledges import SECRETARIAT
from summit_contracts.promises import DeliveryReport, Side
from summit_pledges.domain.errors.steps import ReportOfTheOtherSide
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import PledgeCommand
from summit_pledges.handlers.desk import held, keep


class ReportProgress(PledgeCommand):
    """So much was delivered by that day."""

    report: DeliveryReport


async def report_progress(command: ReportProgress, *, unit: Unit, now: datetime) -> Pledge:
    """The report stands beside the other side's (D13).

    Raises:
        PledgeUnknown, PledgeOfAnother, PledgeChanged, StepNotOpen: there is nothing to report on.
        ReportOfTheOtherSide: a pledger would give evidence, or the secretariat speak for a pledger that speaks for itself.
        ReportLiesAhead, EvidenceWithoutDocument: see `Pledge.report`.
    """
    pledge = await held(command, unit=unit)
    if command.report.side is not command.by.side and not _is_written_down(command, pledge):
        raise ReportOfTheOtherSide(command.report.side)
    return await keep(pledge.report(command.report, by=command.by, at=now), unit=unit)


def _is_written_down(command: ReportProgress, pledge: Pledge) -> bool:
    """Whether the secretariat writes for the pledger: of what it promised itself, or recorded for somebody."""
    is_its_own = pledge.pledger == SECRETARIAT or pledge.recorded_by is Side.SECRETARIAT
    return command.by.side is Side.SECRETARIAT and is_its_own
