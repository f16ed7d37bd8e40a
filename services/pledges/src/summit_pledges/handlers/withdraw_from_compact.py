"""An invitee leaves a compact, or gives up its intention."""

from datetime import date

from summit_contracts.values import LongText
from summit_pledges.domain.compact import Adherence
from summit_pledges.domain.errors.compacts import AdherenceUnknown
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.adhere_to_compact import held_adherence, keep_adherence
from summit_pledges.handlers.command import CompactCommand


class WithdrawFromCompact(CompactCommand):
    """We adhere no longer."""

    withdrawn_on: date
    reason: LongText | None = None
    """Public, if the adherence or the intention is."""


async def withdraw_from_compact(command: WithdrawFromCompact, *, unit: Unit) -> Adherence:
    """The invitee adheres no longer, or does not intend to; published if anything was.

    Raises:
        EditionUnknown, NotAnInvitee, AdherenceUnknown: there is nothing to leave.
        PledgeChanged, CompactStepNotOpen: it was changed since, or has withdrawn already.
    """
    before = await held_adherence(command, unit=unit)
    if before is None:
        raise AdherenceUnknown(command.compact, command.adherent)
    outcome = before.withdraw(withdrawn_on=command.withdrawn_on, reason=command.reason)
    return await keep_adherence(outcome, is_new=False, unit=unit)
