"""What an edition lays down for pledges: who may make one, and until when."""

from datetime import datetime

from summit_contracts.editions import Edition
from summit_contracts.pledges import SECRETARIAT
from summit_contracts.promises import Side
from summit_pledges.domain.errors.editions import NotAnInvitee
from summit_pledges.domain.errors.steps import PledgingClosed
from summit_pledges.domain.history import Actor


def check_invited(edition: Edition, code: str, *, field: str = "pledger") -> None:
    """Somebody of this code takes part in the summit: an invitee, or the Secretariat (D10).

    Raises:
        NotAnInvitee: nobody of this code is invited.
    """
    if code != SECRETARIAT and edition.invitee(code) is None:
        raise NotAnInvitee(code, field)


def check_pledging_open(edition: Edition, *, by: Actor, at: datetime) -> None:
    """A pledge may be made now; the secretariat records one whenever its word reaches it.

    Raises:
        PledgingClosed: a pledger comes after the edition's deadline.
    """
    closed_at = edition.deadlines.pledges_by_at
    if by.side is Side.PLEDGER and at > closed_at:
        raise PledgingClosed(closed_at)
