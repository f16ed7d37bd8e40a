"""What nearly every step needs first and last: the edition, a pledge held for a change, and the change kept."""

from typing import Final

from summit_contracts.editions import Edition
from summit_contracts.errors import EditionUnknown
from summit_pledges.domain.errors.steps import NeedUnknown, PledgeOfAnother, PledgeUnknown
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.publication import Outcome
from summit_pledges.domain.taxonomy import Taxonomy, shipped_taxonomy
from summit_pledges.handlers.command import NeedCommand, PledgeCommand

TAXONOMY: Final[Taxonomy] = shipped_taxonomy()


async def edition(edition_id: str, *, unit: Unit) -> Edition:
    """The edition as registration published it last.

    Raises:
        EditionUnknown: it never was.
    """
    found = await unit.editions.get(edition_id)
    if found is None:
        raise EditionUnknown(edition_id)
    return found


async def held(command: PledgeCommand, *, unit: Unit) -> Pledge:
    """The pledge, held for a change by its own side or the desk, in the revision that it was decided on.

    Raises:
        PledgeUnknown: there is none that the caller may know of.
        PledgeOfAnother: it is public, and another's.
        PledgeChanged: it has been changed since.
    """
    pledge = await unit.pledges.hold(command.edition_id, command.pledge_id)
    if pledge is None or not command.reader.sees(pledge):
        raise PledgeUnknown(command.pledge_id)
    if not command.reader.owns(pledge):
        raise PledgeOfAnother
    if command.expected_revision is not None:
        pledge.expect(command.expected_revision)
    return pledge


async def keep(outcome: Outcome, *, unit: Unit) -> Pledge:
    """The pledge after the step, saved, and what is to be published staged."""
    pledge, facts = outcome
    await unit.pledges.save(pledge)
    unit.stage(*facts)
    return pledge


async def check_need_open(edition_id: str, need_id: str | None, *, unit: Unit) -> None:
    """A pledge may answer this need; nothing where it answers none.

    Raises:
        NeedUnknown, NeedClosed: it was never published, or nobody can pledge to it any more.
    """
    if need_id is None:
        return
    need = await unit.needs.get(edition_id, need_id)
    if need is None:
        raise NeedUnknown(need_id)
    need.check_open()


async def held_need(command: NeedCommand, *, unit: Unit) -> PublishedNeed:
    """The need, held for a change, in the revision that it was decided on.

    Raises:
        NeedUnknown: there is none.
        PledgeChanged: it has been changed since.
    """
    need = await unit.needs.hold(command.edition_id, command.need_id)
    if need is None:
        raise NeedUnknown(command.need_id)
    if command.expected_revision is not None:
        need.expect(command.expected_revision)
    return need
