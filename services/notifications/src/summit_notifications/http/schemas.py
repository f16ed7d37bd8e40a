"""What goes out over HTTP."""

from datetime import datetime

from summit_chassis.answers import Answer
from summit_contracts.notifications import LetterRecipient
from summit_contracts.values import Language
from summit_notifications.domain.delivery import Delivery, DeliveryState
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import Census, Kept


class LetterAnswer(Answer):
    """A letter and how far it has come; recipients stand as roles."""

    letter_id: str
    letter: str
    invitee: str
    member_id: str | None
    written_at: datetime
    state: DeliveryState
    due_at: datetime
    attempts: int
    language: Language | None
    recipients: tuple[LetterRecipient, ...]
    reason: str | None

    @classmethod
    def of(cls, kept: Kept) -> "LetterAnswer":
        """The letter without what it says."""
        return cls.after(kept.delivery, kept.written_at)

    @classmethod
    def after(cls, delivery: Delivery, written_at: datetime) -> "LetterAnswer":
        """The letter as it stands now."""
        named = {name: getattr(delivery, name) for name in cls.model_fields if name != "written_at"}
        return cls(written_at=written_at, **named)


class WordsAnswer(Answer):
    """A letter that was written to somebody, said again."""

    letter_id: str
    letter: str
    language: Language
    """What it is said in now; not always what it was sent in."""
    subject: str
    text: str


class MailAnswer(Answer):
    """A letter in words, as it would be sent."""

    language: Language
    subject: str
    text: str
    html: str
    calendar: list[str]

    @classmethod
    def of(cls, mail: Mail) -> "MailAnswer":
        """The mail."""
        calendar = [one.text for one in mail.calendar]
        return cls(
            language=mail.language, subject=mail.subject, text=mail.text, html=mail.html, calendar=calendar
        )


class CountsAnswer(Answer):
    """What notifications itself counts."""

    queued: int
    """Waiting or on their way."""
    sent: int
    failed: int
    """Failed, bounced or uncertain: a person looks into them."""
    by_state: dict[str, int]
    by_language: dict[str, int]
    by_letter: dict[str, int]

    @classmethod
    def of(cls, census: Census) -> "CountsAnswer":
        """The counts in the words of the facts."""
        count = census.by_state.get
        on_the_way = (
            DeliveryState.QUEUED,
            DeliveryState.RETRYING,
            DeliveryState.SENDING,
            DeliveryState.HANDING_OVER,
        )
        ended = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.UNCERTAIN)
        return cls(
            queued=sum(count(state.value, 0) for state in on_the_way),
            sent=count(DeliveryState.SENT.value, 0),
            failed=sum(count(state.value, 0) for state in ended),
            by_state=dict(census.by_state),
            by_language=dict(census.by_language),
            by_letter=dict(census.by_letter),
        )
