"""What is wrong with a register of pledges."""

from typing import ClassVar

from summit_contracts.errors import Invalid


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
