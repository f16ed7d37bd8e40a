"""An invitation is issued, declined, issued again; it carries deadlines and lets its focal point in."""

from datetime import UTC, datetime, timedelta

import pytest

from summit_contracts.registration import (
    AccessCodeIssued,
    DeadlineExtended,
    InvitationDeclined,
    InvitationIssued,
)
from summit_contracts.values import Language
from summit_registration.domain.access import CODES_PER_HOUR, FocalRole
from summit_registration.domain.errors.invitations import (
    DeadlineNotExtended,
    InvitationWasDeclined,
    LinkUnknown,
    SendsNoDelegation,
    SignInRefused,
    TooManyCodes,
)
from summit_registration.domain.invitation import Extension, Invitation, InvitationState, SignedIn
from summit_testkit.builders.registration import (
    CONFIRM_BY_AT,
    EDITION_ID,
    NOMINATE_BY_AT,
    QUOTA,
    an_edition,
    focal_points,
)

_NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
_DAY = timedelta(days=1)
_LINK, _OTHER_LINK = "the-secret-of-the-link", "another-secret-of-a-link"
_EDITION = an_edition()


def _issued(code: str = "KE", *, with_backup: bool = False) -> Invitation:
    row = _EDITION.invitee(code)
    assert row is not None
    focal = focal_points(code, with_backup=with_backup)
    return Invitation.issue(_EDITION, row, focal, link=_LINK, now=_NOW)[0]


def test_an_invitation_says_publicly_who_is_invited_and_privately_how_to_get_in() -> None:
    row = _EDITION.invitee("FR")
    assert row is not None
    _, facts = Invitation.issue(_EDITION, row, focal_points("FR"), link=_LINK, now=_NOW)
    assert facts == (
        InvitationIssued(
            edition_id=EDITION_ID,
            invitee="FR",
            kind=row.kind,
            language=Language.FRENCH,
            quota=QUOTA,
            nominate_by_at=NOMINATE_BY_AT,
            confirm_by_at=CONFIRM_BY_AT,
        ),
        AccessCodeIssued(
            edition_id=EDITION_ID,
            invitee="FR",
            purpose="invitation_link",
            secret=_LINK,
            expires_at=_NOW + timedelta(days=365),
        ),
    )


def test_a_principal_is_not_invited() -> None:
    row = _EDITION.invitee("UN-POLAD")
    assert row is not None
    with pytest.raises(SendsNoDelegation):
        Invitation.issue(_EDITION, row, focal_points(), link=_LINK, now=_NOW)


def test_a_renewed_link_voids_the_old_one_and_its_codes() -> None:
    asked, _ = _issued().request_code(FocalRole.NOMINATOR, link=_LINK, code="12345678", now=_NOW)
    renewed, facts = asked.renew(_EDITION, focal_points(), link=_OTHER_LINK, now=_NOW)
    assert [type(fact) for fact in facts] == [AccessCodeIssued], "an invitation is public once"
    assert isinstance(renewed.sign_in(link=_LINK, code="12345678", now=_NOW)[1], SignInRefused)
    assert isinstance(renewed.sign_in(link=_OTHER_LINK, code="12345678", now=_NOW)[1], SignInRefused)
    with pytest.raises(LinkUnknown):
        renewed.request_code(FocalRole.NOMINATOR, link=_LINK, code="12345678", now=_NOW)


def test_who_declined_is_publicly_invited_again() -> None:
    declined, facts = _issued().decline("Elections at home.")
    assert facts == (InvitationDeclined(edition_id=EDITION_ID, invitee="KE", reason="Elections at home."),)
    assert declined.decline(None) == (declined, ()), "declining twice is declining once"
    again, facts = declined.renew(_EDITION, focal_points(), link=_OTHER_LINK, now=_NOW)
    assert [type(fact) for fact in facts] == [InvitationIssued, AccessCodeIssued]
    assert again.state is InvitationState.ISSUED


