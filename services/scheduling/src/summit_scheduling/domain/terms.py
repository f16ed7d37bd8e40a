"""Which terms an edition's slots and rooms could meet, and which suit two wishes at once."""

from datetime import timedelta

from summit_contracts.meetings import MOST_NEEDS, BilateralTerms
from summit_contracts.values import Rank
from summit_scheduling.domain.errors.terms import DayNotForBilaterals, SizeUnfit, StartNotASlot, TooLong
from summit_scheduling.domain.grid import Grid


def check_terms(terms: BilateralTerms, *, parties: int, grid: Grid) -> BilateralTerms:
    """The terms, days and starts sorted and without repetition, when some slot and room of the edition could meet them.

    Raises:
        DayNotForBilaterals, TooLong, StartNotASlot, SizeUnfit: none could; the error says what is possible.
    """
    for on in terms.days:
        if on not in grid.days:
            raise DayNotForBilaterals(on, grid.days)
    duration = timedelta(minutes=terms.minutes)
    starts = {grid.slots[start].start_at for start in possible_starts(terms, grid, any_start=True)}
    if not starts:
        raise TooLong(duration)
    for start_at in terms.starts_at:
        if start_at not in starts:
            raise StartNotASlot(start_at)
    seats = max((room.seats for room in grid.rooms if not set(room.days).isdisjoint(terms.days)), default=0)
    if terms.size < parties or 0 < seats < terms.size:  # without a room yet, any size may find one
        raise SizeUnfit(terms.size, parties, seats)
    return terms.model_copy(
        update={"days": tuple(sorted(set(terms.days))), "starts_at": tuple(sorted(set(terms.starts_at)))}
    )


def possible_starts(terms: BilateralTerms, grid: Grid, *, any_start: bool = False) -> tuple[int, ...]:
    """The slots in which a meeting on these terms could begin, whoever comes; `any_start` leaves `starts_at` aside."""
    length = grid.slots_for(timedelta(minutes=terms.minutes))
    days, starts_at = frozenset(terms.days), frozenset(terms.starts_at)
    return tuple(
        slot.number
        for slot in grid.slots
        if slot.on in days
        and (any_start or not starts_at or slot.start_at in starts_at)
        and grid.run(slot.number, length)
    )


def terms_for_both(one: BilateralTerms, other: BilateralTerms) -> BilateralTerms | None:
    """What suits two wishes at once: the higher level, the longer time, the larger room, what either needs there, the days in common;
    or none.
    """
    days = tuple(on for on in one.days if on in other.days)
    starts_at = tuple(moment for moment in one.starts_at if moment in other.starts_at or not other.starts_at)
    if not one.starts_at:
        starts_at = other.starts_at
    needs = tuple(sorted({*one.needs, *other.needs}))
    if not days or (not starts_at and (one.starts_at or other.starts_at)) or len(needs) > MOST_NEEDS:
        return None
    return BilateralTerms(
        level=_higher(one.level, other.level),
        minutes=max(one.minutes, other.minutes),
        size=max(one.size, other.size),
        days=days,
        starts_at=starts_at,
        needs=needs,
    )


def _higher(one: Rank, other: Rank) -> Rank:
    return one if one.at_least(other) else other
