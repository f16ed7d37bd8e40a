"""What is wrong with an edition or its file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid


class InviteesLeftOut(Conflicting):
    """A new revision of the edition drops somebody who holds an invitation."""

    slug: ClassVar[str] = "invitees-left-out"
    title: ClassVar[str] = "Somebody who was invited is missing from the file."

    def __init__(self, invitees: Sequence[str]) -> None:
        super().__init__(
            f"{', '.join(invitees)} hold an invitation, but the file does not name them.",
            remedy="Put them back into the file; an invitation ends by being declined, not by being left out.",
            field="invitees",
            invitees=list(invitees),
        )


@dataclass(frozen=True, slots=True)
class EditionFault:
    """One thing that is wrong in an edition file."""

    line: int
    """From 1; 1 also for what is missing altogether."""
    field: str
    """Where it stands, e.g. `rooms[2].seats`; the first of a list is 0. Empty for the text as a whole."""
    says: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field + ': ' if self.field else ''}{self.says} {self.remedy}"


class EditionFileInvalid(Invalid):
    """The file has faults, all of them listed with their lines."""

    slug: ClassVar[str] = "edition-file-invalid"
    title: ClassVar[str] = "The edition file has faults."

    def __init__(self, faults: Sequence[EditionFault]) -> None:
        super().__init__(
            "\n".join(map(str, faults)),
            remedy="Mend the lines that are named and apply the file again.",
            faults=[
                {"line": one.line, "field": one.field, "detail": one.says, "remedy": one.remedy}
                for one in faults
            ],
        )
        self.faults = tuple(faults)
