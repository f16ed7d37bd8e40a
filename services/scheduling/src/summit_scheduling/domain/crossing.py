"""Two delegations that ask for each other: one meeting serves both wishes."""

from datetime import datetime
from typing import NamedTuple

from summit_contracts.fact import Fact
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.progress import PLACEABLE, Status
from summit_scheduling.domain.terms import terms_for_both


class Joined(NamedTuple):
    """Two wishes that became one meeting: the one that goes on, the one that ends, and what became true."""

    after: Bilateral
    ended: Bilateral
    facts: tuple[Fact, ...]


def join(first: Bilateral, later: Bilateral, *, now: datetime) -> Joined | None:
    """The later wish is cancelled and counts as a yes to the first, or none where they cannot be one meeting.

    They can while the first waits for the later one's requester and the terms of both leave a day, or once the first is
    agreed. The priority is the stronger of the two. Wishes of more than two parties are never joined.
    """
    if not _cross(first, later):
        return None
    after, facts = first, tuple[Fact, ...]()
    if first.status not in PLACEABLE:
        terms = terms_for_both(first.terms, later.terms)
        if first.awaiting != (later.requester,) or terms is None:
            return None
        priority = min(first.priority, later.priority)
        after, facts = first.settle(later.requester, terms, priority=priority, now=now)
    ended = later.yield_to(first.bilateral_id, now=now)
    return Joined(after, ended.after, (*facts, *ended.facts))


def _cross(first: Bilateral, later: Bilateral) -> bool:
    return (
        first.edition_id == later.edition_id
        and len(first.parties) == 2
        and set(first.parties) == set(later.parties)
        and first.requester != later.requester
        and later.status is Status.REQUESTED
    )
