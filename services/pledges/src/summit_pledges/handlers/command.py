"""What every command says."""

from pydantic import ConfigDict

from summit_contracts.promises import Side
from summit_contracts.values import Code, EditionId, InviteeCode, Key, Value
from summit_pledges.domain.history import Actor
from summit_pledges.domain.readers import DESK, Reader, focal_point_of


class Command(Value):
    """Something that somebody wants done. An unknown field is refused, because it would be ignored otherwise."""

    model_config = ConfigDict(extra="forbid")

    by: Actor
    """Whose side it is, and the account that answers for it; no person's name."""
    edition_id: EditionId


class PledgeCommand(Command):
    """A step of one pledge."""

    pledge_id: Key
    acts_for: InviteeCode | None = None
    """The invitee whose focal point asks for it; none for the secretariat."""
    expected_revision: int | None = None
    """The revision it was decided on (If-Match); none means whichever is current."""

    @property
    def reader(self) -> Reader:
        """What it may know of pledges."""
        return focal_point_of(self.acts_for or "") if self.by.side is Side.PLEDGER else DESK


class NeedCommand(Command):
    """Something about one need."""

    need_id: Key
    expected_revision: int | None = None


class CompactCommand(Command):
    """Something an invitee says about a compact."""

    compact: Code
    adherent: InviteeCode
    expected_revision: int | None = None
