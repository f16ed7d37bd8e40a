"""An invitation: issued to an invitee, declined perhaps, issued again; it carries deadlines and lets its focal point in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from pydantic import ConfigDict

from summit_contracts.editions import Deadlines, Edition, EditionInvitee
from summit_contracts.fact import Fact
from summit_contracts.registration import (
    AccessCodeIssued,
    Contact,
    DeadlineExtended,
    EmailAddress,
    InvitationDeclined,
    InvitationIssued,
    Step,
)
from summit_contracts.values import InviteeKind, Language, ShortText, Value
from summit_registration.domain.access import CODE_LIFE, Codes, FocalRole, Link
from summit_registration.domain.errors.invitations import (
    DeadlineNotExtended,
    InvitationWasDeclined,
    LinkUnknown,
    SendsNoDelegation,
    SignInRefused,
    TooManyCodes,
)


class InvitationState(StrEnum):
    """What the invitee has made of its invitation."""

    ISSUED = "issued"
    DECLINED = "declined"


class FocalPoint(Value):
    """Who acts for an invitee, and where letters to it go. Personal."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    name: ShortText
    email: EmailAddress
    language: Language | None = None
    """None means the language of the delegation, or before there is one, of the invitation."""


class FocalPoints(Value):
    """The focal point of an invitee and a backup, if it has named one (A2)."""

    model_config = ConfigDict(extra="forbid")

    nominator: FocalPoint
    backup: FocalPoint | None = None

    def contacts(self, language: Language) -> tuple[Contact, ...]:
        """Whom letters go to; in this language where nobody chose another."""
        people = (("nominator", self.nominator), ("backup", self.backup))
        return tuple(
            Contact.model_validate(
                {"role": role, "name": one.name, "email": one.email, "language": one.language or language}
            )
            for role, one in people
            if one is not None
        )


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one step, and who answers for it (A17)."""

    until_at: datetime
    granted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody showed link and code, and may act for this invitee from now on."""

    edition_id: str
    invitee: str
    role: FocalRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One per invitee and edition."""

    edition_id: str
    invitee: str
    kind: InviteeKind
    language: Language
    state: InvitationState
    focal: FocalPoints
    link: Link
    extensions: Mapping[Step, Extension] = field(default_factory=lambda: MappingProxyType({}))
    codes: Codes = field(default_factory=Codes)
    revision: int = 1

    @classmethod
    def issue(
        cls, edition: Edition, invitee: EditionInvitee, focal: FocalPoints, *, link: str, now: datetime
    ) -> tuple["Invitation", tuple[Fact, ...]]:
        """A first invitation, with a link whose secret leaves in a personal fact only.

        Raises:
            SendsNoDelegation: the invitee is a principal.
        """
        if invitee.kind is InviteeKind.PRINCIPAL:
            raise SendsNoDelegation(invitee.code)
        invitation = cls(
            edition_id=edition.edition_id,
            invitee=invitee.code,
            kind=invitee.kind,
            language=invitee.language,
            state=InvitationState.ISSUED,
            focal=focal,
            link=Link.of(link, now=now),
        )
        return invitation, (_issued(invitation, edition), _sent(invitation, link))

    def renew(
        self, edition: Edition, focal: FocalPoints, *, link: str, now: datetime
    ) -> tuple["Invitation", tuple[Fact, ...]]:
        """The invitation with a new link and these focal points; the old link and every code are void.

        Who had declined is invited again, and that is public; who had not, only gets the link.
        """
        row = edition.invitee(self.invitee)
        renewed = replace(
            self,
            language=row.language if row else self.language,
            state=InvitationState.ISSUED,
            focal=focal,
            link=Link.of(link, now=now),
            codes=Codes(asked_at=self.codes.asked_at),
            revision=self.revision + 1,
        )
        sent = _sent(renewed, link)
        return renewed, (sent,) if self.state is InvitationState.ISSUED else (_issued(renewed, edition), sent)

    def decline(self, reason: str | None) -> tuple["Invitation", tuple[Fact, ...]]:
        """The invitee sends nobody; nothing happens where it said so before."""
        if self.state is InvitationState.DECLINED:
            return self, ()
        fact = InvitationDeclined(edition_id=self.edition_id, invitee=self.invitee, reason=reason)
        return replace(self, state=InvitationState.DECLINED, revision=self.revision + 1), (fact,)

    def deadline(self, step: Step, deadlines: Deadlines) -> datetime:
        """Until when this invitee may take the step."""
        own = self.extensions.get(step)
        held: datetime = getattr(deadlines, f"{step}_by_at")
        return max(held, own.until_at) if own else held

    def extend(
        self, step: Step, extension: Extension, *, deadlines: Deadlines, now: datetime
    ) -> tuple["Invitation", tuple[Fact, ...]]:
        """More time for one step.

        Raises:
            InvitationWasDeclined: the invitee sends nobody.
            DeadlineNotExtended: it is no more time than there was, or none that is left.
        """
        if self.state is InvitationState.DECLINED:
            raise InvitationWasDeclined(self.invitee)
        holds_until_at = self.deadline(step, deadlines)
        if extension.until_at <= max(holds_until_at, now):
            raise DeadlineNotExtended(extension.until_at, holds_until_at)
        fact = DeadlineExtended(
            edition_id=self.edition_id,
            invitee=self.invitee,
            step=step,
            until_at=extension.until_at,
            granted_by=extension.granted_by,
            reason=extension.reason,
        )
        extensions = MappingProxyType({**self.extensions, step: extension})
        return replace(self, extensions=extensions, revision=self.revision + 1), (fact,)

    def request_code(
        self, role: FocalRole, *, link: str, code: str, now: datetime
    ) -> tuple["Invitation", tuple[Fact, ...]]:
        """A new code is on its way to the address on record; the one before is void.

        Raises:
            LinkUnknown: the link is not this invitation's, has run out, or nobody is on record for the role.
            TooManyCodes: too many were asked for within an hour.
        """
        if not self.link.opens_with(link, now=now) or (
            role is FocalRole.BACKUP and self.focal.backup is None
        ):
            raise LinkUnknown
        if (again_at := self.codes.may_ask_at(now)) > now:
            raise TooManyCodes(again_at)
        fact = AccessCodeIssued(
            edition_id=self.edition_id,
            invitee=self.invitee,
            purpose="sign_in_code",
            secret=code,
            expires_at=now + CODE_LIFE,
            role=role.value,
        )
        return replace(self, codes=self.codes.with_new(code, role, link=link, now=now)), (fact,)

    def sign_in(
        self, *, link: str, code: str, now: datetime
    ) -> tuple["Invitation", SignedIn | SignInRefused]:
        """Whether link and code let somebody in, and what is left of the code.

        The refusal is returned, not raised: what the attempt cost has to be kept, or there would be attempts without end.
        """
        if not self.link.opens_with(link, now=now):
            return self, SignInRefused()
        codes, role = self.codes.tried(code, link=link, now=now)
        outcome = SignedIn(self.edition_id, self.invitee, role) if role else SignInRefused()
        return replace(self, codes=codes), outcome


def _issued(invitation: Invitation, edition: Edition) -> InvitationIssued:
    row = EditionInvitee(code=invitation.invitee, kind=invitation.kind, language=invitation.language)
    return InvitationIssued(
        edition_id=invitation.edition_id,
        invitee=invitation.invitee,
        kind=invitation.kind,
        language=invitation.language,
        quota=edition.quota_of(row),
        nominate_by_at=invitation.deadline("nominate", edition.deadlines),
        confirm_by_at=invitation.deadline("confirm", edition.deadlines),
    )


def _sent(invitation: Invitation, link: str) -> AccessCodeIssued:
    return AccessCodeIssued(
        edition_id=invitation.edition_id,
        invitee=invitation.invitee,
        purpose="invitation_link",
        secret=link,
        expires_at=invitation.link.expires_at,
    )
