"""Each use case from its command to what is kept, published and remembered; refused, it leaves nothing behind."""

from typing import Any

import pytest

from summit_contracts.errors import EditionUnknown, Refusal
from summit_contracts.registration import (
    BilateralRequested,
    ContactsNamed,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationRegistered,
    DelegationWithdrawn,
)
from summit_contracts.values import Language
from summit_registration.domain.delegation import State
from summit_registration.domain.draft import Draft, DraftPerson
from summit_registration.domain.errors.delegations import (
    AlreadyRegistered,
    DelegationChanged,
    DelegationUnknown,
    NotRegistered,
    OverQuota,
)
from summit_registration.domain.errors.invitations import (
    NotInvited,
)
from summit_registration.domain.errors.wishes import WishForOneself
from summit_registration.domain.history import Action
from summit_registration.domain.invitation import InvitationState
from summit_registration.domain.people import Nominee, Person
from summit_registration.handlers import queries
from summit_registration.handlers.accredit_delegate import AccreditDelegate, accredit_delegate
from summit_registration.handlers.add_wishes import AddWishes, add_wishes
from summit_registration.handlers.amend_delegation import AmendDelegation, amend_delegation
from summit_registration.handlers.confirm_delegation import ConfirmDelegation, confirm_delegation
from summit_registration.handlers.refuse_delegate import RefuseDelegate, refuse_delegate
from summit_registration.handlers.register_delegation import RegisterDelegation, register_delegation
from summit_registration.handlers.replace_member import ReplaceMember, replace_member
from summit_registration.handlers.save_draft import SaveDraft, save_draft
from summit_registration.handlers.withdraw_delegation import WithdrawDelegation, withdraw_delegation
from summit_testkit.builders.registration import (
    EDITION_ID,
    NOMINATE_BY_AT,
    QUOTA,
    RegistrationDesk,
    a_head,
    a_nominee,
    a_wish,
    an_edition,
)

_KE: dict[str, Any] = {"by": "KE/nominator", "edition_id": EDITION_ID, "invitee": "KE"}


