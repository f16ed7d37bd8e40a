"""A registered delegation changes: fields, people who come, leave and are replaced."""

from datetime import timedelta
from typing import Any

import pytest

from summit_contracts.editions import Quota
from summit_contracts.registration import (
    ContactsNamed,
    DelegationAmended,
)
from summit_contracts.values import FieldChange, Function, InviteeKind, Language, Rank
from summit_registration.domain.delegation import Change, Delegation
from summit_registration.domain.errors.delegations import (
    LanguageNotOffered,
    MemberTwice,
    MemberUnknown,
    NotOneHead,
    OverQuota,
)
from summit_registration.domain.errors.invitations import RegistrationClosed
from summit_registration.domain.people import Nominee, Person
from summit_registration.domain.terms import Terms
from summit_testkit.builders.registration import (
    CONFIRM_BY_AT,
    LAST_DAY,
    MINT,
    QUOTA,
    a_head,
    a_nominee,
    an_edition,
    form_of,
    registration_of_ke,
    terms_of_ke,
)

_SECOND = timedelta(seconds=1)


def _amend(
    delegation: Delegation, nominees: list[Nominee], terms: Terms | None = None, **changed: Any
) -> Change:
    language = changed.pop("language", None)
    return delegation.amend(nominees, language=language, terms=terms or terms_of_ke(), new_key=MINT.key)


def test_an_amendment_names_each_field_that_changed_and_no_personal_value() -> None:
    delegation = registration_of_ke().after
    head, member = form_of(delegation)
    place = f"members[{member.member_id}]"
    changed = member.model_copy(
        update={
            "rank": Rank.EXPERT,
            "arrives_on": LAST_DAY,
            "person": Person(name="Amina Otieno", email="otieno@police.example", title="Superintendent"),
        }
    )
    after, facts, fields = _amend(delegation, [head, changed], language=Language.FRENCH)
    amended, contacts = facts
    assert isinstance(amended, DelegationAmended)
    assert (
        amended.changes
        == fields
        == (
            FieldChange(path="language", before="en", after="fr"),
            FieldChange(path=f"{place}.rank", before="senior_officer", after="expert"),
            FieldChange(path=f"{place}.arrives_on", after="2022-09-02"),
            FieldChange(path=f"{place}.name", is_personal=True),
            FieldChange(path=f"{place}.title", is_personal=True),
            FieldChange(path=f"{place}.email", is_personal=True),
        )
    )
    assert isinstance(contacts, ContactsNamed)
    assert contacts.contacts[1].email == "otieno@police.example"
    assert contacts.contacts[0].language is Language.FRENCH, (
        "the focal point is written to in the new language"
    )
    assert after.revision == delegation.revision + 1


def test_an_amendment_that_changes_nothing_is_none() -> None:
    delegation = registration_of_ke().after
    assert _amend(delegation, form_of(delegation)) == Change(delegation)


def test_contacts_are_named_again_only_where_they_changed() -> None:
    delegation = registration_of_ke().after
    head, member = form_of(delegation)
    _, facts, _ = _amend(delegation, [head, member.model_copy(update={"rank": Rank.EXPERT})])
    assert [type(fact) for fact in facts] == [DelegationAmended]


def test_members_come_and_go_within_the_quota() -> None:
    delegation = registration_of_ke().after
    head, member = form_of(delegation)
    grown, facts, fields = _amend(delegation, [head, member, a_nominee("Third", Function.ALTERNATE)])
    (added,) = set(grown.members) - set(delegation.members)
    assert FieldChange(path=f"members[{added.member_id}].function", after="alternate") in fields
    assert FieldChange(path=f"members[{added.member_id}].name", is_personal=True) in fields
    shrunk, facts, fields = _amend(grown, [head])
    assert [one.member_id for one in shrunk.members] == [head.member_id]
    assert FieldChange(path=f"members[{added.member_id}].function", before="alternate") in fields
    assert isinstance(facts[0], DelegationAmended)
    with pytest.raises(OverQuota):
        _amend(delegation, [head, *[a_nominee()] * QUOTA])


