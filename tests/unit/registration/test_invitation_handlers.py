"""Editions, invitations and sign-in from the command to what is kept, published and remembered."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from summit_contracts.errors import EditionUnknown
from summit_contracts.registration import (
    AccessCodeIssued,
    ContactsNamed,
    DeadlineExtended,
    EditionPublished,
    InvitationDeclined,
    InvitationIssued,
)
from summit_registration.domain.access import CODE_ATTEMPTS, FocalRole
from summit_registration.domain.errors.editions import EditionFileInvalid, InviteesLeftOut
from summit_registration.domain.errors.invitations import (
    DeadlineNotExtended,
    DelegationStands,
    InviteeUnknown,
    LinkUnknown,
    RegistrationClosed,
    SendsNoDelegation,
    SignInRefused,
)
from summit_registration.domain.history import Action
from summit_registration.domain.invitation import InvitationState, SignedIn
from summit_registration.handlers.apply_edition import ApplyEdition, apply_edition
from summit_registration.handlers.decline_invitation import DeclineInvitation, decline_invitation
from summit_registration.handlers.extend_deadline import ExtendDeadline, extend_deadline
from summit_registration.handlers.issue_invitations import Addressee, IssueInvitations, issue_invitations
from summit_registration.handlers.register_delegation import RegisterDelegation, register_delegation
from summit_registration.handlers.request_sign_in_code import RequestSignInCode, request_sign_in_code
from summit_registration.handlers.sign_in import SignIn, sign_in
from summit_testkit.builders.registration import (
    EDITION_ID,
    NOMINATE_BY_AT,
    RegistrationDesk,
    a_head,
    focal_points,
)

_UNCOPS_2022 = (Path(__file__).parents[3] / "deploy" / "editions" / "uncops-2022.toml").read_text("utf-8")
_KE: dict[str, Any] = {"by": "KE/nominator", "edition_id": EDITION_ID, "invitee": "KE"}
_DAY = timedelta(days=1)


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
    refusal = await desk.is_refused(EditionFileInvalid, apply_edition, command)
    assert "minute" in refusal.detail


async def test_an_edition_keeps_everybody_who_holds_an_invitation() -> None:
    desk = RegistrationDesk()
    await desk.do(apply_edition, ApplyEdition(by="secretariat", text=_UNCOPS_2022))
    addressee = Addressee(invitee="INTERPOL", focal=focal_points("INTERPOL"))
    invite = IssueInvitations(by="secretariat", edition_id="uncops-2022", addressees=(addressee,))
    await desk.do(issue_invitations, invite, mint=True)
    without = ApplyEdition(by="secretariat", text=_UNCOPS_2022.replace('  "INTERPOL", ', "  "))
    refusal = await desk.is_refused(InviteesLeftOut, apply_edition, without)
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
    assert desk.published_since(before) == [ContactsNamed, InvitationIssued, AccessCodeIssued] * 2
    assert (await desk.do(issue_invitations, command, mint=True)).left_alone == ["FR", "INTERPOL", "RW"]


async def test_a_renewal_hands_the_invitation_over(desk: RegistrationDesk) -> None:
    await desk.register()
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

    await desk.is_refused(SendsNoDelegation, issue_invitations, command("UN-POLAD"), mint=True)
    await desk.is_refused(EditionUnknown, issue_invitations, command("RW", "other-2022"), mint=True)
    refusal = await desk.is_refused(InviteeUnknown, issue_invitations, command("INTERPOOL"), mint=True)
    assert "'INTERPOL'" in refusal.remedy


async def test_an_invitation_is_declined_once(desk: RegistrationDesk) -> None:
    before = len(desk.memory.facts)
    invitation = await desk.do(decline_invitation, DeclineInvitation(**_KE, reason="Elections."))
    assert invitation.state is InvitationState.DECLINED
    await desk.do(decline_invitation, DeclineInvitation(**_KE))
    assert desk.published_since(before) == [InvitationDeclined]
    assert desk.memory.entries[-1].why == "Elections."


async def test_who_is_registered_withdraws_and_does_not_decline(desk: RegistrationDesk) -> None:
    await desk.register()
    await desk.is_refused(DelegationStands, decline_invitation, DeclineInvitation(**_KE))


async def test_a_deadline_is_extended_by_somebody_who_answers_for_it(desk: RegistrationDesk) -> None:
    desk.clock.set(NOMINATE_BY_AT + _DAY)
    register = RegisterDelegation(**_KE, members=(a_head(),))
    await desk.is_refused(RegistrationClosed, register_delegation, register, mint=True)
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
    await desk.is_refused(DeadlineNotExtended, extend_deadline, shorter)
    for_another = RegisterDelegation(**(_KE | {"invitee": "FR"}), members=(a_head(),))
    await desk.is_refused(RegistrationClosed, register_delegation, for_another, mint=True)


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
    await desk.is_refused(LinkUnknown, request_sign_in_code, unknown, mint=True)
    assert isinstance(await desk.do(sign_in, SignIn(link="no-such-link", code="12345678")), SignInRefused)
