"""Any letter in any language, written from the contracts' examples: for people who wish to see one, and for tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

from summit_contracts import notifications, registration, scheduling
from summit_contracts.catalogue import FACTS, seal
from summit_contracts.editions import Edition
from summit_contracts.fact import Fact
from summit_contracts.registration import AccessCodeIssued, Contact, EditionPublished
from summit_contracts.testing import HAPPENED_AT, examples_of
from summit_contracts.values import Language
from summit_notifications.domain.addressing import Addressed, addressed
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.digest import Placed, Publication
from summit_notifications.domain.draft import Letter, LetterDraft
from summit_notifications.domain.known import Known
from summit_notifications.domain.letter import letter_about, letter_for
from summit_notifications.domain.mail import Mail
from summit_notifications.letters.composition import Composer
from summit_notifications.letters.frame import Frame

_PORTAL = "https://portal.summit.example"
_SENDER = "summit@un.example"
_CAUSE = "0197d5a0-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Sample:
    """One draft to look at."""

    draft: LetterDraft
    is_full: bool
    """Whether it is from the example in which every optional field has a value."""


def preview(letter: Letter, language: Language) -> Mail:
    """The letter as it would be sent, with the recipients it would be sent to."""
    sample = next(one for one in samples() if one.draft.letter is letter)
    return written(sample, language)


def written(sample: Sample, language: Language) -> Mail:
    """The sample as a mail in this language."""
    edition = _edition()
    composer = Composer(Frame.of(edition, _PORTAL), "Summit", _SENDER)
    return composer.composed(sample.draft, _addressed(sample.draft, language, edition), HAPPENED_AT)


@cache
def samples() -> tuple[Sample, ...]:
    """At least one sample of every letter, the full one first."""
    both = [Sample(draft, is_full) for is_full in (True, False) for draft in _drafts(is_full=is_full)]
    return tuple(sorted(both, key=lambda one: tuple(Letter).index(one.draft.letter)))


def _drafts(*, is_full: bool) -> Iterator[LetterDraft]:
    known = Known(edition=_edition(), calendar=_calendar())
    for kind in FACTS:
        for fact in _variants(kind, is_full=is_full):
            envelope = seal(fact, id=_CAUSE, at=HAPPENED_AT, version=1)
            yield from letter_for(envelope, known)[:1]
    yield from _timetable().letters(_calendar())[:1]
    failed = examples_of(notifications.LetterFailed).full
    if isinstance(failed, notifications.LetterFailed) and (about := letter_about(failed, _CAUSE)):
        yield about


def _variants(kind: type[Fact], *, is_full: bool) -> Iterator[Fact]:
    example = examples_of(kind).full if is_full else examples_of(kind).minimal
    yield example
    if isinstance(example, AccessCodeIssued):
        link = {
            "purpose": "invitation_link",
            "secret": "kT3vXq9ZsWm2",
            "expires_at": HAPPENED_AT + timedelta(days=60),
        }
        yield example.model_copy(update=link)


@cache
def _edition() -> Edition:
    published = examples_of(registration.EditionPublished).full
    if not isinstance(published, EditionPublished):
        raise TypeError(type(published))
    return published.edition


def _addressed(draft: LetterDraft, language: Language, edition: Edition) -> Addressed:
    contacts = (
        Contact(
            role="nominator",
            name="Permanent Mission, police section",
            email="police@mission.example",
            language=language,
        ),
        Contact(
            role="backup",
            name="Permanent Mission, registry",
            email="registry@mission.example",
            language=language,
        ),
        Contact(
            role="member",
            member_id="mem-01",
            name="A. Example",
            email="a.example@police.example",
            language=language,
        ),
    )
    to = addressed(draft, contacts, edition)
    if to is None:
        raise LookupError(draft.letter)
    return to


@cache
def _timetable() -> Publication:
    """One meeting newly placed, one moved and one without a place, each of its own."""
    publication = Publication("uncops-2022", 2, HAPPENED_AT, cause=_CAUSE)
    for fact in _placed():
        publication = publication.with_change(fact, HAPPENED_AT)
    return publication


def _placed() -> Iterator[Placed]:
    kinds: tuple[type[Placed], ...] = (
        scheduling.BilateralScheduled,
        scheduling.BilateralMoved,
        scheduling.BilateralUnplaced,
    )
    for number, kind in enumerate(kinds, start=1):
        example = examples_of(kind).full.model_copy(update={"bilateral_id": f"bil-0{number}"})
        if isinstance(example, Placed):
            yield example


@cache
def _calendar() -> Mapping[str, CalendarEntry]:
    """What calendars hold: every meeting as it was placed first, then as the timetable left it."""
    entries: dict[str, CalendarEntry] = {}
    first = examples_of(scheduling.BilateralScheduled).full
    for fact in _placed():
        before = None
        if isinstance(first, scheduling.BilateralScheduled) and not isinstance(
            fact, scheduling.BilateralScheduled
        ):
            placed = first.model_copy(update={"bilateral_id": fact.bilateral_id})
            before = CalendarEntry.after(placed, None, datetime(2022, 6, 20, 9, 0, tzinfo=UTC))
        if (entry := CalendarEntry.after(fact, before, HAPPENED_AT)) is not None:
            entries[fact.bilateral_id] = entry
    return MappingProxyType(entries)
