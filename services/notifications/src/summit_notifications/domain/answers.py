"""What a mail server's answers mean for a letter: taken, never, later, or nobody knows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_SAYS_YES, _SAYS_NO, _SAYS_NEVER, _REPLIES = (
    range(200, 300),
    range(400, 600),
    range(500, 600),
    range(200, 600),
)
_TOO_LARGE = 552
_ABOUT_US = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
"""Replies that refuse us (our syntax, our sign-in), so no letter is to blame. Source: RFC 5321 4.2.2, RFC 4954 section 6."""
_PERSISTS_FOR_A_WHILE = frozenset({"5.2.2", "5.3.2", "5.4.1", "5.4.4", "5.4.5", "5.5.3"})
"""Full mailbox, system not accepting, host silent, unroutable, congested, too many recipients. Source: RFC 3463."""


class Stage(StrEnum):
    """How far the talk with the mail server had come."""

    SESSION = "session"
    """Connecting, greeting, encryption, signing in."""
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail server's reply without its text, which tends to repeat addresses."""

    code: int
    """RFC 5321 reply code; anything else than 200 to 599 is gibberish."""
    status: str | None = None
    """RFC 3463 enhanced status code, e.g. `5.1.1`."""

    @classmethod
    def read(cls, code: int, text: str) -> "Answer":
        """The answer, with the enhanced status code the text begins with, if it begins with one."""
        match = _ENHANCED.match(text)
        return cls(code, match.group(1) if match else None)

    @property
    def is_taken(self) -> bool:
        """Whether the server agreed."""
        return self.code in _SAYS_YES

    @property
    def is_refusal(self) -> bool:
        """Whether the server said no, for now or for good; neither this nor `is_taken` means that it made no sense."""
        return self.code in _SAYS_NO

    @property
    def is_intelligible(self) -> bool:
        """Whether the reply code is one that RFC 5321 knows."""
        return self.code in _REPLIES

    def is_for_good(self, stage: Stage) -> bool:
        """Whether trying this very letter again cannot help.

        A refusal of ourselves (session, sender) blames no letter: a wrong password must not fail every letter there is.
        Source: RFC 5321 4.2.1 (4yz, 5yz) and 4.5.3.1.10 (552 to RCPT means later); RFC 3463.
        """
        if self.code not in _SAYS_NEVER or self.code in _ABOUT_US or self.status in _PERSISTS_FOR_A_WHILE:
            return False
        match stage:
            case Stage.SESSION:
                return False
            case Stage.SENDER:
                return self.code == _TOO_LARGE or self.status == "5.3.4"
            case Stage.RECIPIENT:
                return self.code != _TOO_LARGE
            case Stage.CONTENT:
                return True


@dataclass(frozen=True, slots=True)
class Taken:
    """The mail server is responsible for the mail from here on."""

    answer: Answer
    refused: frozenset[int] = frozenset()
    """Positions, among the mail's recipients, of the addresses it would not take."""


@dataclass(frozen=True, slots=True)
class Never:
    """The mail server will not take this mail, now or later."""

    reason: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """The mail server has certainly not taken the mail, and may another time."""

    reason: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The end of the mail was sent and no answer came: it may lie in a mailbox or nowhere."""

    reason: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The attempt was given up before the end of the mail was sent, because another one has replaced it."""


Outcome = Taken | Never | Later | Uncertain | Abandoned


def recipients_verdict(answers: Iterable[Answer], *, is_last_attempt: bool) -> Never | Later | frozenset[int]:
    """Whether to go on after the recipients were named; the positions of the refused ones if so.

    One mail is sent for all of them, so it waits while any address may still be taken later, and on its last attempt goes
    to those who can have it.
    """
    given = tuple(answers)
    waiting = [one for one in given if not one.is_taken and not one.is_for_good(Stage.RECIPIENT)]
    taken = [one for one in given if one.is_taken]
    if waiting and not (is_last_attempt and taken):
        return Later("recipients_deferred", waiting[0])
    if not taken:
        return Never("recipients_refused", given[0] if given else None)
    return frozenset(position for position, one in enumerate(given) if not one.is_taken)
