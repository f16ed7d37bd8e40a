"""Each use case from its command to what is kept, published and remembered; refused, it leaves nothing behind."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from summit_contracts.errors import Refusal
from summit_contracts.registration import (
    AccessCodeIssued,
    BilateralRequested,
    ContactsNamed,
    DeadlineExtended,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationRegistered,
    DelegationWithdrawn,
    EditionPublished,
    InvitationDeclined,
    InvitationIssued,
)
from summit_contracts.values import Language
from summit_registration.domain.access import CODE_ATTEMPTS, FocalRole
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.draft import Draft, DraftPerson
from summit_registration.domain.errors.delegations import (
    AlreadyRegistered,
    DelegationChanged,
    DelegationUnknown,
    NotRegistered,
    OverQuota,
)
from summit_registration.domain.errors.editions import EditionFileInvalid, EditionUnknown, InviteesLeftOut
from summit_registration.domain.errors.invitations import (
    DeadlineNotExtended,
    DelegationStands,
    InviteeUnknown,
    LinkUnknown,
    NotInvited,
    RegistrationClosed,
    SendsNoDelegation,
    SignInRefused,
)
from summit_registration.domain.errors.wishes import WishForOneself
from summit_registration.domain.history import Action
from summit_registration.domain.invitation import InvitationState, SignedIn
from summit_registration.domain.people import Nominee, Person
from summit_registration.handlers import queries
from summit_registration.handlers.accredit_delegate import AccreditDelegate, accredit_delegate
from summit_registration.handlers.add_wishes import AddWishes, add_wishes
from summit_registration.handlers.amend_delegation import AmendDelegation, amend_delegation
from summit_registration.handlers.apply_edition import ApplyEdition, apply_edition
from summit_registration.handlers.confirm_delegation import ConfirmDelegation, confirm_delegation
from summit_registration.handlers.decline_invitation import DeclineInvitation, decline_invitation
from summit_registration.handlers.extend_deadline import ExtendDeadline, extend_deadline
from summit_registration.handlers.issue_invitations import Addressee, IssueInvitations, issue_invitations
from summit_registration.handlers.refuse_delegate import RefuseDelegate, refuse_delegate
from summit_registration.handlers.register_delegation import RegisterDelegation, register_delegation
from summit_registration.handlers.replace_member import ReplaceMember, replace_member
from summit_registration.handlers.request_sign_in_code import RequestSignInCode, request_sign_in_code
from summit_registration.handlers.save_draft import SaveDraft, save_draft
from summit_registration.handlers.sign_in import SignIn, sign_in
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
    focal_points,
)

_UNCOPS_2022 = (Path(__file__).parents[3] / "deploy" / "editions" / "uncops-2022.toml").read_text("utf-8")
_KE: dict[str, Any] = {"by": "KE/nominator", "edition_id": EDITION_ID, "invitee": "KE"}
_DAY = timedelta(days=1)


@pytest.fixture
async def desk() -> RegistrationDesk:
    """A small summit to which KE and FR are invited."""
    desk = RegistrationDesk()
    await desk.invite("KE", "FR")
    return desk


async def _registered(desk: RegistrationDesk, **changed: Any) -> Delegation:
    fields = {"members": (a_head(), a_nominee(email="amina@police.example")), "wishes": (a_wish("RW"),)}
    command = RegisterDelegation(**_KE, **(fields | changed))
    delegation: Delegation = await desk.do(register_delegation, command, mint=True)
    return delegation


def _published(desk: RegistrationDesk, since: int) -> list[type]:
    return [type(fact) for fact in desk.facts_since(since)]


async def _is_refused(
    desk: RegistrationDesk, refusal: type[Refusal], handler: Any, command: Any, *, mint: bool = False
) -> Refusal:
    """The refusal, once it is sure that nothing was kept, published or remembered."""
    before = desk.memory.kept
    with pytest.raises(refusal) as refused:
        await desk.do(handler, command, mint=mint)
    assert desk.memory.kept == before
    return refused.value


async def test_an_edition_is_published_once_per_change() -> None:
    desk = RegistrationDesk()
    command = ApplyEdition(by="secretariat", text=_UNCOPS_2022)
    first = await desk.do(apply_edition, command)
    assert (first.published.revision, first.is_changed) == (1, True)
    again = await desk.do(apply_edition, command)
    assert (again.published.revision, again.is_changed) == (1, False)
    changed = ApplyEdition(by="secretariat", text=_UNCOPS_2022.replace("minutes = 20", "minutes = 25"))
    assert (await desk.do(apply_edition, changed)).published.revision == 2
    assert [fact.revision for fact in desk.memory.facts if isinstance(fact, EditionPublished)] == [1, 2]
    assert [entry.action for entry in desk.memory.entries] == [Action.EDITION_PUBLISHED] * 2


async def test_a_broken_edition_file_changes_nothing() -> None:
    desk = RegistrationDesk()
    command = ApplyEdition(by="secretariat", text=_UNCOPS_2022.replace("minutes = 20", "minute = 20"))
    refusal = await _is_refused(desk, EditionFileInvalid, apply_edition, command)
    assert "minute" in refusal.detail


async def test_an_edition_keeps_everybody_who_holds_an_invitation() -> None:
    desk = RegistrationDesk()
    await desk.do(apply_edition, ApplyEdition(by="secretariat", text=_UNCOPS_2022))
    addressee = Addressee(invitee="INTERPOL", focal=focal_points("INTERPOL"))
    invite = IssueInvitations(by="secretariat", edition_id="uncops-2022", addressees=(addressee,))
    await desk.do(issue_invitations, invite, mint=True)
    without = ApplyEdition(by="secretariat", text=_UNCOPS_2022.replace('  "INTERPOL", ', "  "))
    refusal = await _is_refused(desk, InviteesLeftOut, apply_edition, without)
    assert refusal.details == {"invitees": ["INTERPOL"]}
    declined = DeclineInvitation(by="secretariat", edition_id="uncops-2022", invitee="INTERPOL")
    await desk.do(decline_invitation, declined)
    assert (await desk.do(apply_edition, without)).is_changed, "who declined may be left out"


async def test_everybody_is_invited_in_one_go_and_only_once(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    addressees = tuple(Addressee(invitee=code, focal=focal_points(code)) for code in ("FR", "INTERPOL", "RW"))
    command = IssueInvitations(by="secretariat", edition_id=EDITION_ID, addressees=addressees)
    outcome = await desk.do(issue_invitations, command, mint=True)
    assert (outcome.issued, outcome.renewed, outcome.left_alone) == (["INTERPOL", "RW"], [], ["FR"])
    assert _published(desk, before) == [ContactsNamed, InvitationIssued, AccessCodeIssued] * 2
    assert (await desk.do(issue_invitations, command, mint=True)).left_alone == ["FR", "INTERPOL", "RW"]


async def test_a_renewal_hands_the_invitation_over(desk: RegistrationDesk) -> None:
    await _registered(desk)
    before = len(desk.memory.facts)
    command = IssueInvitations(
        by="secretariat",
        edition_id=EDITION_ID,
        addressees=(Addressee(invitee="KE", focal=focal_points("RW", with_backup=True)),),
        is_renewal=True,
    )
    assert (await desk.do(issue_invitations, command, mint=True)).renewed == ["KE"]
    contacts, code = desk.facts_since(before)
    assert isinstance(contacts, ContactsNamed)
    assert [one.role for one in contacts.contacts] == ["nominator", "backup", "member"], "members are kept"
    assert isinstance(code, AccessCodeIssued)


async def test_nobody_is_invited_where_one_cannot_be(desk: RegistrationDesk) -> None:
    def command(code: str, edition_id: str = EDITION_ID) -> IssueInvitations:
        addressees = tuple(Addressee(invitee=one, focal=focal_points(one)) for one in ("RW", code))
        return IssueInvitations(by="secretariat", edition_id=edition_id, addressees=addressees)

    await _is_refused(desk, SendsNoDelegation, issue_invitations, command("UN-POLAD"), mint=True)
    await _is_refused(desk, EditionUnknown, issue_invitations, command("RW", "other-2022"), mint=True)
    refusal = await _is_refused(desk, InviteeUnknown, issue_invitations, command("INTERPOOL"), mint=True)
    assert "'INTERPOL'" in refusal.remedy


async def test_an_invitation_is_declined_once(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    invitation = await desk.do(decline_invitation, DeclineInvitation(**_KE, reason="Elections."))
    assert invitation.state is InvitationState.DECLINED
    await desk.do(decline_invitation, DeclineInvitation(**_KE))
    assert _published(desk, before) == [InvitationDeclined]
    assert desk.memory.entries[-1].why == "Elections."


async def test_who_is_registered_withdraws_and_does_not_decline(desk: RegistrationDesk) -> None:
    await _registered(desk)
    await _is_refused(desk, DelegationStands, decline_invitation, DeclineInvitation(**_KE))


async def test_a_deadline_is_extended_by_somebody_who_answers_for_it(desk: RegistrationDesk) -> None:
    desk.clock.set(NOMINATE_BY_AT + _DAY)
    register = RegisterDelegation(**_KE, members=(a_head(),))
    await _is_refused(desk, RegistrationClosed, register_delegation, register, mint=True)
    extend: dict[str, Any] = {
        **_KE,
        "by": "secretariat-03",
        "step": "nominate",
        "reason": "Late note verbale.",
    }
    await desk.do(extend_deadline, ExtendDeadline(**extend, until_at=NOMINATE_BY_AT + 2 * _DAY))
    fact = desk.memory.facts[-1]
    assert isinstance(fact, DeadlineExtended)
    assert fact.granted_by == "secretariat-03"
    assert (desk.memory.entries[-1].by, desk.memory.entries[-1].subject) == ("secretariat-03", "nominate")
    assert await desk.do(register_delegation, register, mint=True)
    shorter = ExtendDeadline(**extend, until_at=NOMINATE_BY_AT + _DAY)
    await _is_refused(desk, DeadlineNotExtended, extend_deadline, shorter)
    for_another = RegisterDelegation(**(_KE | {"invitee": "FR"}), members=(a_head(),))
    await _is_refused(desk, RegistrationClosed, register_delegation, for_another, mint=True)


async def test_a_draft_is_saved_again_and_again_and_nobody_hears_of_it(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    draft = Draft(members=(DraftPerson(name="Gra"),))
    saved = await desk.do(save_draft, SaveDraft(**_KE, draft=draft, expected_revision=0))
    assert (saved.draft, saved.revision) == (draft, 1)
    await desk.do(save_draft, SaveDraft(**_KE, draft=Draft(), expected_revision=1))
    stale = SaveDraft(**_KE, draft=draft, expected_revision=1)
    await _is_refused(desk, DelegationChanged, save_draft, stale)
    assert _published(desk, before) == []
    async with desk.memory.unit() as unit:
        with pytest.raises(DelegationUnknown):
            await queries.delegation(EDITION_ID, "KE", unit=unit)


async def test_a_registration_is_kept_published_and_remembered_together(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    delegation = await _registered(desk)
    assert delegation == await desk.delegation()
    assert _published(desk, before) == [DelegationRegistered, BilateralRequested, ContactsNamed]
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
        await _is_refused(desk, refusal, register_delegation, one, mint=True)
    await _registered(desk)
    await _is_refused(desk, AlreadyRegistered, register_delegation, command(), mint=True)


async def test_an_amendment_is_made_on_the_revision_that_was_seen(desk: RegistrationDesk) -> None:
    delegation = await _registered(desk)
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
    assert _published(desk, before) == [DelegationAmended, ContactsNamed]
    entry = desk.memory.entries[-1]
    assert (entry.why, len(entry.fields)) == ("Budget.", 6)
    await _is_refused(desk, DelegationChanged, amend_delegation, amend, mint=True)


async def test_an_amendment_that_changes_nothing_is_not_remembered(desk: RegistrationDesk) -> None:
    delegation = await _registered(desk)
    entries, facts = desk.memory.entries, desk.memory.facts
    form = tuple(
        Nominee(member_id=one.member_id, person=one.person, function=one.function, rank=one.rank)
        for one in delegation.members
    )
    assert await desk.do(amend_delegation, AmendDelegation(**_KE, members=form), mint=True) == delegation
    assert (desk.memory.entries, desk.memory.facts) == (entries, facts)


async def test_a_member_is_replaced_accredited_and_refused(desk: RegistrationDesk) -> None:
    delegation = await _registered(desk)
    before = len(desk.memory.facts)
    place: dict[str, Any] = {**_KE, "member_id": delegation.members[0].member_id}
    await desk.do(replace_member, ReplaceMember(**place, successor=Person(name="John Kamau")))
    await desk.do(accredit_delegate, AccreditDelegate(**place))
    await desk.do(refuse_delegate, RefuseDelegate(**place, reason="security"))
    assert _published(desk, before) == [DelegationAmended, DelegateAccredited, DelegateRefused]
    assert [entry.action for entry in desk.memory.entries[-3:]] == [
        Action.MEMBER_REPLACED,
        Action.DELEGATE_ACCREDITED,
        Action.DELEGATE_REFUSED,
    ]
    assert {entry.subject for entry in desk.memory.entries[-3:]} == {place["member_id"]}


async def test_wishes_are_added_and_a_withdrawal_ends_it_all(desk: RegistrationDesk) -> None:
    await _registered(desk)
    before = len(desk.memory.facts)
    added = await desk.do(add_wishes, AddWishes(**_KE, wishes=(a_wish("FR"), a_wish("INTERPOL"))), mint=True)
    assert len(added.wishes) == 3
    await desk.do(withdraw_delegation, WithdrawDelegation(**_KE, reason="A flood."))
    assert _published(desk, before) == [*[BilateralRequested] * 2, DelegationWithdrawn, ContactsNamed]
    await _is_refused(desk, NotRegistered, add_wishes, AddWishes(**_KE, wishes=(a_wish(),)), mint=True)


def _secret(desk: RegistrationDesk) -> str:
    fact = desk.memory.facts[-1]
    assert isinstance(fact, AccessCodeIssued)
    return fact.secret


async def test_a_focal_point_signs_in_with_link_and_code() -> None:
    desk = RegistrationDesk()
    await desk.invite("KE", with_backup=True)
    link = _secret(desk)
    await desk.do(request_sign_in_code, RequestSignInCode(link=link, role=FocalRole.BACKUP), mint=True)
    code = _secret(desk)
    assert await desk.do(sign_in, SignIn(link=link, code=code)) == SignedIn(
        EDITION_ID, "KE", FocalRole.BACKUP
    )
    assert isinstance(await desk.do(sign_in, SignIn(link=link, code=code)), SignInRefused), (
        "a code works once"
    )
    assert [(entry.action, entry.by) for entry in desk.memory.entries[-3:]] == [
        (Action.SIGN_IN_CODE_REQUESTED, "KE/link"),
        (Action.SIGNED_IN, "KE/backup"),
        (Action.SIGN_IN_REFUSED, "KE/link"),
    ]


async def test_wrong_codes_are_counted_even_though_they_are_refused() -> None:
    desk = RegistrationDesk()
    await desk.invite("KE")
    link = _secret(desk)
    await desk.do(request_sign_in_code, RequestSignInCode(link=link), mint=True)
    code = _secret(desk)
    for _ in range(CODE_ATTEMPTS):
        assert isinstance(await desk.do(sign_in, SignIn(link=link, code="99999999")), SignInRefused)
    assert isinstance(await desk.do(sign_in, SignIn(link=link, code=code)), SignInRefused)


async def test_an_unknown_link_opens_nothing(desk: RegistrationDesk) -> None:
    unknown = RequestSignInCode(link="no-such-link")
    await _is_refused(desk, LinkUnknown, request_sign_in_code, unknown, mint=True)
    assert isinstance(await desk.do(sign_in, SignIn(link="no-such-link", code="12345678")), SignInRefused)


async def test_what_can_be_read_says_what_was_done(desk: RegistrationDesk) -> None:
    await _registered(desk)
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
