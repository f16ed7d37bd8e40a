"""What every command says."""

from pydantic import ConfigDict

from summit_contracts.values import EditionId, InviteeCode, ShortText, Value


class Command(Value):
    """Something that somebody wants done. An unknown field is refused, because it would be ignored otherwise."""

    model_config = ConfigDict(extra="forbid")

    by: ShortText
    """The account that answers for it, e.g. `KE/nominator`; no person's name."""


class InviteeCommand(Command):
    """Something about one invitee's invitation or delegation."""

    edition_id: EditionId
    invitee: InviteeCode


class DelegationCommand(InviteeCommand):
    """Something about one delegation."""

    expected_revision: int | None = None
    """The revision it was decided on (If-Match); none means whichever is current."""
