"""Letters about what registration says: invitations, deadlines, delegations and the people in them."""

from collections.abc import Iterator
from datetime import datetime

from summit_contracts.fact import Fact
from summit_contracts.registration import (
    AccessCodeIssued,
    BilateralRequested,
    DeadlineExtended,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
    InvitationDeclined,
)
from summit_notifications.domain.contents import (
    Admission,
    Bilateral,
    Extension,
    Invitation,
    Regret,
    SignInCode,
    Standing,
    Withdrawal,
)
from summit_notifications.domain.draft import Audience, Letter, LetterDraft
from summit_notifications.domain.known import Known

_Statement = DelegationRegistered | DelegationConfirmed | DelegationAmended


def drafts(fact: Fact, known: Known, cause: str, at: datetime) -> Iterator[LetterDraft]:
    """The letters a fact of registration calls for; none for any other fact.

    Raises:
        NotYetKnown: the edition was not heard of yet.
    """
    match fact:
        case AccessCodeIssued():
            yield _access(fact, known, cause)
        case InvitationDeclined():
            yield LetterDraft(
                fact.edition_id, Letter.INVITATION_DECLINED, fact.invitee, Regret(reason=fact.reason), cause
            )
        case DeadlineExtended():
            extension = Extension(step=fact.step, until_at=fact.until_at, reason=fact.reason)
            yield LetterDraft(fact.edition_id, Letter.DEADLINE_EXTENDED, fact.invitee, extension, cause)
        case DelegationRegistered():
            yield _standing(Letter.DELEGATION_REGISTERED, fact, known, cause, at)
        case DelegationConfirmed():
            yield _standing(Letter.DELEGATION_CONFIRMED, fact, known, cause, at)
        case DelegationAmended():
            yield _standing(Letter.DELEGATION_AMENDED, fact, known, cause, at)
        case DelegationWithdrawn():
            withdrawal = Withdrawal(reason=fact.reason)
            yield LetterDraft(fact.edition_id, Letter.DELEGATION_WITHDRAWN, fact.invitee, withdrawal, cause)
        case DelegateAccredited() | DelegateRefused():
            yield _admission(fact, cause)
        case BilateralRequested():
            yield from _requested(fact, cause)
        case _:
            return


def _access(fact: AccessCodeIssued, known: Known, cause: str) -> LetterDraft:
    if fact.purpose == "sign_in_code":
        return LetterDraft(
            fact.edition_id,
            Letter.SIGN_IN_CODE,
            fact.invitee,
            SignInCode(secret=fact.secret, expires_at=fact.expires_at),
            cause,
            audience=Audience.BACKUP_ALONE if fact.role == "backup" else Audience.NOMINATOR_ALONE,
            void_at=fact.expires_at,
        )
    invitation = Invitation(
        quota=known.quota(fact.invitee),
        nominate_by_at=known.deadline(fact.invitee, "nominate"),
        confirm_by_at=known.deadline(fact.invitee, "confirm"),
        secret=fact.secret,
        expires_at=fact.expires_at,
    )
    return LetterDraft(
        fact.edition_id, Letter.INVITATION, fact.invitee, invitation, cause, void_at=fact.expires_at
    )


def _standing(letter: Letter, fact: _Statement, known: Known, cause: str, at: datetime) -> LetterDraft:
    wishes_by_at = known.deadline(fact.invitee, "wishes")
    standing = Standing(
        state=fact.state,
        members=fact.members,
        confirm_by_at=known.deadline(fact.invitee, "confirm"),
        wishes_by_at=wishes_by_at if at < wishes_by_at else None,
        changes=fact.changes if isinstance(fact, DelegationAmended) else (),
    )
    return LetterDraft(fact.edition_id, letter, fact.invitee, standing, cause)


def _admission(fact: DelegateAccredited | DelegateRefused, cause: str) -> LetterDraft:
    if isinstance(fact, DelegateAccredited):
        letter, admission = (
            Letter.DELEGATE_ACCREDITED,
            Admission(function=fact.function, rank=fact.rank),
        )
    else:
        letter, admission = Letter.DELEGATE_REFUSED, Admission(refusal=fact.reason)
    return LetterDraft(
        fact.edition_id,
        letter,
        fact.invitee,
        admission,
        cause,
        audience=Audience.PERSON,
        member_id=fact.member_id,
    )


def _requested(fact: BilateralRequested, cause: str) -> Iterator[LetterDraft]:
    request = Bilateral(
        bilateral_id=fact.bilateral_id,
        requester=fact.invitee,
        counterparts=fact.counterparts,
        topic=fact.topic,
        language=fact.language,
        level=fact.level,
        size=fact.size,
        days=fact.days,
        needs=fact.needs,
        by=fact.invitee,
    )
    for counterpart in fact.counterparts:
        yield LetterDraft(fact.edition_id, Letter.BILATERAL_REQUESTED, counterpart, request, cause)
