"""How far a pledge has come, and who took which step."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from summit_contracts.promises import DeliveryReport, Side


class Stage(StrEnum):
    """How far a pledge has come; all but the draft have a name in public, too."""

    DRAFT = "draft"
    MADE = "made"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


UNDER_WAY = (Stage.MADE, Stage.ACKNOWLEDGED, Stage.RETURNED, Stage.ACCEPTED)
"""The stages of a pledge that holds and is not kept yet."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step."""

    side: Side
    account: str
    """The account, not a name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a pledge's history, which its pledger and the secretariat can read, public or not (D6)."""

    step: str
    by: Actor
    at: datetime
    stage: Stage
    """How far the pledge had come after it."""
    note: str | None = None
    asks: tuple[str, ...] = ()
    report: DeliveryReport | None = None
