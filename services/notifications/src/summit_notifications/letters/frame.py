"""What stands around every letter of one edition: which summit, where, whose time, and where to answer."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from summit_contracts.editions import Edition


@dataclass(frozen=True, slots=True)
class Frame:
    """The same for all letters of one edition."""

    title: str
    place: str
    time_zone: str
    """IANA name."""
    first_day: date
    last_day: date
    portal_url: str
    """Where focal points sign in; without a slash at its end."""

    @classmethod
    def of(cls, edition: Edition, portal_url: str) -> "Frame":
        """The frame that an edition gives its letters."""
        days = sorted(day.on for day in edition.days)
        return cls(edition.title, edition.place, edition.time_zone, days[0], days[-1], portal_url.rstrip("/"))

    def invitation_url(self, secret: str) -> str:
        """Where the link of an invitation leads."""
        return f"{self.portal_url}/invitation/{quote(secret, safe='')}"
