"""An invitee says something about a compact: it intends to adhere, its papers are in process, it adheres."""

from datetime import date

from summit_pledges.domain.compact import Adherence, Instrument, Outcome
from summit_pledges.domain.errors.compacts import AdherenceUnknown, CompactStepNotOpen
from summit_pledges.domain.errors.steps import PledgeChanged
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.terms import check_invited
from summit_pledges.handlers.command import CompactCommand
from summit_pledges.handlers.desk import TAXONOMY, edition


class IntendCompact(CompactCommand):
    """We intend to adhere."""

    notified_on: date
    is_public: bool
    """Whether the invitee agrees to be counted among those who intend to."""


class BeginCompact(CompactCommand):
    """The papers are in process."""


class AdhereToCompact(CompactCommand):
    """This instrument was received."""

    instrument: Instrument


async def intend_compact(command: IntendCompact, *, unit: Unit) -> Adherence:
    """The invitee has given notice; published if it agrees to be counted.

    Raises:
        EditionUnknown, NotAnInvitee, CompactUnknown: nobody, or nothing, of that name.
        CompactStepNotOpen: something was said about this compact before.
    """
    before = await held_adherence(command, unit=unit)
    if before is not None:
        raise CompactStepNotOpen("intend", before.stage)
    outcome = Adherence.intend(
        edition_id=command.edition_id,
        compact=command.compact,
        adherent=command.adherent,
        notified_on=command.notified_on,
        is_public=command.is_public,
        taxonomy=TAXONOMY,
    )
    return await keep_adherence(outcome, is_new=True, unit=unit)


async def begin_compact(command: BeginCompact, *, unit: Unit) -> Adherence:
    """The papers are in process; nothing is published.

    Raises:
        AdherenceUnknown, PledgeChanged, CompactStepNotOpen: nobody gave notice, or it has gone further.
    """
    before = await held_adherence(command, unit=unit)
    if before is None:
        raise AdherenceUnknown(command.compact, command.adherent)
    return await keep_adherence(before.begin(), is_new=False, unit=unit)


async def adhere_to_compact(command: AdhereToCompact, *, unit: Unit) -> Adherence:
    """The invitee adheres as the instrument says, whatever it said before.

    Raises:
        EditionUnknown, NotAnInvitee, CompactUnknown, TermUnknown: nobody, or nothing, of that name.
        PledgeChanged, NothingChanged: it was changed since, or adheres by this very instrument already.
    """
    before = await held_adherence(command, unit=unit)
    if before is not None:
        return await keep_adherence(
            before.adhere(command.instrument, taxonomy=TAXONOMY), is_new=False, unit=unit
        )
    outcome = Adherence.adhere_at_once(
        command.instrument,
        edition_id=command.edition_id,
        compact=command.compact,
        adherent=command.adherent,
        taxonomy=TAXONOMY,
    )
    return await keep_adherence(outcome, is_new=True, unit=unit)


async def held_adherence(command: CompactCommand, *, unit: Unit) -> Adherence | None:
    """What the invitee said before, held for a change, in the revision that the command was decided on; none if nothing.

    Raises:
        EditionUnknown, NotAnInvitee: there is no such edition, or nobody of that code in it.
        PledgeChanged: it has been changed since.
    """
    check_invited(await edition(command.edition_id, unit=unit), command.adherent, field="adherent")
    found = await unit.adherences.hold(command.edition_id, command.compact, command.adherent)
    if found is not None and command.expected_revision not in (None, found.revision):
        raise PledgeChanged(command.expected_revision or 0, found.revision)
    return found


async def keep_adherence(outcome: Outcome, *, is_new: bool, unit: Unit) -> Adherence:
    """The adherence after the step, saved, and what is to be published staged."""
    adherence, facts = outcome
    await (unit.adherences.add(adherence) if is_new else unit.adherences.save(adherence))
    unit.stage(*facts)
    return adherence
