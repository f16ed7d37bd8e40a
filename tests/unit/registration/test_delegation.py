"""A delegation has one head, keeps its quota, and says publicly what changed without naming anybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from summit_contracts.errors import Refusal
from summit_contracts.registration import (
    BilateralRequested,
    ContactsNamed,
    DelegateAccredited,
    DelegateRefused,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
)
from summit_contracts.values import Function, Language
from summit_registration.domain.delegation import Change, Delegation, State
from summit_registration.domain.draft import Draft, DraftPerson
from summit_registration.domain.errors.delegations import (
    AlreadyRegistered,
    DelegationChanged,
    LanguageNotOffered,
    MemberUnknown,
    NotOneHead,
    NotRegistered,
    OverQuota,
    StayOutsideEdition,
)
from summit_registration.domain.errors.invitations import InvitationWasDeclined, RegistrationClosed
from summit_registration.domain.invitation import Extension
from summit_registration.domain.people import Nominee, Person
from summit_testkit.builders.registration import (
    CONFIRM_BY_AT,
    FIRST_DAY,
    LAST_DAY,
    MINT,
    NOMINATE_BY_AT,
    OPENED_AT,
    QUOTA,
    WISHES_BY_AT,
    a_head,
    a_nominee,
    a_wish,
    an_edition,
    registration_of_ke,
    terms_of_ke,
)

_SECOND = timedelta(seconds=1)


def test_a_registration_yields_the_delegation_its_wishes_and_its_contacts() -> None:
    after, facts, _ = registration_of_ke(wishes=(a_wish("RW"), a_wish("FR")))
    registered, first, second, contacts = facts
    assert isinstance(registered, DelegationRegistered)
    assert [member.function for member in registered.members] == [Function.HEAD, Function.MEMBER]
    assert isinstance(first, BilateralRequested)
    assert isinstance(second, BilateralRequested)
    assert [wish.bilateral_id for wish in after.wishes] == [first.bilateral_id, second.bilateral_id]
    assert isinstance(contacts, ContactsNamed)
    assert [(one.role, one.email) for one in contacts.contacts] == [
        ("nominator", "focal@ke.example"),
        ("member", "amina@police.example"),
    ]
    assert (after.state, after.revision) == (State.NOMINATED, 1)


@pytest.mark.parametrize(
    ("nominees", "refusal"),
    [
        ((a_nominee(),), NotOneHead),
        ((a_head(), a_head("Another Head")), NotOneHead),
        ((a_head(), *[a_nominee()] * QUOTA), OverQuota),
        ((a_head(arrives_on=LAST_DAY + timedelta(days=1)),), StayOutsideEdition),
        ((a_head(arrives_on=FIRST_DAY - timedelta(days=1)),), StayOutsideEdition),
        ((a_head(arrives_on=LAST_DAY, leaves_on=FIRST_DAY),), StayOutsideEdition),
        ((a_head(member_id="key-000001"),), MemberUnknown),
    ],
    ids=["no head", "two heads", "over quota", "too late", "too early", "leaves first", "unknown place"],
)
def test_people_who_may_not_come_together_are_refused(
    nominees: tuple[Nominee, ...], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        registration_of_ke(*nominees)


def test_exactly_the_quota_may_come() -> None:
    assert len(registration_of_ke(a_head(), *[a_nominee()] * (QUOTA - 1)).after.members) == QUOTA


def test_a_deadline_is_met_to_the_second_and_missed_after() -> None:
    assert registration_of_ke(terms=terms_of_ke(NOMINATE_BY_AT))
    with pytest.raises(RegistrationClosed) as refused:
        registration_of_ke(terms=terms_of_ke(NOMINATE_BY_AT + _SECOND))
    assert refused.value.details["closed_at"] == "2022-07-15T22:00:00+00:00"


def test_an_extension_opens_what_was_closed() -> None:
    late = terms_of_ke(NOMINATE_BY_AT + _SECOND)
    extension = Extension(NOMINATE_BY_AT + timedelta(days=1), "secretariat-03", "Late note verbale.")
    invitation, _ = late.invitation.extend(
        "nominate", extension, deadlines=late.edition.deadlines, now=late.now
    )
    assert registration_of_ke(terms=replace(late, invitation=invitation))


def test_wishes_have_their_own_deadline() -> None:
    edition = an_edition()
    deadlines = edition.deadlines.model_copy(update={"wishes_by_at": OPENED_AT - _SECOND})
    terms = terms_of_ke(edition=an_edition(deadlines=deadlines))
    assert registration_of_ke(terms=terms)
    with pytest.raises(RegistrationClosed):
        registration_of_ke(terms=terms, wishes=(a_wish(),))


def test_who_declined_registers_nobody() -> None:
    terms = terms_of_ke()
    declined, _ = terms.invitation.decline(None)
    with pytest.raises(InvitationWasDeclined):
        registration_of_ke(terms=replace(terms, invitation=declined))


def test_a_delegation_is_registered_once() -> None:
    with pytest.raises(AlreadyRegistered):
        registration_of_ke(delegation=registration_of_ke().after)


def test_letters_are_written_in_a_language_of_the_edition() -> None:
    terms = terms_of_ke()
    blank = Delegation.blank(terms.invitation)
    french = blank.register((a_head(),), (), language=Language.FRENCH, terms=terms, new_key=MINT.key)
    assert french.after.language is Language.FRENCH
    with pytest.raises(LanguageNotOffered):
        blank.register((a_head(),), (), language=Language.RUSSIAN, terms=terms, new_key=MINT.key)


def test_a_draft_is_kept_until_the_form_is_sent() -> None:
    draft = Draft(members=(DraftPerson(name="Gra", email="grace@"),))
    written = Delegation.blank(terms_of_ke().invitation).write(draft)
    assert (written.state, written.draft, written.revision) == (State.DRAFT, draft, 1)
    sent = registration_of_ke(delegation=written).after
    assert (sent.state, sent.draft, sent.revision) == (State.NOMINATED, None, 2)
    with pytest.raises(AlreadyRegistered):
        sent.write(draft)


def test_a_nominated_delegation_is_confirmed_once_and_in_time() -> None:
    nominated = registration_of_ke().after
    with pytest.raises(RegistrationClosed):
        nominated.confirm(terms=terms_of_ke(CONFIRM_BY_AT + _SECOND))
    confirmed = nominated.confirm(terms=terms_of_ke(CONFIRM_BY_AT))
    assert [type(fact) for fact in confirmed.facts] == [DelegationConfirmed]
    assert confirmed.after.confirm(terms=terms_of_ke(CONFIRM_BY_AT + _SECOND)) == Change(confirmed.after)


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_only_a_registered_delegation_takes_the_later_steps(state: State) -> None:
    terms = terms_of_ke()
    delegation = replace(Delegation.blank(terms.invitation), state=state)
    steps: list[Callable[[], Change]] = [
        lambda: delegation.confirm(terms=terms),
        lambda: delegation.amend([a_head()], language=None, terms=terms, new_key=MINT.key),
        lambda: delegation.replace_member("key-1", Person(name="Somebody"), rank=None, terms=terms),
        lambda: delegation.withdraw(None, terms=terms),
        lambda: delegation.wish((a_wish(),), terms=terms, new_key=MINT.key),
        lambda: delegation.accredit("key-1"),
        lambda: delegation.refuse("key-1", "security"),
    ]
    for step in steps:
        with pytest.raises(NotRegistered):
            step()


def test_a_withdrawn_delegation_forgets_its_people_and_may_register_again() -> None:
    delegation = registration_of_ke(wishes=(a_wish(),)).after
    after, facts, _ = delegation.withdraw("A flood at home.", terms=terms_of_ke())
    assert isinstance(facts[0], DelegationWithdrawn)
    assert isinstance(facts[1], ContactsNamed)
    assert [one.role for one in facts[1].contacts] == ["nominator"]
    assert (after.state, after.members, after.wishes) == (State.WITHDRAWN, (), ())
    again = registration_of_ke(delegation=after, wishes=(a_wish(),)).after
    assert again.state is State.NOMINATED
    assert again.revision > after.revision > delegation.revision


def test_more_wishes_come_on_top_of_those_before() -> None:
    delegation = registration_of_ke(wishes=(a_wish("RW"),)).after
    after, facts, _ = delegation.wish((a_wish("FR"),), terms=terms_of_ke(WISHES_BY_AT), new_key=MINT.key)
    assert [type(fact) for fact in facts] == [BilateralRequested]
    assert [wish.asked.counterparts for wish in after.wishes] == [("RW",), ("FR",)]
    with pytest.raises(RegistrationClosed):
        delegation.wish((a_wish("FR"),), terms=terms_of_ke(WISHES_BY_AT + _SECOND), new_key=MINT.key)


def test_a_member_is_let_in_or_refused_and_each_once() -> None:
    delegation = registration_of_ke().after
    head = delegation.members[0]
    let_in, facts, _ = delegation.accredit(head.member_id)
    assert [type(fact) for fact in facts] == [DelegateAccredited]
    assert let_in.accredit(head.member_id) == Change(let_in)
    refused, facts, _ = let_in.refuse(head.member_id, "security")
    assert [type(fact) for fact in facts] == [DelegateRefused]
    assert refused.refuse(head.member_id, "security") == Change(refused)
    assert refused.refuse(head.member_id, "duplicate").facts, "another reason is news"
    assert refused.accredit(head.member_id).after.members[0].refused_for is None
    with pytest.raises(MemberUnknown):
        delegation.accredit("key-999999")


def test_what_was_decided_on_an_old_revision_is_refused() -> None:
    delegation = registration_of_ke().after
    delegation.check_revision(None)
    delegation.check_revision(1)
    with pytest.raises(DelegationChanged):
        delegation.check_revision(0)


@pytest.mark.parametrize(
    "person",
    [
        {"name": " "},
        {"name": "a\x00b"},
        {"name": "x" * 201},
        {"name": "A", "email": "no address"},
        {"name": "A", "x": 1},
    ],
    ids=str,
)
def test_a_person_out_of_the_contracts_bounds_is_none(person: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Person(**person)
