"""What is wrong with a set of rulings."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid, Stale


class RulingsChanged(Stale):
    """Somebody changed the rulings in the meantime."""

    slug: ClassVar[str] = "rulings-changed"
    title: ClassVar[str] = "The rulings have changed."

    def __init__(self, expected: int, revision: int) -> None:
        super().__init__(
            f"They were decided on revision {expected}, and {revision} is the current one.",
            remedy="Fetch the rulings again and repeat the change on them.",
            expected=expected,
            revision=revision,
        )


class NoSuchRoom(Invalid):
    """The edition has no room of this code."""

    slug: ClassVar[str] = "room-unknown"
    title: ClassVar[str] = "No such room."

    def __init__(self, place: int, code: str, known: Sequence[str]) -> None:
        super().__init__(
            f"The edition has no room {code}.",
            remedy=f"Choose among {', '.join(known)}." if known else "Reserve rooms in the edition first.",
            field=f"closures[{place}].room",
        )


class NoSuchDuty(Invalid):
    """The edition has no obligation of this code."""

    slug: ClassVar[str] = "duty-unknown"
    title: ClassVar[str] = "No such obligation."

    def __init__(self, place: int, code: str, known: Sequence[str]) -> None:
        super().__init__(
            f"The edition has no obligation {code}.",
            remedy=f"Choose among {', '.join(known)}." if known else "Give the edition's obligations codes.",
            field=f"duties[{place}].code",
        )


class VetoUnfit(Invalid):
    """A veto is between two."""

    slug: ClassVar[str] = "veto-unfit"
    title: ClassVar[str] = "A veto is between two."

    def __init__(self, place: int, code: str) -> None:
        super().__init__(
            f"{code} stands on both sides.", remedy="Name two different invitees.", field=f"vetoes[{place}]"
        )


class PinImpossible(Invalid):
    """No timetable could hold this meeting at this moment."""

    slug: ClassVar[str] = "pin-impossible"
    title: ClassVar[str] = "The meeting cannot be pinned there."

    def __init__(self, place: int, bilateral_id: str, why: str) -> None:
        super().__init__(
            f"{bilateral_id} cannot be pinned: {why}.",
            remedy="Choose another moment, or leave the pin out.",
            field=f"pins[{place}]",
            bilateral_id=bilateral_id,
        )


class PinFrozen(Conflicting):
    """The meeting has begun or is about to: it keeps its place."""

    slug: ClassVar[str] = "pin-frozen"
    title: ClassVar[str] = "The meeting keeps its place."

    def __init__(self, place: int, bilateral_id: str, begins: datetime) -> None:
        super().__init__(
            f"{bilateral_id} begins at {begins.isoformat()}, which is too near for a pin to move it.",
            remedy="Leave the pin out, or give the meeting a place by hand, which moves it all the same.",
            field=f"pins[{place}]",
            bilateral_id=bilateral_id,
        )


class PinsContradict(Conflicting):
    """No timetable could follow all pins at once."""

    slug: ClassVar[str] = "pins-contradict"
    title: ClassVar[str] = "The pins contradict one another."

    def __init__(self, place: int, why: str) -> None:
        super().__init__(f"With this pin, {why}.", remedy="Take one of them back.", field=f"pins[{place}]")
