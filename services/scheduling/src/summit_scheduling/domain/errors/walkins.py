"""Why a meeting cannot be arranged at the desk for those who stand there."""

from collections.abc import Sequence
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid


class PartyTwice(Invalid):
    """The same party is named twice."""

    slug: ClassVar[str] = "party-twice"
    title: ClassVar[str] = "The same party twice."

    def __init__(self, position: int, code: str) -> None:
        super().__init__(
            f"{code} is named twice.",
            remedy="Name each party once.",
            field=f"parties[{position}]",
            party=code,
        )


class PartyUnknown(Invalid):
    """The edition invites nobody of this code."""

    slug: ClassVar[str] = "party-unknown"
    title: ClassVar[str] = "Nobody of this code is invited."

    def __init__(self, position: int, code: str) -> None:
        super().__init__(
            f"{code} is not invited to this edition.",
            remedy="Choose among the edition's invitees.",
            field=f"parties[{position}]",
            party=code,
        )


class PartyWithdrawn(Conflicting):
    """The delegation was registered and does not come; should it register again, it can be met."""

    slug: ClassVar[str] = "party-withdrawn"
    title: ClassVar[str] = "A party has withdrawn."

    def __init__(self, position: int, code: str) -> None:
        super().__init__(
            f"{code} has withdrawn from this edition.",
            remedy="Leave it out, or have its delegation registered anew.",
            field=f"parties[{position}]",
            party=code,
        )


class EquipmentUnknown(Invalid):
    """No room of the edition has what the meeting needs."""

    slug: ClassVar[str] = "equipment-unknown"
    title: ClassVar[str] = "No room has that equipment."

    def __init__(self, position: int, code: str, had: Sequence[str]) -> None:
        super().__init__(
            f"No room of this summit has {code}.",
            remedy=f"Choose among {', '.join(had)}." if had else "Leave it out; no room has equipment.",
            field=f"needs[{position}]",
            known=list(had),
        )


class BilateralExists(Conflicting):
    """Exactly these parties have a bilateral already that is asked for or agreed, and not over."""

    slug: ClassVar[str] = "bilateral-exists"
    title: ClassVar[str] = "These parties have a bilateral already."

    def __init__(self, bilateral_id: str, status: str, awaiting: Sequence[str]) -> None:
        super().__init__(
            f"Bilateral {bilateral_id} of the same parties is {status}.",
            remedy=f"Accept it for {', '.join(awaiting)}, then book a place for it."
            if awaiting
            else "Ask for the places of that one, and book one of them.",
            field="parties",
            bilateral_id=bilateral_id,
            state=status,
            awaiting=list(awaiting),
        )
