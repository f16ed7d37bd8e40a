"""What is wrong with a statement of availability."""

from collections.abc import Sequence
from typing import ClassVar

from summit_contracts.errors import Invalid, Stale, Unknown


class MemberUnknown(Unknown):
    """Nobody of this id represents the delegation."""

    slug: ClassVar[str] = "member-unknown"
    title: ClassVar[str] = "No such representative."

    def __init__(self, member_id: str, known: Sequence[str]) -> None:
        super().__init__(
            f"No member {member_id} is head or alternate of this delegation.",
            remedy="Name its head or an alternate, or leave member_id out for the whole delegation.",
            field="member_id",
            member_id=member_id,
            known=list(known),
        )


class AvailabilityChanged(Stale):
    """Somebody changed the availability in the meantime."""

    slug: ClassVar[str] = "availability-changed"
    title: ClassVar[str] = "The availability has changed."

    def __init__(self, expected: int, revision: int) -> None:
        super().__init__(
            f"The change was made on revision {expected}, and {revision} is the current one.",
            remedy="Fetch the availability again and repeat the change on it.",
            expected=expected,
            revision=revision,
        )


class TooManyStretches(Invalid):
    """More blocked stretches than can be stated."""

    slug: ClassVar[str] = "too-many-stretches"
    title: ClassVar[str] = "Too many blocked stretches."

    def __init__(self, stated: int, limit: int) -> None:
        super().__init__(
            f"{stated} blocked stretches were stated; {limit} are possible.",
            remedy="Join stretches that touch each other.",
            field="blocked",
            limit=limit,
        )
