"""A delegation's calendar feed: an address that calendar programs read without signing in, because they cannot.

Whoever knows the address reads when and where the delegation meets whom, and nothing else; so it can be closed, and opening
it anew closes the one before. Only a digest of its secret is kept: who reads the database cannot read the feed.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


def digest_of(secret: str) -> str:
    """What is kept of the secret. It is drawn from 256 bits, so that no salt and no slow hash is needed."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Feed:
    """An open feed of one delegation."""

    edition_id: str
    invitee: str
    digest: str
    opened_at: datetime
