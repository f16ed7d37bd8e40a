"""What can be read of notifications."""

from dataclasses import dataclass

from summit_chassis.answers import Page
from summit_chassis.answers import page as page_of
from summit_contracts.editions import Edition
from summit_contracts.errors import EditionUnknown
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.errors import LetterForgotten, LetterUnknown
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


@dataclass(frozen=True, slots=True)
class Legible:
    """All that it takes to say a letter again, in any language."""

    draft: LetterDraft
    edition: Edition
    person: str | None
    """The name of the person it concerns; none where it concerns the delegation, or the name is not known."""


async def legible(kept: Kept, *, unit: Unit) -> Legible:
    """The letter, ready to be said again.

    Raises:
        LetterForgotten: it holds, or held, a secret; whoever looks over a shoulder must not get the second key.
    """
    draft = kept.draft
    if draft is None or draft.content.IS_SECRET:
        raise LetterForgotten(kept.delivery.letter_id)
    edition = await unit.heard.published(draft.edition_id)
    if edition is None:  # no letter is drafted before its edition was heard of
        raise EditionUnknown(draft.edition_id)
    contacts = await unit.heard.contacts(draft.edition_id, {draft.invitee})
    named = (
        one.name for one in contacts[draft.invitee] if draft.member_id and one.member_id == draft.member_id
    )
    return Legible(draft, edition, next(named, None))


async def letters(
    edition_id: str,
    *,
    unit: Unit,
    invitee: str | None = None,
    state: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[Kept]:
    """Letters, the newest first; `invitee` none means to everybody, `state` none in whatever state."""
    rows = await unit.letters.page(edition_id, invitee=invitee, state=state, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.delivery.letter_id)


async def census(edition_id: str, *, unit: Unit) -> Census:
    """What notifications itself counts, for comparing with facts."""
    return await unit.census(edition_id)
