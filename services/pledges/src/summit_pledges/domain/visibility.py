"""Who may see a pledge (D19): nobody outside, nobody outside until a moment, or everybody."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from summit_pledges.domain.errors.steps import EmbargoLiesBehind


class Openness(StrEnum):
    """How open a pledge is."""

    PRIVATE = "private"
    EMBARGOED = "embargoed"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Visibility:
    """How open a pledge is to be once it is made; see `PRIVATE`, `PUBLIC` and `embargoed`."""

    openness: Openness
    until_at: datetime | None = None
    """For an embargo: the first moment at which it is public, in UTC."""

    def is_public_at(self, at: datetime) -> bool:
        """Whether everybody may see it at this moment."""
        if self.openness is Openness.EMBARGOED:
            return self.until_at is not None and self.until_at <= at
        return self.openness is Openness.PUBLIC


PRIVATE = Visibility(Openness.PRIVATE)
PUBLIC = Visibility(Openness.PUBLIC)


def embargoed(until_at: datetime, *, now: datetime) -> Visibility:
    """Public from this moment on.

    Raises:
        EmbargoLiesBehind: it has come already.
    """
    if until_at <= now:
        raise EmbargoLiesBehind(until_at)
    return Visibility(Openness.EMBARGOED, until_at)
