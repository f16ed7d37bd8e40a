"""Who sees what of a pledge (D19): its own side and the desk see all of it, everybody else what was published.

A draft is its author's business alone: the pledger's, or the secretariat's where it takes a pledge down.
"""

from dataclasses import dataclass

from summit_contracts.promises import Promise, Side
from summit_pledges.domain.history import Stage
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.publication import shown


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks at pledges; see `DESK`, `PUBLIC_READER` and `focal_point_of`."""

    side: Side | None
    """None for whoever is on neither side."""
    invitee: str | None = None
    """Whom a focal point acts for."""

    def owns(self, pledge: Pledge) -> bool:
        """Whether it may see the whole of it, published or not, and take its side's steps."""
        if pledge.stage is Stage.DRAFT and pledge.history[0].by.side is not self.side:
            return False
        if self.side is Side.PLEDGER:
            return self.invitee == pledge.pledger
        return self.side is Side.SECRETARIAT

    def sees(self, pledge: Pledge) -> bool:
        """Whether it may know that the pledge exists."""
        return pledge.published_at is not None or self.owns(pledge)

    def promise_of(self, pledge: Pledge) -> Promise:
        """The promise, for others without the parts that are held back."""
        return pledge.promise if self.owns(pledge) else shown(pledge)


DESK = Reader(Side.SECRETARIAT)
PUBLIC_READER = Reader(None)


def focal_point_of(invitee: str) -> Reader:
    """Whoever acts for this invitee."""
    return Reader(Side.PLEDGER, invitee)
