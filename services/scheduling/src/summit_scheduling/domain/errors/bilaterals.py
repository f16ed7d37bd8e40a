"""What cannot be done to a bilateral."""

from collections.abc import Sequence
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid, NotAllowed, Stale, Unknown


class BilateralUnknown(Unknown):
    """There is no bilateral of this id."""

    slug: ClassVar[str] = "bilateral-unknown"
    title: ClassVar[str] = "No such bilateral."

    def __init__(self, bilateral_id: str) -> None:
        super().__init__(
            f"No bilateral {bilateral_id} is known.",
            remedy="List your bilaterals to see their ids.",
            field="bilateral_id",
            bilateral_id=bilateral_id,
        )


class NotAParty(NotAllowed):
    """The bilateral is between others."""

    slug: ClassVar[str] = "not-a-party"
    title: ClassVar[str] = "You are not a party to this bilateral."

    def __init__(self, code: str, bilateral_id: str) -> None:
        super().__init__(
            f"{code} is not a party to bilateral {bilateral_id}.",
            remedy="List your own bilaterals.",
            field="bilateral_id",
        )


class NotAwaited(Conflicting):
    """It is somebody else's turn to answer."""

    slug: ClassVar[str] = "not-awaited"
    title: ClassVar[str] = "It is not your turn."

    def __init__(self, code: str, awaiting: Sequence[str]) -> None:
        super().__init__(
            f"{code} has said its word; {', '.join(awaiting)} is to answer.",
            remedy="Wait for the answer, or cancel.",
            awaiting=list(awaiting),
        )


class StillAwaited(Conflicting):
    """Who has not answered yet declines, and does not cancel."""

    slug: ClassVar[str] = "still-awaited"
    title: ClassVar[str] = "Your answer is awaited."

    def __init__(self, code: str) -> None:
        super().__init__(
            f"{code} has not answered yet, so there is nothing of its to cancel.",
            remedy="Decline, with a reason.",
        )


class AlreadyAgreed(Conflicting):
    """There is nothing to answer any more."""

    slug: ClassVar[str] = "already-agreed"
    title: ClassVar[str] = "The bilateral is agreed already."

    def __init__(self, bilateral_id: str) -> None:
        super().__init__(
            f"All parties have agreed to bilateral {bilateral_id}.",
            remedy="Cancel it if it cannot be held, and ask anew.",
        )


class NotAgreed(Conflicting):
    """Only what is agreed gets a place."""

    slug: ClassVar[str] = "not-agreed"
    title: ClassVar[str] = "The bilateral is not agreed."

    def __init__(self, bilateral_id: str, status: str) -> None:
        super().__init__(
            f"Bilateral {bilateral_id} is {status}.",
            remedy="Place it when all parties have agreed.",
            state=status,
        )


class BilateralEnded(Conflicting):
    """It was declined or cancelled."""

    slug: ClassVar[str] = "bilateral-ended"
    title: ClassVar[str] = "The bilateral has ended."

    def __init__(self, bilateral_id: str, status: str) -> None:
        super().__init__(
            f"Bilateral {bilateral_id} was {status}.",
            remedy="Ask for the meeting anew.",
            state=status,
        )


class TooManyRounds(Conflicting):
    """The parties have countered each other too often."""

    slug: ClassVar[str] = "too-many-rounds"
    title: ClassVar[str] = "Too many counter-proposals."

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"There have been {limit} counter-proposals.",
            remedy="Accept or decline what is on the table.",
            limit=limit,
        )


class BilateralChanged(Stale):
    """Somebody changed the bilateral in the meantime."""

    slug: ClassVar[str] = "bilateral-changed"
    title: ClassVar[str] = "The bilateral has changed."

    def __init__(self, expected: int, revision: int) -> None:
        super().__init__(
            f"The answer was given to revision {expected}, and {revision} is the current one.",
            remedy="Fetch the bilateral again and answer what stands there now.",
            expected=expected,
            revision=revision,
        )


class NothingProposed(Invalid):
    """A counter-proposal differs from what is on the table."""

    slug: ClassVar[str] = "nothing-proposed"
    title: ClassVar[str] = "The proposal is the one on the table."

    def __init__(self) -> None:
        super().__init__("These are the terms that stand already.", remedy="Accept them.", field="terms")