async def test_a_draft_is_saved_again_and_again_and_nobody_hears_of_it(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    draft = Draft(members=(DraftPerson(name="Gra"),))
    saved = await desk.do(save_draft, SaveDraft(**_KE, draft=draft, expected_revision=0))
    assert (saved.draft, saved.revision) == (draft, 1)
    await desk.do(save_draft, SaveDraft(**_KE, draft=Draft(), expected_revision=1))
    stale = SaveDraft(**_KE, draft=draft, expected_revision=1)
    await desk.is_refused(DelegationChanged, save_draft, stale)
    assert desk.published_since(before) == []
    async with desk.memory.unit() as unit:
        with pytest.raises(DelegationUnknown):
            await queries.delegation(EDITION_ID, "KE", unit=unit)


async def test_a_registration_is_kept_published_and_remembered_together(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    delegation = await desk.register()
    assert delegation == await desk.delegation()
    assert desk.published_since(before) == [DelegationRegistered, BilateralRequested, ContactsNamed]
    entry = desk.memory.entries[-1]
    assert (entry.action, entry.by, entry.revision) == (Action.DELEGATION_REGISTERED, "KE/nominator", 1)
    assert (await desk.do(confirm_delegation, ConfirmDelegation(**_KE))).state is State.CONFIRMED


async def test_a_refused_registration_leaves_nothing_behind(desk: RegistrationDesk) -> None:
    def command(**changed: Any) -> RegisterDelegation:
        return RegisterDelegation(**(_KE | {"members": (a_head(),)} | changed))

    refused: list[tuple[type[Refusal], RegisterDelegation]] = [
        (OverQuota, command(members=(a_head(), *[a_nominee()] * QUOTA))),
        (WishForOneself, command(wishes=(a_wish("RW"), a_wish("KE")))),
        (NotInvited, command(invitee="RW")),
        (EditionUnknown, command(edition_id="other-2022")),
        (DelegationChanged, command(expected_revision=3)),
    ]
    for refusal, one in refused:
        await desk.is_refused(refusal, register_delegation, one, mint=True)
    await desk.register()
    await desk.is_refused(AlreadyRegistered, register_delegation, command(), mint=True)


async def test_an_amendment_is_made_on_the_revision_that_was_seen(desk: RegistrationDesk) -> None:
    delegation = await desk.register()
    before = len(desk.memory.facts)
    first = delegation.members[0]
    form = (
        Nominee(member_id=first.member_id, person=first.person, function=first.function, rank=first.rank),
    )
    amend = AmendDelegation(
        **_KE, members=form, language=Language.FRENCH, reason="Budget.", expected_revision=1
    )
    amended = await desk.do(amend_delegation, amend, mint=True)
    assert (amended.language, len(amended.members), amended.revision) == (Language.FRENCH, 1, 2)
    assert desk.published_since(before) == [DelegationAmended, ContactsNamed]
    entry = desk.memory.entries[-1]
    assert (entry.why, len(entry.fields)) == ("Budget.", 6)
    await desk.is_refused(DelegationChanged, amend_delegation, amend, mint=True)


async def test_an_amendment_that_changes_nothing_is_not_remembered(desk: RegistrationDesk) -> None:
    delegation = await desk.register()
    entries, facts = desk.memory.entries, desk.memory.facts
    form = tuple(
        Nominee(member_id=one.member_id, person=one.person, function=one.function, rank=one.rank)
        for one in delegation.members
    )
    assert await desk.do(amend_delegation, AmendDelegation(**_KE, members=form), mint=True) == delegation
    assert (desk.memory.entries, desk.memory.facts) == (entries, facts)


async def test_a_member_is_replaced_accredited_and_refused(desk: RegistrationDesk) -> None:
    delegation = await desk.register()
    before = len(desk.memory.facts)
    place: dict[str, Any] = {**_KE, "member_id": delegation.members[0].member_id}
    await desk.do(replace_member, ReplaceMember(**place, successor=Person(name="John Kamau")))
    await desk.do(accredit_delegate, AccreditDelegate(**place))
    await desk.do(refuse_delegate, RefuseDelegate(**place, reason="security"))
    assert desk.published_since(before) == [DelegationAmended, DelegateAccredited, DelegateRefused]
    assert [entry.action for entry in desk.memory.entries[-3:]] == [
        Action.MEMBER_REPLACED,
        Action.DELEGATE_ACCREDITED,
        Action.DELEGATE_REFUSED,
    ]
    assert {entry.subject for entry in desk.memory.entries[-3:]} == {place["member_id"]}


async def test_wishes_are_added_and_a_withdrawal_ends_it_all(desk: RegistrationDesk) -> None:
    await desk.register()
    before = len(desk.memory.facts)
    added = await desk.do(add_wishes, AddWishes(**_KE, wishes=(a_wish("FR"), a_wish("INTERPOL"))), mint=True)
    assert len(added.wishes) == 3
    await desk.do(withdraw_delegation, WithdrawDelegation(**_KE, reason="A flood."))
    assert desk.published_since(before) == [*[BilateralRequested] * 2, DelegationWithdrawn, ContactsNamed]
    await desk.is_refused(NotRegistered, add_wishes, AddWishes(**_KE, wishes=(a_wish(),)), mint=True)


async def test_what_can_be_read_says_what_was_done(desk: RegistrationDesk) -> None:
    await desk.register()
    async with desk.memory.unit() as unit:
        assert await queries.editions(unit=unit) == [EDITION_ID]
        workspace = await queries.open_workspace(EDITION_ID, "FR", unit=unit, now=desk.clock.now())
        assert (workspace.terms.quota, workspace.delegation.state) == (QUOTA, State.DRAFT)
        assert workspace.terms.closes_at("nominate") == NOMINATE_BY_AT
        assert (await queries.delegation(EDITION_ID, "KE", unit=unit)).state is State.NOMINATED
        assert [one.invitee for one in (await queries.delegations(EDITION_ID, unit=unit)).rows] == ["KE"]
        census = await queries.census(EDITION_ID, unit=unit)
        assert census.invitations == {InvitationState.ISSUED: 2}
        assert census.delegations == {State.NOMINATED: 1}
        assert (census.members, census.wishes) == (2, 1)
        for unknown in ("RW", "XX"):
            with pytest.raises(NotInvited):
                await queries.open_workspace(EDITION_ID, unknown, unit=unit, now=desk.clock.now())
        with pytest.raises(EditionUnknown):
            await queries.census("other-2022", unit=unit)


async def test_lists_come_page_by_page_without_a_gap() -> None:
    desk = RegistrationDesk()
    await desk.invite("KE", "FR", "RW", "INTERPOL")
    async with desk.memory.unit() as unit:
        first = await queries.invitations(EDITION_ID, unit=unit, limit=3)
        assert ([one.invitee for one in first.rows], first.next_after) == (["FR", "INTERPOL", "KE"], "KE")
        second = await queries.invitations(EDITION_ID, unit=unit, limit=3, after=first.next_after)
        assert ([one.invitee for one in second.rows], second.next_after) == (["RW"], None)
        page = await queries.history(EDITION_ID, unit=unit, limit=2)
        assert page.next_after == "2"
        rest = await queries.history(EDITION_ID, unit=unit, after=2)
        assert len(rest.rows) == 2
        of_one = await queries.history(EDITION_ID, unit=unit, invitee="RW")
        assert [row.entry.invitee for row in of_one.rows] == ["RW"]


async def test_a_command_with_an_unknown_field_is_none() -> None:
    with pytest.raises(ValueError, match="extra"):
        ConfirmDelegation(**(_KE | {"reason": "there is no such field"}))


def test_the_edition_the_tests_stand_on_is_the_one_they_describe() -> None:
    assert {an_edition().quota_of(one) for one in an_edition().invitees} == {QUOTA, 0}
