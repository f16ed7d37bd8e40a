"""What can be read of notifications."""

from summit_chassis.answers import Page
from summit_chassis.answers import page as page_of
from summit_notifications.domain.errors import LetterUnknown
from summit_notifications.domain.ports import Census, Kept, Unit


async def letter(edition_id: str, letter_id: str, *, unit: Unit) -> Kept:
    """The letter.

    Raises:
        LetterUnknown: there is none.
    """
    found = await unit.letters.get(edition_id, letter_id)
    if found is None:
        raise LetterUnknown(letter_id)
    return found


async def letters(
    edition_id: str,
    *,
    unit: Unit,
    invitee: str | None = None,
    state: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[Kept]:
    """Letters in the order of ids; `invitee` none means to everybody, `state` none in whatever state."""
    rows = await unit.letters.page(edition_id, invitee=invitee, state=state, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.delivery.letter_id)


async def census(edition_id: str, *, unit: Unit) -> Census:
    """What notifications itself counts, for comparing with facts."""
    return await unit.census(edition_id)