def test_an_extension_holds_for_its_step_alone_and_names_its_author() -> None:
    until_at = NOMINATE_BY_AT + _DAY
    extended, facts = _issued().extend(
        "nominate",
        Extension(until_at, "secretariat-03", "Late note verbale."),
        deadlines=_EDITION.deadlines,
        now=_NOW,
    )
    assert facts == (
        DeadlineExtended(
            edition_id=EDITION_ID,
            invitee="KE",
            step="nominate",
            until_at=until_at,
            granted_by="secretariat-03",
            reason="Late note verbale.",
        ),
    )
    assert extended.deadline("nominate", _EDITION.deadlines) == until_at
    assert extended.deadline("confirm", _EDITION.deadlines) == CONFIRM_BY_AT


@pytest.mark.parametrize(
    ("until_at", "now"),
    [
        (NOMINATE_BY_AT, _NOW),
        (NOMINATE_BY_AT - _DAY, _NOW),
        (NOMINATE_BY_AT + _DAY, NOMINATE_BY_AT + 2 * _DAY),
    ],
    ids=["no later", "earlier", "past"],
)
def test_what_gives_no_more_time_is_no_extension(until_at: datetime, now: datetime) -> None:
    extension = Extension(until_at, "secretariat-03", "A reason.")
    with pytest.raises(DeadlineNotExtended):
        _issued().extend("nominate", extension, deadlines=_EDITION.deadlines, now=now)


def test_who_declined_gets_no_more_time() -> None:
    declined, _ = _issued().decline(None)
    extension = Extension(NOMINATE_BY_AT + _DAY, "secretariat-03", "A reason.")
    with pytest.raises(InvitationWasDeclined):
        declined.extend("nominate", extension, deadlines=_EDITION.deadlines, now=_NOW)


def test_link_and_code_together_let_in_for_the_one_invitee() -> None:
    asked, facts = _issued(with_backup=True).request_code(
        FocalRole.BACKUP, link=_LINK, code="12345678", now=_NOW
    )
    assert facts == (
        AccessCodeIssued(
            edition_id=EDITION_ID,
            invitee="KE",
            purpose="sign_in_code",
            secret="12345678",
            expires_at=_NOW + timedelta(minutes=10),
            role="backup",
        ),
    )
    _, outcome = asked.sign_in(link=_LINK, code="12345678", now=_NOW)
    assert outcome == SignedIn(EDITION_ID, "KE", FocalRole.BACKUP)


def test_a_link_without_a_code_does_not_let_in() -> None:
    _, outcome = _issued().sign_in(link=_LINK, code="12345678", now=_NOW)
    assert isinstance(outcome, SignInRefused)


def test_no_code_goes_to_a_backup_that_nobody_named() -> None:
    with pytest.raises(LinkUnknown):
        _issued().request_code(FocalRole.BACKUP, link=_LINK, code="12345678", now=_NOW)


def test_a_wrong_code_costs_an_attempt_of_the_invitation() -> None:
    asked, _ = _issued().request_code(FocalRole.NOMINATOR, link=_LINK, code="12345678", now=_NOW)
    tried, outcome = asked.sign_in(link=_LINK, code="87654321", now=_NOW)
    assert isinstance(outcome, SignInRefused)
    assert tried != asked


def test_whoever_asks_too_often_is_told_when_to_come_back() -> None:
    invitation = _issued()
    for _ in range(CODES_PER_HOUR):
        invitation, _facts = invitation.request_code(
            FocalRole.NOMINATOR, link=_LINK, code="12345678", now=_NOW
        )
    with pytest.raises(TooManyCodes) as refused:
        invitation.request_code(FocalRole.NOMINATOR, link=_LINK, code="12345678", now=_NOW)
    assert "10:00 UTC" in refused.value.remedy


def test_nothing_that_is_kept_shows_the_link_or_the_code() -> None:
    asked, _ = _issued().request_code(FocalRole.NOMINATOR, link=_LINK, code="12345678", now=_NOW)
    assert _LINK not in repr(asked)
    assert "12345678" not in repr(asked)
