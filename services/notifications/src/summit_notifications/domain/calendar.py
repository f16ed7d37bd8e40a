"""The calendar entry of a bilateral: the same one through all its changes, so that calendars move it instead of doubling it.

Source: RFC 5545 3.8.4.7 and 3.8.7.4 (UID stays, SEQUENCE grows with every change), RFC 5546 3.2 (REQUEST, CANCEL).
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from summit_contracts.scheduling import (
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    Placement,
)
from summit_contracts.values import EditionId, Instant, InviteeCode, Key, Language, ShortText, Value


class CalendarEntry(Value):
    """One meeting as calendars know it after its last change."""

    edition_id: EditionId
    bilateral_id: Key
    sequence: Annotated[int, Field(ge=0)]
    """0 for the first entry, then one more with every change that was sent."""
    is_cancelled: bool
    placement: Placement
    """Where it is, or where it was when it was cancelled."""
    parties: tuple[InviteeCode, ...]
    topic: ShortText
    topic_language: Language
    changed_at: Instant

    @property
    def uid(self) -> str:
        """The same for the meeting in every calendar, for ever."""
        return f"{self.bilateral_id}@{self.edition_id}.summit"

    @classmethod
    def after(
        cls,
        fact: BilateralScheduled | BilateralMoved | BilateralUnplaced | BilateralCancelled,
        before: Self | None,
        at: datetime,
    ) -> Self | None:
        """The entry as the fact leaves it; none where calendars never had one and get none now."""
        if isinstance(fact, BilateralScheduled):
            placement, is_cancelled = fact.placement, False
        elif isinstance(fact, BilateralMoved):
            placement, is_cancelled = fact.moved_to, False
        elif before is None or before.is_cancelled:
            return before
        else:
            placement, is_cancelled = before.placement, True
        return cls(
            edition_id=fact.edition_id,
            bilateral_id=fact.bilateral_id,
            sequence=before.sequence + 1 if before else 0,
            is_cancelled=is_cancelled,
            placement=placement,
            parties=(fact.requester, *fact.counterparts),
            topic=fact.topic,
            topic_language=fact.language,
            changed_at=at,
        )
