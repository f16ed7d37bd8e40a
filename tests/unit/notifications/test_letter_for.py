"""Which fact calls for which letter, to whom it goes, and in which language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from summit_contracts.catalogue import FACTS, seal
from summit_contracts.editions import Edition
from summit_contracts.fact import Fact, Service
from summit_contracts.notifications import LetterEnding, LetterFailed
from summit_contracts.pledges import SECRETARIAT, NeedPublished, PledgeMade
from summit_contracts.registration import (
    AccessCodeIssued,
    BilateralRequested,
    Contact,
    ContactsNamed,
    DeadlineExtended,
    DelegationRegistered,
    EditionPublished,
    InvitationIssued,
)
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralArranged,
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_contracts.testing import HAPPENED_AT, examples_of
from summit_contracts.values import Language
from summit_notifications.domain.addressing import addressed
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.contents import Bilateral, Invitation, Standing
from summit_notifications.domain.draft import Audience, Letter, LetterDraft
from summit_notifications.domain.known import Known, NotYetKnown
from summit_notifications.domain.letter import letter_about, letter_for

SILENT = {EditionPublished, InvitationIssued, ContactsNamed, NeedPublished, TimetablePublished}
"""They concern nobody by themselves; an invitation is written when its link is there."""
GATHERED = {BilateralArranged, BilateralScheduled, BilateralMoved, BilateralUnplaced}
"""Told once per delegation and timetable; what was arranged in person, with its place."""

published = examples_of(EditionPublished).full
assert isinstance(published, EditionPublished)
EDITION: Edition = published.edition
KNOWN = Known(edition=EDITION)

NOMINATOR = Contact(role="nominator", name="Mission", email="mission@ke.example", language=Language.FRENCH)
BACKUP = Contact(role="backup", name="Registry", email="registry@ke.example", language=Language.ENGLISH)
HEAD = Contact(
    role="member", member_id="mem-01", name="Head", email="head@ke.example", language=Language.ARABIC
)


def letters(fact: Fact, known: Known = KNOWN, cause: str = "event-1") -> list[LetterDraft]:
    return letter_for(seal(fact, id=cause, at=HAPPENED_AT, version=1), known)


@pytest.mark.parametrize("kind", [fact for fact in FACTS if fact.OWNER is not Service.NOTIFICATIONS])
def test_every_fact_that_concerns_somebody_calls_for_a_letter(kind: type[Fact]) -> None:
    for example in examples_of(kind):
        assert bool(letters(example)) == (kind not in SILENT | GATHERED)


def test_a_letter_has_the_same_id_whenever_it_is_drafted_and_another_for_everybody_else() -> None:
    request = examples_of(BilateralRequested).full
    first, again, other = letters(request), letters(request), letters(request, cause="event-2")
    assert [one.letter_id for one in first] == [one.letter_id for one in again]
    assert len({one.letter_id for one in (*first, *other)}) == len(first) * 2


def test_a_content_survives_its_way_through_the_database() -> None:
    for kind in FACTS:
        for draft in letters(examples_of(kind).full) if kind.OWNER is not Service.NOTIFICATIONS else []:
            stored = draft.content.model_dump(mode="json")
            assert draft.letter.content.model_validate(stored) == draft.content


def test_only_what_opens_a_door_is_secret_and_lapses() -> None:
    for kind in FACTS:
        for draft in letters(examples_of(kind).full) if kind.OWNER is not Service.NOTIFICATIONS else []:
            is_key = isinstance(examples_of(kind).full, AccessCodeIssued)
            assert draft.content.IS_SECRET == (draft.void_at is not None) == is_key


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        (None, Audience.NOMINATOR_ALONE),
        ("nominator", Audience.NOMINATOR_ALONE),
        ("backup", Audience.BACKUP_ALONE),
    ],
)
def test_a_code_goes_to_the_address_on_record_and_to_no_other(role: str | None, audience: Audience) -> None:
    code = AccessCodeIssued.model_validate(
        {**examples_of(AccessCodeIssued).minimal.model_dump(), "role": role, "purpose": "sign_in_code"}
    )
    (draft,) = letters(code)
    assert (draft.letter, draft.audience, draft.void_at) == (Letter.SIGN_IN_CODE, audience, code.expires_at)
    to = addressed(draft, (NOMINATOR, BACKUP), EDITION)
    assert to is not None
    assert len(to.recipients) == 1


LINK = AccessCodeIssued(
    edition_id="uncops-2022",
    invitee="KE",
    purpose="invitation_link",
    secret="secret-link",
    expires_at=HAPPENED_AT + timedelta(days=60),
)
ISSUED = InvitationIssued.model_validate({**examples_of(InvitationIssued).full.model_dump(), "quota": 9})


def invited(known: Known) -> Invitation:
    """What a new link says to KE."""
    (draft,) = letters(LINK, known)
    assert isinstance(draft.content, Invitation)
    return draft.content


def republished(**changed: object) -> Edition:
    """The edition with other deadlines a week later, and whatever else changed."""
    deadlines = EDITION.deadlines.model_dump()
    later = {name: at + timedelta(days=7) for name, at in deadlines.items()}
    return Edition.model_validate(EDITION.model_dump() | {"deadlines": later} | changed)


def test_a_letter_states_what_the_edition_says_now_and_not_on_the_day_of_the_invitation() -> None:
    known = Known(edition=republished(), invitations={"KE": ISSUED})
    invitation, deadlines = invited(known), known.published.deadlines
    assert (invitation.quota, invitation.nominate_by_at, invitation.confirm_by_at) == (
        4,
        deadlines.nominate_by_at,
        deadlines.confirm_by_at,
    )
    assert deadlines.nominate_by_at != ISSUED.nominate_by_at


@pytest.mark.parametrize("days", [6, 8])
def test_an_extension_holds_only_where_it_is_later_than_the_deadline_of_now(days: int) -> None:
    granted = EDITION.deadlines.nominate_by_at + timedelta(days=days)
    known = Known(edition=republished(), invitations={"KE": ISSUED}, extensions={("KE", "nominate"): granted})
    stated = max(granted, known.published.deadlines.nominate_by_at)
    assert invited(known).nominate_by_at == stated


def test_whom_the_edition_names_no_more_is_told_what_its_invitation_said() -> None:
    others = [one for one in EDITION.invitees if one.code != "KE"]
    left_out = republished(invitees=others)
    invitation = invited(Known(edition=left_out, invitations={"KE": ISSUED}))
    assert (invitation.quota, invitation.nominate_by_at, invitation.confirm_by_at) == (
        9,
        ISSUED.nominate_by_at,
        ISSUED.confirm_by_at,
    )
    assert invited(Known(edition=left_out)).quota == 0
    with pytest.raises(NotYetKnown):
        letters(LINK, Known())


def test_a_receipt_knows_the_deadlines_of_this_very_invitee() -> None:
    registered = examples_of(DelegationRegistered).full
    later = HAPPENED_AT + timedelta(days=99)
    (draft,) = letters(registered, replace(KNOWN, extensions={("KE", "confirm"): later}))
    assert isinstance(draft.content, Standing)
    assert draft.content.confirm_by_at == later
    assert draft.content.wishes_by_at == EDITION.deadlines.wishes_by_at


def test_a_deadline_that_has_passed_is_not_announced() -> None:
    early = datetime(2022, 7, 4, tzinfo=UTC)
    registered = examples_of(DelegationRegistered).full
    deadlines = EDITION.deadlines.model_copy(update={"wishes_by_at": early})
    (draft,) = letters(registered, Known(edition=EDITION.model_copy(update={"deadlines": deadlines})))
    assert isinstance(draft.content, Standing)
    assert draft.content.wishes_by_at is None


def test_each_counterpart_is_asked_and_the_requester_is_not() -> None:
    drafts = letters(examples_of(BilateralRequested).full)
    assert [(one.letter, one.invitee) for one in drafts] == [
        (Letter.BILATERAL_REQUESTED, "RW"),
        (Letter.BILATERAL_REQUESTED, "INTERPOL"),
    ]


def test_a_request_and_every_answer_name_the_equipment_that_the_meeting_needs() -> None:
    request, accepted = examples_of(BilateralRequested).full, examples_of(BilateralAccepted).full
    assert isinstance(request, BilateralRequested)
    assert isinstance(accepted, BilateralAccepted)
    terms = accepted.terms.model_copy(update={"needs": ("screen",)})
    told = (*letters(request), *letters(accepted.model_copy(update={"terms": terms})))
    assert {one.content.model_dump()["needs"] for one in told} == {request.needs, ("screen",)}
    assert request.needs


def test_an_answer_goes_to_every_other_party() -> None:
    drafts = letters(examples_of(BilateralAccepted).full)
    assert [one.invitee for one in drafts] == ["KE", "INTERPOL"]


def scheduled() -> CalendarEntry:
    fact = examples_of(BilateralScheduled).full
    assert isinstance(fact, BilateralScheduled)
    entry = CalendarEntry.after(fact, None, HAPPENED_AT)
    assert entry is not None
    return entry


def test_a_cancellation_of_what_stood_in_calendars_reaches_all_of_them() -> None:
    cancelled = examples_of(BilateralCancelled).full.model_copy(update={"reason": "party_withdrew"})
    assert [one.invitee for one in letters(cancelled)] == ["KE"]
    drafts = letters(cancelled, replace(KNOWN, calendar={"bil-01": scheduled()}))
    assert [one.invitee for one in drafts] == ["KE", "RW"]
    for draft in drafts:
        assert isinstance(draft.content, Bilateral)
        (entry,) = draft.content.calendar
        assert (entry.sequence, entry.is_cancelled) == (1, True)


def test_joined_wishes_are_told_to_both_sides() -> None:
    assert [one.invitee for one in letters(examples_of(BilateralCancelled).full)] == ["KE", "RW"]


def test_the_secretariat_writes_no_letters_to_itself() -> None:
    own = examples_of(PledgeMade).full.model_copy(update={"pledger": SECRETARIAT})
    assert letters(own) == []


def about(member_id: str | None = None, audience: Audience = Audience.FOCAL_POINT) -> LetterDraft:
    (draft,) = letters(examples_of(DeadlineExtended).full)
    return replace(draft, member_id=member_id, audience=audience)


@pytest.mark.parametrize(
    ("draft", "contacts", "recipients", "language"),
    [
        (about(), (NOMINATOR, BACKUP, HEAD), ["to mission", "cc registry"], Language.FRENCH),
        (about(), (BACKUP,), ["to registry"], Language.ENGLISH),
        (
            about("mem-01", Audience.PERSON),
            (NOMINATOR, BACKUP, HEAD),
            ["to head", "cc mission", "cc registry"],
            Language.ARABIC,
        ),
        (
            about("mem-99", Audience.PERSON),
            (NOMINATOR, BACKUP, HEAD),
            ["to mission", "cc registry"],
            Language.FRENCH,
        ),
        (about(None, Audience.NOMINATOR_ALONE), (NOMINATOR, BACKUP), ["to mission"], Language.FRENCH),
        (about(None, Audience.BACKUP_ALONE), (NOMINATOR, BACKUP), ["to registry"], Language.ENGLISH),
    ],
)
def test_the_focal_point_is_always_in_copy(
    draft: LetterDraft, contacts: tuple[Contact, ...], recipients: list[str], language: Language
) -> None:
    to = addressed(draft, contacts, EDITION)
    assert to is not None
    assert [f"{one.line} {one.email.partition('@')[0]}" for one in to.recipients] == recipients
    assert to.language is language


def test_nobody_is_written_to_twice_at_one_address() -> None:
    same = HEAD.model_copy(update={"email": "Mission@KE.example"})
    to = addressed(about("mem-01", Audience.PERSON), (NOMINATOR, BACKUP, same), EDITION)
    assert to is not None
    assert [one.role for one in to.recipients] == ["member", "backup"]


def test_without_anybody_to_write_to_the_letter_waits() -> None:
    assert addressed(about(), (), EDITION) is None
    assert addressed(about(None, Audience.BACKUP_ALONE), (NOMINATOR,), EDITION) is None


def test_a_language_the_edition_does_not_speak_becomes_its_fallback() -> None:
    spanish = EDITION.model_copy(
        update={"languages": (Language.SPANISH,), "fallback_language": Language.SPANISH}
    )
    to = addressed(about(), (NOMINATOR,), spanish)
    assert to is not None
    assert to.language is Language.SPANISH


def failed(ending: LetterEnding, letter: str = "invitation", attempts: int = 1) -> LetterFailed:
    return LetterFailed(
        edition_id="uncops-2022",
        letter_id="letter-1",
        letter=letter,
        invitee="KE",
        ending=ending,
        reason="recipients_refused",
        attempts=attempts,
    )


def test_a_letter_that_came_back_is_told_to_the_backup() -> None:
    for ending in (LetterEnding.BOUNCED, LetterEnding.REFUSED, LetterEnding.GAVE_UP):
        told = letter_about(failed(ending), "event-1")
        assert told is not None
        assert (told.letter, told.audience) == (Letter.LETTER_UNDELIVERED, Audience.BACKUP_ALONE)


def test_there_is_no_letter_about_a_letter_about_a_letter() -> None:
    assert letter_about(failed(LetterEnding.BOUNCED, letter="letter_undelivered"), "event-1") is None
    assert letter_about(failed(LetterEnding.UNCERTAIN), "event-1") is None
    assert letter_about(failed(LetterEnding.GAVE_UP, attempts=0), "event-1") is None
