"""Mails into memory: for tests, and for trying letters out without a mail server."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from summit_notifications.domain.answers import (
    Abandoned,
    Answer,
    Later,
    Never,
    Outcome,
    Stage,
    Taken,
    Uncertain,
    recipients_verdict,
)
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import HandOver
from summit_notifications.mail.message import NotAnAddress, message, needs_utf8, wire_address

_WELL = Answer(250)


class InMemoryPostman:
    """Keeps what it is given; can be told to refuse, to be away, or to fall silent. See `Postman`."""

    def __init__(self) -> None:
        self.taken: list[tuple[tuple[str, ...], bytes]] = []
        """For each mail to whom it really went, and its octets."""
        self.answers: dict[str, Answer] = {}
        """What to say to a recipient, by address; anybody else is welcome."""
        self.answer_to_content: Answer = _WELL
        self.is_reachable = True
        self.is_silent = False
        """Takes the mail and never says so."""
        self.is_forgetful = False
        """Drops the mail and never says so."""

    async def deliver(self, mail: Mail, *, hand_over: HandOver, is_last_attempt: bool) -> Outcome:
        """The mail was offered once; what this postman was told to make of it."""
        if not self.is_reachable:
            return Later("unreachable")
        answers = {email: self._answer_to(email) for email in mail.addresses}
        refused = recipients_verdict(
            (answers[one.email] for one in mail.recipients), is_last_attempt=is_last_attempt
        )
        if not isinstance(refused, frozenset):
            return refused
        if not await hand_over():
            return Abandoned()
        return self._answered(mail, answers, refused)

    def messages_to(self, email: str) -> list[EmailMessage]:
        """The mails that went to this address, as To or Cc, in order."""
        return [
            message_from_bytes(octets, _class=EmailMessage, policy=policy.SMTPUTF8)
            for addresses, octets in self.taken
            if email in addresses
        ]

    def _answer_to(self, email: str) -> Answer:
        try:
            wire_address(email)
        except NotAnAddress:
            return Answer(553, "5.1.3")
        return self.answers.get(email, _WELL)

    def _answered(self, mail: Mail, answers: dict[str, Answer], refused: frozenset[int]) -> Outcome:
        if not self.answer_to_content.is_taken:
            verdict = Never if self.answer_to_content.is_for_good(Stage.CONTENT) else Later
            reason = "content_refused" if verdict is Never else "content_deferred"
            return verdict(reason, self.answer_to_content)
        if self.is_forgetful:
            return Uncertain("no_answer")
        went_to = tuple(email for email, answer in answers.items() if answer.is_taken)
        self.taken.append((went_to, message(mail, is_utf8=needs_utf8(mail))))
        return Uncertain("no_answer") if self.is_silent else Taken(self.answer_to_content, refused)