def test_a_place_is_named_once_in_aform_of() -> None:
    delegation = registration_of_ke().after
    head, member = form_of(delegation)
    with pytest.raises(MemberTwice):
        _amend(delegation, [head, member, member])
    with pytest.raises(MemberUnknown):
        _amend(delegation, [head, a_nominee(member_id="key-999999")])


def test_the_head_may_change_but_not_go_missing() -> None:
    delegation = registration_of_ke().after
    head, member = form_of(delegation)
    swapped = [
        head.model_copy(update={"function": Function.MEMBER}),
        member.model_copy(update={"function": Function.HEAD}),
    ]
    assert _amend(delegation, swapped).after.members[1].function is Function.HEAD
    with pytest.raises(NotOneHead):
        _amend(delegation, [member])


def test_a_quota_that_was_lowered_sends_nobody_home() -> None:
    delegation = registration_of_ke(a_head(), a_nominee(), a_nominee()).after
    kinds = (InviteeKind.MEMBER_STATE, InviteeKind.ORGANIZATION)
    quotas = tuple(Quota(kind=kind, members=2) for kind in kinds)
    lowered = terms_of_ke(edition=an_edition(quotas=quotas))
    form = form_of(delegation)
    replaced = [form[0], form[1].model_copy(update={"rank": Rank.EXPERT}), form[2]]
    assert len(_amend(delegation, replaced, lowered).after.members) == 3
    with pytest.raises(OverQuota):
        _amend(delegation, [*form, a_nominee()], lowered)


def test_after_the_second_deadline_a_delegation_changes_but_does_not_grow() -> None:
    delegation = registration_of_ke().after
    head, member = form_of(delegation)
    late = terms_of_ke(CONFIRM_BY_AT + _SECOND)
    assert _amend(delegation, [head], late).facts
    assert _amend(delegation, [head, a_nominee("In her place")], late).facts
    with pytest.raises(RegistrationClosed):
        _amend(delegation, [head, member, a_nominee()], late)


def test_another_name_has_to_be_accredited_anew_and_another_rank_has_not() -> None:
    delegation = registration_of_ke().after
    for one in delegation.members:
        delegation = delegation.accredit(one.member_id).after
    head, member = form_of(delegation)
    after, facts, fields = _amend(
        delegation,
        [
            head.model_copy(update={"rank": Rank.MINISTER}),
            member.model_copy(update={"person": Person(name="Somebody Else")}),
        ],
    )
    assert [one.accreditation for one in after.members] == ["accredited", "pending"]
    path = f"members[{member.member_id}].accreditation"
    assert FieldChange(path=path, before="accredited", after="pending") in fields
    assert isinstance(facts[0], DelegationAmended)


def test_a_successor_takes_over_the_place() -> None:
    delegation = registration_of_ke(a_head(arrives_on=LAST_DAY), a_nominee()).after
    place = delegation.members[0]
    delegation = delegation.accredit(place.member_id).after
    after, facts, _ = delegation.replace_member(
        place.member_id,
        Person(name="John Kamau", email="john@police.example"),
        rank=None,
        terms=terms_of_ke(),
    )
    successor = after.members[0]
    assert (successor.member_id, successor.function, successor.rank, successor.arrives_on) == (
        place.member_id,
        Function.HEAD,
        place.rank,
        LAST_DAY,
    )
    assert (successor.person.name, successor.accreditation) == ("John Kamau", "pending")
    assert [type(fact) for fact in facts] == [DelegationAmended, ContactsNamed]
    with pytest.raises(MemberUnknown):
        delegation.replace_member("key-999999", Person(name="Nobody"), rank=None, terms=terms_of_ke())


def test_a_language_that_is_no_longer_offered_hinders_no_other_amendment() -> None:
    terms = terms_of_ke()
    french = Delegation.blank(terms.invitation).register(
        (a_head(), a_nominee()), (), language=Language.FRENCH, terms=terms, new_key=MINT.key
    )
    english_only = terms_of_ke(
        edition=an_edition(languages=(Language.ENGLISH,), invitees=terms.edition.invitees[1:])
    )
    head, _ = form_of(french.after)
    assert _amend(french.after, [head], english_only).facts
    with pytest.raises(LanguageNotOffered):
        _amend(french.after, [head], english_only, language=Language.FRENCH)
