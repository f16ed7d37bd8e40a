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
        """Until when this invitee may take this step: the edition's deadline as it is now, or its own extension if that is later.

        An invitee whom the edition names no more is held to what its invitation said.

        Raises:
            NotYetKnown: the edition was not heard of yet.
        """
        held: datetime = getattr(self.published.deadlines, f"{step}_by_at")
        if step != "wishes" and (invitation := self._last_word_to(invitee)) is not None:
            held = invitation.nominate_by_at if step == "nominate" else invitation.confirm_by_at
        return max(held, self.extensions.get((invitee, step), held))

    def quota(self, invitee: str) -> int:
        """How many people this invitee may send, as the edition is now; 0 where nobody said so.

        Raises:
            NotYetKnown: the edition was not heard of yet.
        """
        if (invitation := self._last_word_to(invitee)) is not None:
            return invitation.quota
        line = self.published.invitee(invitee)
        return self.published.quota_of(line) if line else 0

    def _last_word_to(self, invitee: str) -> InvitationIssued | None:
        """The invitation of somebody whom the edition names no more; none for everybody else."""
        return None if self.published.invitee(invitee) else self.invitations.get(invitee)


Contacts = tuple[Contact, ...]
"""Whom letters to one invitee go to: the last ContactsNamed."""
