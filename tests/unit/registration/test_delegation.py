"""A delegation has one head, keeps its quota, and says publicly what changed without naming anybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from summit_contracts.editions import Edition, Quota
from summit_contracts.errors import Refusal
from summit_contracts.registration import (
    BilateralRequested,
    ContactsNamed,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
)
from summit_contracts.values import FieldChange, Function, InviteeKind, Language, Rank
from summit_registration.domain.delegation import Change, Delegation, State
from summit_registration.domain.draft import Draft, DraftPerson
from summit_registration.domain.errors.delegations import (
    AlreadyRegistered,
    DelegationChanged,
    LanguageNotOffered,
    MemberTwice,
    MemberUnknown,
    NotOneHead,
    NotRegistered,
    OverQuota,
    StayOutsideEdition,
)
from summit_registration.domain.errors.invitations import InvitationWasDeclined, RegistrationClosed
from summit_registration.domain.invitation import Extension, Invitation
from summit_registration.domain.people import Nominee, Person
from summit_registration.domain.terms import Terms
from summit_testkit.builders.registration import (
    CONFIRM_BY_AT,
    FIRST_DAY,
    LAST_DAY,
    NOMINATE_BY_AT,
    QUOTA,
    WISHES_BY_AT,
    a_head,
    a_nominee,
    a_wish,
    an_edition,
    focal_points,
)
from summit_testkit.memory.registration import CountingMint

_NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MINT = CountingMint()


def _terms(now: datetime = _NOW, *, edition: Edition | None = None) -> Terms:
    edition = edition or an_edition()
    row = edition.invitee("KE")
    assert row is not None
    invitation, _ = Invitation.issue(edition, row, focal_points(), link="a-secret", now=_NOW)
    return Terms(edition, invitation, now)


def _register(*nominees: Nominee, wishes: tuple[Any, ...] = (), **changed: Any) -> Change:
    terms = changed.pop("terms", _terms())
    delegation: Delegation = changed.pop("delegation", Delegation.blank(terms.invitation))
    members = nominees or (a_head(), a_nominee(email="amina@police.example"))
    return delegation.register(members, wishes, language=None, terms=terms, new_key=_MINT.key, **changed)


def _registered(*nominees: Nominee, **changed: Any) -> Delegation:
    return _register(*nominees, **changed).after


def _form(delegation: Delegation) -> list[Nominee]:
    """The delegation as its nominator would send it back."""
    return [
        Nominee(
            member_id=member.member_id,
            person=member.person,
            function=member.function,
            rank=member.rank,
            arrives_on=member.arrives_on,
            leaves_on=member.leaves_on,
        )
        for member in delegation.members
    ]


def _amend(
    delegation: Delegation, nominees: list[Nominee], terms: Terms | None = None, **changed: Any
) -> Change:
    language = changed.pop("language", None)
    return delegation.amend(nominees, language=language, terms=terms or _terms(), new_key=_MINT.key)


def test_a_registration_yields_the_delegation_its_wishes_and_its_contacts() -> None:
    after, facts, _ = _register(wishes=(a_wish("RW"), a_wish("FR")))
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
        _register(*nominees)


def test_exactly_the_quota_may_come() -> None:
    assert len(_registered(a_head(), *[a_nominee()] * (QUOTA - 1)).members) == QUOTA


def test_a_deadline_is_met_to_the_second_and_missed_after() -> None:
    assert _register(terms=_terms(NOMINATE_BY_AT))
    with pytest.raises(RegistrationClosed) as refused:
        _register(terms=_terms(NOMINATE_BY_AT + _SECOND))
    assert refused.value.details["closed_at"] == "2022-07-15T22:00:00+00:00"


def test_an_extension_opens_what_was_closed() -> None:
    late = _terms(NOMINATE_BY_AT + _SECOND)
    extension = Extension(NOMINATE_BY_AT + timedelta(days=1), "secretariat-03", "Late note verbale.")
    invitation, _ = late.invitation.extend(
        "nominate", extension, deadlines=late.edition.deadlines, now=late.now
    )
    assert _register(terms=replace(late, invitation=invitation))


def test_wishes_have_their_own_deadline() -> None:
    edition = an_edition()
    deadlines = edition.deadlines.model_copy(update={"wishes_by_at": _NOW - _SECOND})
    terms = _terms(edition=an_edition(deadlines=deadlines))
    assert _register(terms=terms)
    with pytest.raises(RegistrationClosed):
        _register(terms=terms, wishes=(a_wish(),))


def test_who_declined_registers_nobody() -> None:
    terms = _terms()
    declined, _ = terms.invitation.decline(None)
    with pytest.raises(InvitationWasDeclined):
        _register(terms=replace(terms, invitation=declined))


def test_a_delegation_is_registered_once() -> None:
    with pytest.raises(AlreadyRegistered):
        _register(delegation=_registered())


def test_letters_are_written_in_a_language_of_the_edition() -> None:
    terms = _terms()
    blank = Delegation.blank(terms.invitation)
    french = blank.register((a_head(),), (), language=Language.FRENCH, terms=terms, new_key=_MINT.key)
    assert french.after.language is Language.FRENCH
    with pytest.raises(LanguageNotOffered):
        blank.register((a_head(),), (), language=Language.RUSSIAN, terms=terms, new_key=_MINT.key)


def test_a_draft_is_kept_until_the_form_is_sent() -> None:
    draft = Draft(members=(DraftPerson(name="Gra", email="grace@"),))
    written = Delegation.blank(_terms().invitation).write(draft)
    assert (written.state, written.draft, written.revision) == (State.DRAFT, draft, 1)
    sent = _registered(delegation=written)
    assert (sent.state, sent.draft, sent.revision) == (State.NOMINATED, None, 2)
    with pytest.raises(AlreadyRegistered):
        sent.write(draft)


def test_a_nominated_delegation_is_confirmed_once_and_in_time() -> None:
    nominated = _registered()
    with pytest.raises(RegistrationClosed):
        nominated.confirm(terms=_terms(CONFIRM_BY_AT + _SECOND))
    confirmed = nominated.confirm(terms=_terms(CONFIRM_BY_AT))
    assert [type(fact) for fact in confirmed.facts] == [DelegationConfirmed]
    assert confirmed.after.confirm(terms=_terms(CONFIRM_BY_AT + _SECOND)) == Change(confirmed.after)


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_only_a_registered_delegation_takes_the_later_steps(state: State) -> None:
    terms = _terms()
    delegation = replace(Delegation.blank(terms.invitation), state=state)
    steps: list[Callable[[], Change]] = [
        lambda: delegation.confirm(terms=terms),
        lambda: _amend(delegation, [a_head()]),
        lambda: delegation.replace_member("key-1", Person(name="Somebody"), rank=None, terms=terms),
        lambda: delegation.withdraw(None, terms=terms),
        lambda: delegation.wish((a_wish(),), terms=terms, new_key=_MINT.key),
        lambda: delegation.accredit("key-1"),
        lambda: delegation.refuse("key-1", "security"),
    ]
    for step in steps:
        with pytest.raises(NotRegistered):
            step()


def test_an_amendment_names_each_field_that_changed_and_no_personal_value() -> None:
    delegation = _registered()
    head, member = _form(delegation)
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
    delegation = _registered()
    assert _amend(delegation, _form(delegation)) == Change(delegation)


def test_contacts_are_named_again_only_where_they_changed() -> None:
    delegation = _registered()
    head, member = _form(delegation)
    _, facts, _ = _amend(delegation, [head, member.model_copy(update={"rank": Rank.EXPERT})])
    assert [type(fact) for fact in facts] == [DelegationAmended]


def test_members_come_and_go_within_the_quota() -> None:
    delegation = _registered()
    head, member = _form(delegation)
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


def test_a_place_is_named_once_in_a_form() -> None:
    delegation = _registered()
    head, member = _form(delegation)
    with pytest.raises(MemberTwice):
        _amend(delegation, [head, member, member])
    with pytest.raises(MemberUnknown):
        _amend(delegation, [head, a_nominee(member_id="key-999999")])


def test_the_head_may_change_but_not_go_missing() -> None:
    delegation = _registered()
    head, member = _form(delegation)
    swapped = [
        head.model_copy(update={"function": Function.MEMBER}),
        member.model_copy(update={"function": Function.HEAD}),
    ]
    assert _amend(delegation, swapped).after.members[1].function is Function.HEAD
    with pytest.raises(NotOneHead):
        _amend(delegation, [member])


def test_a_quota_that_was_lowered_sends_nobody_home() -> None:
    delegation = _registered(a_head(), a_nominee(), a_nominee())
    kinds = (InviteeKind.MEMBER_STATE, InviteeKind.ORGANIZATION)
    quotas = tuple(Quota(kind=kind, members=2) for kind in kinds)
    lowered = _terms(edition=an_edition(quotas=quotas))
    form = _form(delegation)
    replaced = [form[0], form[1].model_copy(update={"rank": Rank.EXPERT}), form[2]]
    assert len(_amend(delegation, replaced, lowered).after.members) == 3
    with pytest.raises(OverQuota):
        _amend(delegation, [*form, a_nominee()], lowered)


def test_after_the_second_deadline_a_delegation_changes_but_does_not_grow() -> None:
    delegation = _registered()
    head, member = _form(delegation)
    late = _terms(CONFIRM_BY_AT + _SECOND)
    assert _amend(delegation, [head], late).facts
    assert _amend(delegation, [head, a_nominee("In her place")], late).facts
    with pytest.raises(RegistrationClosed):
        _amend(delegation, [head, member, a_nominee()], late)


def test_another_name_has_to_be_accredited_anew_and_another_rank_has_not() -> None:
    delegation = _registered()
    for one in delegation.members:
        delegation = delegation.accredit(one.member_id).after
    head, member = _form(delegation)
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
    delegation = _registered(a_head(arrives_on=LAST_DAY), a_nominee())
    place = delegation.members[0]
    delegation = delegation.accredit(place.member_id).after
    after, facts, _ = delegation.replace_member(
        place.member_id, Person(name="John Kamau", email="john@police.example"), rank=None, terms=_terms()
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
        delegation.replace_member("key-999999", Person(name="Nobody"), rank=None, terms=_terms())


def test_a_withdrawn_delegation_forgets_its_people_and_may_register_again() -> None:
    delegation = _registered(wishes=(a_wish(),))
    after, facts, _ = delegation.withdraw("A flood at home.", terms=_terms())
    assert isinstance(facts[0], DelegationWithdrawn)
    assert isinstance(facts[1], ContactsNamed)
    assert [one.role for one in facts[1].contacts] == ["nominator"]
    assert (after.state, after.members, after.wishes) == (State.WITHDRAWN, (), ())
    again = _registered(delegation=after, wishes=(a_wish(),))
    assert again.state is State.NOMINATED
    assert again.revision > after.revision > delegation.revision


def test_more_wishes_come_on_top_of_those_before() -> None:
    delegation = _registered(wishes=(a_wish("RW"),))
    after, facts, _ = delegation.wish((a_wish("FR"),), terms=_terms(WISHES_BY_AT), new_key=_MINT.key)
    assert [type(fact) for fact in facts] == [BilateralRequested]
    assert [wish.asked.counterparts for wish in after.wishes] == [("RW",), ("FR",)]
    with pytest.raises(RegistrationClosed):
        delegation.wish((a_wish("FR"),), terms=_terms(WISHES_BY_AT + _SECOND), new_key=_MINT.key)


def test_a_member_is_let_in_or_refused_and_each_once() -> None:
    delegation = _registered()
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
    delegation = _registered()
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
