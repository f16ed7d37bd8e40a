"""Facts that notifications publishes: which letters went out, and which did not.

Nothing here names or reaches a person: recipients stand as roles, and a mail server's answer as its codes, since its text
repeats addresses.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from summit_contracts.fact import Fact, Service, Stream
from summit_contracts.values import Code, InviteeCode, Key, Language, Value


class LetterRecipient(Value):
    """One address a letter was meant for, without the address."""

    role: Literal["nominator", "backup", "member"]
    line: Literal["to", "cc"]
    """`to`: the letter is addressed to it; `cc`: it is in copy."""
    is_accepted: bool
    """Whether the mail server took the letter for this address."""


class LetterEnding(StrEnum):
    """How a letter came to be undelivered."""

    REFUSED = "refused"
    """The mail server said never."""
    GAVE_UP = "gave_up"
    """Nothing but passing faults until the last attempt."""
    BOUNCED = "bounced"
    """It was taken first and came back later."""
    UNCERTAIN = "uncertain"
    """It was handed to the mail server, whose answer never arrived. It is not sent again by itself."""


class _LetterFact(Fact):
    OWNER: ClassVar[Service] = Service.NOTIFICATIONS
    STREAM: ClassVar[Stream] = Stream.NOTIFICATIONS
    AGGREGATE: ClassVar[str] = "letter/{edition_id}/{letter_id}"

    letter_id: Key
    letter: Code
    """What the letter says, e.g. `delegation_registered`; the vocabulary grows with the letters there are."""
    invitee: InviteeCode
    """Whose delegation is written to."""
    member_id: Key | None = None
    """The person of the delegation it concerns; none where it concerns the delegation."""


class LetterSent(_LetterFact):
    """The mail server took a letter for at least one of its recipients.

    Why: a fact concerned somebody, or somebody asked to sign in. Published by: notifications. Rely on: one mail left,
    exactly one, however often sending was attempted; the envelope's `causationid` is the fact the letter is about.
    Not promised: that anybody has read it; that it does not come back (then LetterFailed with `bounced` follows).
    """

    TYPE: ClassVar[str] = "summit.notifications.letter_sent.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.notifications.letter_sent.v1.{invitee}"

    language: Language
    """The language it is written in."""
    delivery_id: Key
    """The attempt that succeeded."""
    attempts: Annotated[int, Field(ge=1, le=100_000)]
    """How often sending was attempted, this one included."""
    recipients: Annotated[tuple[LetterRecipient, ...], Field(min_length=1, max_length=100)]
    """Whom it was meant for, the refused addresses included; how many there are is their number."""


class LetterFailed(_LetterFact):
    """A letter did not arrive, as far as is known, and nothing more is done about it by itself.

    Why: refused for good, given up, returned, or handed over without an answer. Published by: notifications.
    Rely on: it is not attempted again unless a person says so; then LetterSent or another LetterFailed follows.
    Not promised: with `uncertain`, that nobody has received it: LetterSent may follow when a person has looked.
    """

    TYPE: ClassVar[str] = "summit.notifications.letter_failed.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.notifications.letter_failed.v1.{invitee}"

    ending: LetterEnding
    reason: Code
    """What went wrong, e.g. `recipients_refused`, `content_refused`, `unreachable`, `nobody_to_write_to`."""
    language: Language | None = None
    """The language it is written in; none where nobody could be written to."""
    attempts: Annotated[int, Field(ge=0, le=100_000)]
    """How often sending was attempted; 0 where there was nobody to write to."""
    delivery_id: Key | None = None
    """The last attempt; none where there was none."""
    reply_code: Annotated[int, Field(ge=200, le=599)] | None = None
    """The mail server's last reply code (RFC 5321); none where it gave none."""
    status_code: Annotated[str, Field(pattern=r"^[245]\.[0-9]{1,3}\.[0-9]{1,3}$")] | None = None
    """Its enhanced status code (RFC 3463), e.g. `5.1.1`; none where it gave none."""


FACTS: tuple[type[Fact], ...] = (LetterSent, LetterFailed)
