"""What can be read of notifications."""

from collections.abc import Sequence
from typing import NamedTuple

from summit_notifications.domain.errors import LetterUnknown
from summit_notifications.domain.ports import Census, Kept, Unit


class Page(NamedTuple):
    """Some letters, and where the next ones begin."""

    rows: Sequence[Kept]
    next_after: str | None
    """What to pass as `after` for the next page; none where this is the last."""


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
) -> Page:
    """Letters in the order of ids; `invitee` none means to everybody, `state` none in whatever state."""
    rows = await unit.letters.page(edition_id, invitee=invitee, state=state, after=after, limit=limit + 1)
    return Page(rows[:limit], rows[limit - 1].delivery.letter_id if len(rows) > limit else None)


async def census(edition_id: str, *, unit: Unit) -> Census:
    """What notifications itself counts, for comparing with facts."""
    return await unit.census(edition_id)
