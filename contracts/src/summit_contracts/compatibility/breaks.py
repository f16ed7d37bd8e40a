"""What a comparison finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """One place at which a reader stumbles over what a writer writes."""

    path: str
    """From the root `$`, e.g. `$.data.members[].rank`."""
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
