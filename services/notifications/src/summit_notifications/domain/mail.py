"""A mail as the post takes it: who it is for, and what it says, before it is turned into octets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from summit_contracts.values import Language

Role = Literal["nominator", "backup", "member"]
Line = Literal["to", "cc"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address of a letter, and why it gets it."""

    role: Role
    line: Line
    name: str
    """As its owner gave it: any script, and nothing that may be trusted inside a header."""
    email: str


@dataclass(frozen=True, slots=True)
class CalendarObject:
    """One iCalendar object for one meeting."""

    method: Literal["REQUEST", "CANCEL"]
    filename: str
    text: str
    """RFC 5545, lines ending in CR LF."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Everything that will stand in the mail."""

    message_id: str
    """Without angle brackets; the same for every attempt at the same letter."""
    written_at: datetime
    """UTC."""
    sender_name: str
    sender_email: str
    recipients: tuple[Recipient, ...]
    language: Language
    subject: str
    text: str
    html: str
    calendar: tuple[CalendarObject, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it goes, each address once, in order."""
        return tuple(dict.fromkeys(one.email for one in self.recipients))
