"""From a draft and its recipients to a whole mail: words and calendar objects."""

from dataclasses import dataclass
from datetime import datetime

from summit_notifications.domain.addressing import Addressed
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.mail import Mail
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.icalendar import Organizer, calendar_object
from summit_notifications.letters.writer import Writer


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes the mails of one edition."""

    frame: Frame
    sender_name: str
    sender_email: str

    def composed(self, draft: LetterDraft, to: Addressed, written_at: datetime) -> Mail:
        """The mail; the same one whenever it is composed from the same."""
        words = Writer(self.frame).write(
            draft.letter,
            draft.content,
            to.language,
            invitee=draft.invitee,
            letter_id=draft.letter_id,
            person=to.person,
        )
        organizer = Organizer(self.sender_name, self.sender_email)
        meetings = tuple(
            calendar_object(entry, draft.invitee, to.recipients[0].email, organizer, self.frame, to.language)
            for entry in draft.content.calendar
        )
        return Mail(
            message_id=f"{draft.letter_id}@{self.sender_email.rpartition('@')[2]}",
            written_at=written_at,
            sender_name=self.sender_name,
            sender_email=self.sender_email,
            recipients=to.recipients,
            language=to.language,
            subject=words.subject,
            text=words.text,
            html=words.html,
            calendar=meetings,
        )
