"""Letters about what scheduling says: the other side's answers, and meetings that will not be held."""

from collections.abc import Iterator
from datetime import datetime

from summit_contracts.fact import Fact
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralCancelled,
    BilateralCountered,
    BilateralDeclined,
)
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.contents import Bilateral
from summit_notifications.domain.draft import Letter, LetterDraft
from summit_notifications.domain.known import Known

_Answer = BilateralAccepted | BilateralDeclined | BilateralCountered | BilateralCancelled


def drafts(fact: Fact, known: Known, cause: str, at: datetime) -> Iterator[LetterDraft]:
    """The letters a fact about a bilateral calls for: to every party but the one that has spoken; none for any other fact.

    A cancelled meeting that stood in calendars is told to all of them, the one that cancelled it included.
    """
    match fact:
        case BilateralAccepted():
            yield from _to(
                _others(fact), Letter.BILATERAL_ACCEPTED, fact, _said(fact, awaiting=fact.awaiting), cause
            )
        case BilateralDeclined():
            said = _said(fact, reason=fact.reason, note=fact.note)
            yield from _to(_others(fact), Letter.BILATERAL_DECLINED, fact, said, cause)
        case BilateralCountered():
            said = _said(fact, awaiting=fact.awaiting, note=fact.note)
            yield from _to(_others(fact), Letter.BILATERAL_COUNTERED, fact, said, cause)
        case BilateralCancelled():
            entry = CalendarEntry.after(fact, known.calendar.get(fact.bilateral_id), at)
            said = _said(
                fact,
                reason=fact.reason,
                note=fact.note,
                joined_with=fact.joined_with,
                was=fact.was,
                calendar=(entry,) if entry else (),
            )
            receivers = _parties(fact) if entry or fact.reason == "joined" else _others(fact)
            yield from _to(receivers, Letter.BILATERAL_CANCELLED, fact, said, cause)
        case _:
            return


def _parties(fact: _Answer) -> tuple[str, ...]:
    return (fact.requester, *fact.counterparts)


def _others(fact: _Answer) -> tuple[str, ...]:
    return tuple(party for party in _parties(fact) if party != fact.by)


def _said(fact: _Answer, **more: object) -> Bilateral:
    return Bilateral.model_validate(
        {
            "bilateral_id": fact.bilateral_id,
            "requester": fact.requester,
            "counterparts": fact.counterparts,
            "topic": fact.topic,
            "language": fact.language,
            "by": fact.by,
            **Bilateral.terms_of(fact.terms),
            **more,
        }
    )


def _to(
    receivers: tuple[str, ...], letter: Letter, fact: _Answer, said: Bilateral, cause: str
) -> Iterator[LetterDraft]:
    for receiver in receivers:
        yield LetterDraft(fact.edition_id, letter, receiver, said, cause)
