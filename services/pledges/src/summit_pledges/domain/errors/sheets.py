"""What is wrong with a register of pledges."""

from collections.abc import Mapping
from typing import ClassVar

from summit_contracts.errors import Invalid, Refusal


class SheetNotReadable(Invalid):
    """The file is no register of pledges."""

    slug: ClassVar[str] = "sheet-not-readable"
    title: ClassVar[str] = "The file is no register of pledges."

    def __init__(self, why: str) -> None:
        super().__init__(
            why, remedy="Send a CSV file in UTF-8 with exactly the columns of the register.", field="file"
        )


class RowNotReadable(Invalid):
    """A row of a register cannot be read, or not without losing something."""

    slug: ClassVar[str] = "row-not-readable"
    title: ClassVar[str] = "A row cannot be read."

    def __init__(self, reference: str, column: str, why: str, remedy: str) -> None:
        super().__init__(
            f"{reference or 'a row without id'}, {column}: {why}",
            remedy=remedy,
            field=column,
            reference=reference,
            column=column,
        )


class RegisterRefused(Invalid):
    """Some rows of a register were refused, all of them listed; none of the others was taken in either."""

    slug: ClassVar[str] = "register-refused"
    title: ClassVar[str] = "Some rows of the register cannot be taken in."

    def __init__(self, refused: Mapping[str, Refusal]) -> None:
        reference, first = next(iter(refused.items()))
        super().__init__(
            f"{len(refused)} row(s) are refused; the first, {reference}: {first.detail}",
            remedy="Mend the rows listed under faults and send the whole register again.",
            field=first.field,
            faults=[
                {
                    "reference": reference,
                    "field": refusal.field or "",
                    "detail": refusal.detail,
                    "remedy": refusal.remedy,
                }
                for reference, refusal in refused.items()
            ],
        )
