"""Which letters a fact calls for: none, one, or one for each delegation it concerns."""

from collections.abc import Iterable

from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_contracts.notifications import LetterEnding, LetterFailed
from summit_notifications.domain import pledge_letters, registration_letters, scheduling_letters
from summit_notifications.domain.contents import Undelivered
from summit_notifications.domain.draft import Audience, Letter, LetterDraft
from summit_notifications.domain.known import Known


def letter_for(envelope: Envelope[Fact], known: Known) -> list[LetterDraft]:
    """The letters this fact calls for; the same ones, with the same ids, whenever it is asked.

    Placements of a timetable call for none: they are gathered, and told once per delegation (`digest`).

    Raises:
        NotYetKnown: something it rests on has not been heard of yet.
    """
    fact = envelope.data
    families: tuple[Iterable[LetterDraft], ...] = (
        registration_letters.drafts(fact, known, envelope.id, envelope.time),
        scheduling_letters.drafts(fact, known, envelope.id, envelope.time),
        pledge_letters.drafts(fact, envelope.id),
    )
    return [draft for family in families for draft in family]


def letter_about(failed: LetterFailed, cause: str) -> LetterDraft | None:
    """The letter that tells the backup that one to the focal point did not arrive (E8).

    None where the address is not to blame, where nobody could be written to at all, and about such a letter itself.
    """
    is_about_the_address = failed.ending in (LetterEnding.REFUSED, LetterEnding.BOUNCED, LetterEnding.GAVE_UP)
    if not is_about_the_address or failed.attempts == 0 or failed.letter == Letter.LETTER_UNDELIVERED:
        return None
    return LetterDraft(
        failed.edition_id,
        Letter.LETTER_UNDELIVERED,
        failed.invitee,
        Undelivered(letter_id=failed.letter_id, ending=failed.ending),
        cause,
        audience=Audience.BACKUP_ALONE,
    )
