"""What every command says."""

from pydantic import ConfigDict

from summit_contracts.values import EditionId, InviteeCode, Key, ShortText, Value


class Command(Value):
    """Something that somebody wants done. An unknown field is refused, because it would be ignored otherwise."""

    model_config = ConfigDict(extra="forbid")

    by: ShortText
    """The account that answers for it; no person's name."""
    edition_id: EditionId


class AnswerCommand(Command):
    """Something a party says about one bilateral."""

    bilateral_id: Key
    party: InviteeCode
    """Whose answer it is."""
    expected_revision: int | None = None
    """The revision it was decided on (If-Match); none means whichever is current."""
