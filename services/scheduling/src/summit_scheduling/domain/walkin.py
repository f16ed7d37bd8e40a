"""Parties who walk up to the desk together: whether they may meet, and the bilateral that they arrange there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_contracts.editions import Edition
from summit_contracts.meetings import BilateralTerms, Days, Minutes, Needs, Size
from summit_contracts.scheduling import BilateralArranged
from summit_contracts.values import InviteeCode, Language, Rank, Value
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral, Change, statement_of
from summit_scheduling.domain.errors.walkins import (
    BilateralExists,
    EquipmentUnknown,
    PartyTwice,
    PartyUnknown,
    PartyWithdrawn,
)
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.progress import ENDED, Proposal, Status
from summit_scheduling.domain.terms import check_terms

Parties = Annotated[tuple[InviteeCode, ...], Field(min_length=2, max_length=10)]


class WalkIn(Value):
    """Who stands at the desk, and what is to be arranged; what is not said is as little as can be."""

    parties: Parties
    """All who are to meet, each once; the first is the one who asks."""
    level: Rank = Rank.EXPERT
    """The least rank with which every party is to be represented."""
    minutes: Minutes | None = None
    """None is one slot."""
    size: Size | None = None
    """None is two people of each party, or as many as the largest room seats."""
    days: Days = ()
    """On which days for bilaterals it may be held, in the edition's time zone; empty is any of them."""
    needs: Needs = ()
    """Equipment that the room is to have."""

    def check(
        self,
        edition: Edition,
        known: Mapping[str, Availability],
        between: Iterable[Bilateral],
        *,
        now: datetime,
    ) -> None:
        """Nothing, where these may meet; `between` are the bilaterals of exactly these parties.

        Raises:
            PartyTwice, PartyUnknown, PartyWithdrawn: somebody named cannot be a party.
            BilateralExists: they have asked for this meeting or agreed to it already, and it is not over.
        """
        for position, code in enumerate(self.parties):
            if code in self.parties[:position]:
                raise PartyTwice(position, code)
            if edition.invitee(code) is None:
                raise PartyUnknown(position, code)
            if code in known and known[code].is_withdrawn:
                raise PartyWithdrawn(position, code)
        for one in between:
            is_over = one.placement is not None and one.placement.end_at <= now
            if one.status not in ENDED and not is_over:
                raise BilateralExists(one.bilateral_id, one.status, one.awaiting)

    def terms(self, grid: Grid) -> BilateralTerms:
        """The terms in full.

        Raises:
            EquipmentUnknown: no room of the edition has what is needed.
            Invalid: no slot or room of the edition could meet the terms (`terms.check_terms`).
        """
        had = {code for room in grid.rooms for code in room.equipment}
        for position, code in enumerate(self.needs):
            if code not in had:
                raise EquipmentUnknown(position, code, sorted(had))
        parties, minutes = len(self.parties), int(grid.length.total_seconds() // 60)
        seats = max((room.seats for room in grid.rooms), default=2 * parties)
        terms = BilateralTerms(
            level=self.level,
            minutes=minutes if self.minutes is None else self.minutes,
            size=min(2 * parties, max(seats, parties)) if self.size is None else self.size,
            days=self.days or grid.days,
            needs=tuple(dict.fromkeys(self.needs)),
        )
        return check_terms(terms, parties=parties, grid=grid)


def arrange(
    walk_in: WalkIn,
    *,
    bilateral_id: str,
    topic: str,
    language: Language,
    priority: int,
    grid: Grid,
    now: datetime,
) -> Change:
    """The bilateral that all its parties, standing there, have agreed to; nothing is held for it yet.

    Raises:
        Invalid: no slot or room of the edition could meet the terms (`WalkIn.terms`).
    """
    requester, *counterparts = walk_in.parties
    bilateral = Bilateral(
        edition_id=grid.edition_id,
        bilateral_id=bilateral_id,
        requester=requester,
        counterparts=tuple(counterparts),
        priority=priority,
        topic=topic,
        language=language,
        thread=(Proposal(requester, walk_in.terms(grid), now),),
        status=Status.AGREED,
        accepted_by=frozenset(counterparts),
    )
    return Change(bilateral, (BilateralArranged(**statement_of(bilateral), arranged_at=now),))
