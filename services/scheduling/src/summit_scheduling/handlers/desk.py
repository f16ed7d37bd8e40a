"""What nearly every step needs first and last: the edition's grid, a bilateral held for a change, and the change kept."""

from summit_contracts.editions import Edition
from summit_contracts.errors import EditionUnknown
from summit_scheduling.domain.bilateral import Bilateral, Change
from summit_scheduling.domain.errors.bilaterals import BilateralUnknown
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.command import AnswerCommand


async def edition(edition_id: str, *, unit: Unit) -> Edition:
    """The edition as registration published it last.

    Raises:
        EditionUnknown: it never was.
    """
    found = await unit.editions.get(edition_id)
    if found is None:
        raise EditionUnknown(edition_id)
    return found


async def grid(edition_id: str, *, unit: Unit) -> Grid:
    """Where and when a bilateral of the edition could be held.

    Raises:
        EditionUnknown: it was never published.
    """
    return Grid.of(await edition(edition_id, unit=unit))


async def held(command: AnswerCommand, *, unit: Unit) -> Bilateral:
    """The bilateral, held for a change, in the revision that it was decided on.

    Raises:
        BilateralUnknown: there is none.
        BilateralChanged: it has been changed since.
    """
    bilateral = await unit.bilaterals.hold(command.edition_id, command.bilateral_id)
    if bilateral is None:
        raise BilateralUnknown(command.bilateral_id)
    bilateral.check_revision(command.expected_revision)
    return bilateral


async def keep(*changes: Change, unit: Unit) -> None:
    """The changes are saved and their facts staged."""
    await unit.bilaterals.save(*(change.after for change in changes))
    for change in changes:
        unit.stage(*change.facts)
