"""How a focal point is let in: a link says which invitation, a code says that its addressee is there. A link alone is no key.

What is kept cannot be used: of the link a digest, of the code a digest that is keyed with the link, so that a copy of the
database opens nothing, however short the code.
"""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

LINK_LIFE: Final = timedelta(days=365)
CODE_LIFE: Final = timedelta(minutes=10)
CODE_ATTEMPTS: Final = 5
"""Wrong codes after which a code is void."""
CODES_PER_HOUR: Final = 5
_HOUR: Final = timedelta(hours=1)


class FocalRole(StrEnum):
    """As whom somebody acts for an invitee."""

    NOMINATOR = "nominator"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Link:
    """What is kept of the link in an invitation."""

    digest: str
    """SHA-256 of its secret, in hexadecimal; the secret has at least 128 random bits, so nothing slower is needed."""
    expires_at: datetime

    @classmethod
    def of(cls, secret: str, *, now: datetime) -> "Link":
        """The link with this secret, good for a year."""
        return cls(digest_of(secret), now + LINK_LIFE)

    def opens_with(self, secret: str, *, now: datetime) -> bool:
        """Whether this is its secret, and in time."""
        return hmac.compare_digest(self.digest, digest_of(secret)) and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Code:
    """What is kept of a sign-in code that is waiting to be used."""

    digest: str
    role: FocalRole
    expires_at: datetime
    attempts_left: int = CODE_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Codes:
    """The sign-in codes of one invitation: the latest one alone holds, and few may be asked for in an hour."""

    latest: Code | None = None
    asked_at: tuple[datetime, ...] = field(default=())
    """When codes were asked for within the last hour, oldest first."""

    def may_ask_at(self, now: datetime) -> datetime:
        """The moment from which on one more code may be asked for; `now` where it may be at once."""
        recent = self._recent(now)
        return now if len(recent) < CODES_PER_HOUR else recent[-CODES_PER_HOUR] + _HOUR

    def with_new(self, code: str, role: FocalRole, *, link: str, now: datetime) -> "Codes":
        """The same with a new code in place of the latest."""
        new = Code(_code_digest(code, link), role, now + CODE_LIFE)
        return Codes(latest=new, asked_at=(*self._recent(now), now))

    def tried(self, code: str, *, link: str, now: datetime) -> tuple["Codes", FocalRole | None]:
        """What is left after this attempt, and as whom it lets in; none where it does not.

        A code that was right is used up, and so is one that was wrong too often.
        """
        if self.latest is None:
            return self, None
        if now >= self.latest.expires_at:
            return replace(self, latest=None), None
        if hmac.compare_digest(self.latest.digest, _code_digest(code, link)):
            return replace(self, latest=None), self.latest.role
        left = self.latest.attempts_left - 1
        return replace(self, latest=replace(self.latest, attempts_left=left) if left else None), None

    def _recent(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.asked_at if at > now - _HOUR)


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return sha256(secret.encode()).hexdigest()


def _code_digest(code: str, link: str) -> str:
    return hmac.new(link.encode(), code.encode(), sha256).hexdigest()
