"""What happens to a timetable once it is published: one change at a time, drawn by chance and seeded."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Final

from summit_scheduling.domain.problem import Meeting, Problem

_WEIGHTS = (16, 4, 1)


def withdrawal(published: Problem, chance: Random) -> Problem:
    """A delegation withdraws: none of its meetings is held."""
    gone = chance.choice(_parties(published))
    return _without(published, {one.key for one in published.meetings if gone in one.parties})


def late_request(published: Problem, chance: Random) -> Problem:
    """Two delegations that had not agreed to meet want to, whenever both are there."""
    met = {frozenset(one.parties) for one in published.meetings}
    starts_of: dict[str, set[int]] = {}
    for one in published.meetings:
        for party in one.parties:
            starts_of.setdefault(party, set()).update(one.starts)
    while True:
        pair = chance.sample(sorted(starts_of), 2)
        common = set.intersection(*(starts_of[party] for party in pair))
        if common and frozenset(pair) not in met:
            break
    late = Meeting("late", tuple(pair), chance.choice(_WEIGHTS), 8, 1, tuple(sorted(common)))
    return replace(published, meetings=(*published.meetings, late))


def room_closed(published: Problem, chance: Random) -> Problem:
    """A room is not to be had for a whole day."""
    closed, day = chance.choice(published.rooms), chance.choice(sorted(set(published.days)))
    slots = {slot for slot, on in enumerate(published.days) if on == day}
    rooms = (replace(room, slots=room.slots - slots) if room == closed else room for room in published.rooms)
    return replace(published, rooms=tuple(rooms))


def late_arrival(published: Problem, chance: Random) -> Problem:
    """A delegation comes between 4 and 16 slots late."""
    late, first = chance.choice(_parties(published)), chance.randint(4, 16)
    meetings = (
        replace(one, starts=tuple(start for start in one.starts if start >= first))
        if late in one.parties
        else one
        for one in published.meetings
    )
    return replace(published, meetings=tuple(meetings))


def no_show(published: Problem, chance: Random) -> Problem:
    """Somebody does not come: the meeting is off, all that has begun is frozen, nothing else begins before now."""
    off = chance.choice(published.published)
    left = _without(published, {off.meeting})

    def as_of_now(one: Meeting) -> Meeting:
        place = left.place_before.get(one.key)
        if place and place.slot <= off.slot:
            return replace(one, starts=(place.slot,), room=place.room, is_fixed=True)
        return replace(one, starts=tuple(start for start in one.starts if start >= off.slot))

    return replace(left, meetings=tuple(map(as_of_now, left.meetings)))


CHANGES: Final[Mapping[str, Callable[[Problem, Random], Problem]]] = {
    "withdrawal": withdrawal,
    "late request": late_request,
    "room closed": room_closed,
    "late arrival": late_arrival,
    "no-show": no_show,
}


def _parties(given: Problem) -> list[str]:
    return sorted({party for one in given.meetings for party in one.parties})


def _without(published: Problem, gone: set[str]) -> Problem:
    return replace(
        published,
        meetings=tuple(one for one in published.meetings if one.key not in gone),
        published=tuple(one for one in published.published if one.meeting not in gone),
    )
