"""What notifications has heard already and needs to write a letter; the store loads it, the domain only reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from summit_contracts.editions import Edition
from summit_contracts.registration import Contact, InvitationIssued, Step
from summit_contracts.values import InviteeKind
from summit_notifications.domain.calendar import CalendarEntry


class NotYetKnown(Exception):
    """A fact came before one it rests on, from another stream. It passes: the other one is on its way."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything heard about one edition that letters rest on."""

    edition: Edition | None = None
    invitations: Mapping[str, InvitationIssued] = field(default_factory=dict)
    """By invitee, the last one."""
    extensions: Mapping[tuple[str, Step], datetime] = field(default_factory=dict)
    """By invitee and step, the last one."""
    calendar: Mapping[str, CalendarEntry] = field(default_factory=dict)
    """By bilateral, as calendars have it before the fact at hand."""

    @property
    def published(self) -> Edition:
        """The edition.

        Raises:
            NotYetKnown: it was not heard of yet.
        """
        if self.edition is None:
            raise NotYetKnown("EditionPublished")
        return self.edition

    def is_written_to(self, invitee: str) -> bool:
        """Whether letters go there: principals have no focal point, the secretariat answers for them at its own desk.

        Raises:
            NotYetKnown: the edition was not heard of yet.
        """
        line = self.published.invitee(invitee)
        return line is None or line.kind is not InviteeKind.PRINCIPAL

    def deadline(self, invitee: str, step: Step) -> datetime:
        """Until when this invitee may take this step: its own extension, its invitation, or the edition's deadline.

        Raises:
            NotYetKnown: the edition was not heard of yet.
        """
        if (extended := self.extensions.get((invitee, step))) is not None:
            return extended
        deadlines = self.published.deadlines
        if step == "wishes":
            return deadlines.wishes_by_at
        invitation = self.invitations.get(invitee)
        if step == "nominate":
            return invitation.nominate_by_at if invitation else deadlines.nominate_by_at
        return invitation.confirm_by_at if invitation else deadlines.confirm_by_at

    def quota(self, invitee: str) -> int:
        """How many people this invitee may send; 0 where nobody said so.

        Raises:
            NotYetKnown: the edition was not heard of yet.
        """
        if (invitation := self.invitations.get(invitee)) is not None:
            return invitation.quota
        line = self.published.invitee(invitee)
        return self.published.quota_of(line) if line else 0


Contacts = tuple[Contact, ...]
"""Whom letters to one invitee go to: the last ContactsNamed."""
