"""What is wrong with a wish for a bilateral."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid
from summit_registration.domain.spelling import did_you_mean


class TooManyWishes(Conflicting):
    """More bilaterals than fair use allows."""

    slug: ClassVar[str] = "too-many-wishes"
    title: ClassVar[str] = "More wishes than fair use allows."

    def __init__(self, wishes: int, allowed: int) -> None:
        super().__init__(
            f"{wishes} bilaterals are asked for, and {allowed} may be.",
            remedy="Keep those that matter most.",
            field="wishes",
            allowed=allowed,
            wishes=wishes,
        )


class WishRepeated(Conflicting):
    """The same counterparts were asked for already."""

    slug: ClassVar[str] = "wish-repeated"
    title: ClassVar[str] = "The same meeting twice."

    def __init__(self, position: int, counterparts: Sequence[str]) -> None:
        super().__init__(
            f"A bilateral with {', '.join(counterparts)} was asked for already.",
            remedy="Leave one of the two out; put both topics into one.",
            field=f"wishes[{position}].counterparts",
            counterparts=list(counterparts),
        )


class CounterpartUnknown(Invalid):
    """The edition invites nobody of this code."""

    slug: ClassVar[str] = "counterpart-unknown"
    title: ClassVar[str] = "Nobody of this code is invited."

    def __init__(self, position: int, code: str, invited: Sequence[str]) -> None:
        super().__init__(
            f"{code} is not invited to this edition.",
            remedy=did_you_mean(code, invited) or "Choose a counterpart from the edition's invitees.",
            field=f"wishes[{position}].counterparts",
            counterpart=code,
        )


class CounterpartWithdrawn(Conflicting):
    """The delegation was registered and will not come; should it register again, it can be asked."""

    slug: ClassVar[str] = "counterpart-withdrawn"
    title: ClassVar[str] = "The counterpart has withdrawn."

    def __init__(self, position: int, code: str) -> None:
        super().__init__(
            f"{code} has withdrawn from this edition.",
            remedy="Leave it out of the wish, or ask the secretariat whether it will come after all.",
            field=f"wishes[{position}].counterparts",
            counterpart=code,
        )


class WishForOneself(Invalid):
    """The requester is among the counterparts."""

    slug: ClassVar[str] = "wish-for-oneself"
    title: ClassVar[str] = "A delegation does not meet itself."

    def __init__(self, position: int, invitee: str) -> None:
        super().__init__(
            f"{invitee} asks for a meeting with itself.",
            remedy="Name the others only; the requester takes part anyway.",
            field=f"wishes[{position}].counterparts",
        )


class CounterpartTwice(Invalid):
    """A wish names a counterpart twice."""

    slug: ClassVar[str] = "counterpart-twice"
    title: ClassVar[str] = "The same counterpart twice."

    def __init__(self, position: int) -> None:
        super().__init__(
            "A counterpart is named twice in one wish.",
            remedy="Name each counterpart once.",
            field=f"wishes[{position}].counterparts",
        )


class WishOutsideBilateralDays(Invalid):
    """A day of the wish is not reserved for bilaterals."""

    slug: ClassVar[str] = "wish-outside-bilateral-days"
    title: ClassVar[str] = "Not a day for bilaterals."

    def __init__(self, position: int, on: date, reserved: Sequence[date]) -> None:
        days = ", ".join(map(str, reserved))
        super().__init__(
            f"{on} is not reserved for bilaterals.",
            remedy=f"Choose among {days}." if days else "This edition has no day for bilaterals.",
            field=f"wishes[{position}].days",
            reserved=[day.isoformat() for day in reserved],
        )


class WishSizeUnfit(Invalid):
    """There are more parties than people, or more people than any room of those days has seats."""

    slug: ClassVar[str] = "wish-size-unfit"
    title: ClassVar[str] = "The size does not fit."

    def __init__(self, position: int, parties: int, seats: int | None) -> None:
        largest = f" to {seats}" if seats is not None else " upwards"
        super().__init__(
            f"{parties} parties need {parties} seats; the largest room has {seats or 'not been reserved yet'}.",
            remedy=f"Choose a size from {parties}{largest}, all sides together.",
            field=f"wishes[{position}].size",
            smallest=parties,
            largest=seats,
        )


class WishNeedUnknown(Invalid):
    """No room of the edition has what the wish needs."""

    slug: ClassVar[str] = "wish-need-unknown"
    title: ClassVar[str] = "No room has that equipment."

    def __init__(self, position: int, code: str, had: Sequence[str]) -> None:
        super().__init__(
            f"No room of this summit has {code}.",
            remedy=f"Choose among {', '.join(had)}." if had else "Leave it out; no room has equipment.",
            field=f"wishes[{position}].needs",
            known=list(had),
        )
