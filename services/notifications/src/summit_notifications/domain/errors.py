"""Why notifications says no."""

from summit_contracts.errors import Conflicting, Unknown


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


class LetterUnknown(Unknown):
    """There is no such letter."""

    slug = "letter-unknown"
    title = "No such letter."

    def __init__(self, letter_id: str) -> None:
        super().__init__(f"There is no letter {letter_id}.", remedy="List the letters.", field="letter_id")


class FeedClosed(Unknown):
    """The address of a calendar feed opens nothing, or no longer."""

    slug = "feed-closed"
    title = "There is no such calendar feed."

    def __init__(self) -> None:
        super().__init__(
            "The address of this calendar opens nothing, or no longer.",
            remedy="Open a new calendar feed in the workspace of your delegation.",
        )


class LetterForgotten(Conflicting):
    """What the letter said was a secret, which is not kept once the letter has left or lapsed."""

    slug = "letter-forgotten"
    title = "What this letter said is not kept."

    def __init__(self, letter_id: str) -> None:
        super().__init__(
            f"The letter {letter_id} held a secret that is not kept.",
            remedy="Renew the invitation, or ask for a new code: that writes a new letter.",
            field="letter_id",
        )
