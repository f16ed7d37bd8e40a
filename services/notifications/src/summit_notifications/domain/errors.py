"""Why notifications says no."""

from summit_contracts.errors import Conflicting


class AttemptReplaced(Exception):
    """This attempt, or this moment, is not the letter's any more: somebody else attempts it, or it is settled.

    Whoever gets this drops what it was doing; nothing is wrong.
    """

    def __init__(self, letter_id: str) -> None:
        super().__init__(letter_id)
        self.letter_id = letter_id


class NotToBeDecided(Conflicting):
    """A person wanted to settle a letter about which there is no doubt."""

    slug = "letter-not-to-be-decided"
    title = "There is nothing to decide about this letter."

    def __init__(self, state: str) -> None:
        super().__init__(
            f"The letter is {state.replace('_', ' ')}.",
            remedy="Only an uncertain letter can be found delivered; only an uncertain, failed or bounced one can be sent again.",
            state=state,
        )
