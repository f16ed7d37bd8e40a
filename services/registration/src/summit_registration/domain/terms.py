"""On what terms an invitee takes part: its edition and its invitation taken together."""

from dataclasses import dataclass
from datetime import datetime

from summit_contracts.editions import Edition
from summit_contracts.registration import Step
from summit_contracts.values import Language
from summit_registration.domain.errors.delegations import LanguageNotOffered
from summit_registration.domain.errors.invitations import InvitationWasDeclined, RegistrationClosed
from summit_registration.domain.invitation import Invitation, InvitationState


@dataclass(frozen=True, slots=True)
class Terms:
    """What one invitee may do in one edition at one moment."""

    edition: Edition
    invitation: Invitation
    now: datetime
    withdrawn: frozenset[str] = frozenset()
    """Of those whom it would like to meet, who has withdrawn."""

    @property
    def quota(self) -> int:
        """How many people it may send, head included; 0 where the edition no longer invites it."""
        row = self.edition.invitee(self.invitation.invitee)
        return self.edition.quota_of(row) if row else 0

    def closes_at(self, step: Step) -> datetime:
        """The moment until which the step may be taken: the edition's deadline, or the invitee's own extension."""
        return self.invitation.deadline(step, self.edition.deadlines)

    def check_open(self, step: Step) -> None:
        """Nothing, where the step may still be taken.

        Raises:
            InvitationWasDeclined: the invitee has declined.
            RegistrationClosed: its deadline for the step has passed.
        """
        if self.invitation.state is InvitationState.DECLINED:
            raise InvitationWasDeclined(self.invitation.invitee)
        closes_at = self.closes_at(step)
        if self.now > closes_at:
            raise RegistrationClosed(step, closes_at)

    def check_language(self, language: Language | None) -> None:
        """Nothing, where letters of this edition are written in the language, or where nobody chose one.

        Raises:
            LanguageNotOffered: they are not.
        """
        if language is not None and language not in self.edition.languages:
            raise LanguageNotOffered(language, self.edition.languages)
