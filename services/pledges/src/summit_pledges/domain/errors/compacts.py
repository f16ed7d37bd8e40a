"""Why a compact cannot be adhered to, or left, now."""

from collections.abc import Sequence
from typing import ClassVar

from summit_contracts.errors import Conflicting, Unknown


class CompactUnknown(Unknown):
    """No compact of this code can be adhered to."""

    slug: ClassVar[str] = "compact-unknown"
    title: ClassVar[str] = "No such compact."

    def __init__(self, code: str, known: Sequence[str]) -> None:
        super().__init__(
            f"There is no compact {code!r}.",
            remedy=f"Choose one of: {', '.join(known)}.",
            field="compact",
        )


class AdherenceUnknown(Unknown):
    """The invitee never said anything about this compact."""

    slug: ClassVar[str] = "adherence-unknown"
    title: ClassVar[str] = "No adherence."

    def __init__(self, compact: str, adherent: str) -> None:
        super().__init__(
            f"{adherent} has neither adhered to {compact!r} nor said that it intends to.",
            remedy="Record its intention or its adherence first.",
            field="adherent",
        )


class CompactStepNotOpen(Conflicting):
    """The adherence has not come so far, or has gone further."""

    slug: ClassVar[str] = "compact-step-not-open"
    title: ClassVar[str] = "This step is not open."

    def __init__(self, step: str, stage: str) -> None:
        super().__init__(
            f"The adherence is {stage}; the step {step!r} is not open.",
            remedy="Fetch the adherence and see how far it has come.",
            step=step,
            state=stage,
        )
