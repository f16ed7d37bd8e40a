"""Which letters a fact calls for: none, one, or one for each delegation it concerns."""

from collections.abc import Iterable

from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_notifications.domain import pledge_letters, registration_letters, scheduling_letters
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.known import Known


def letter_for(envelope: Envelope[Fact], known: Known) -> list[LetterDraft]:
    """The letters this fact calls for; the same ones, with the same ids, whenever it is asked.

    Placements of a timetable call for none: they are gathered, and told once per delegation (`digest`).

    Raises:
        NotYetKnown: something it rests on has not been heard of yet.
    """
    fact = envelope.data
    families: tuple[Iterable[LetterDraft], ...] = (
        registration_letters.drafts(fact, known, envelope.id),
        scheduling_letters.drafts(fact, known, envelope.id, envelope.time),
        pledge_letters.drafts(fact, envelope.id),
    )
    return [draft for family in families for draft in family]
