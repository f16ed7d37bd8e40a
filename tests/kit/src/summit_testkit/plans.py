"""The plainest ways to check a timetable and to find the best one; written without a look at the checker or the engine."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from summit_scheduling.domain.problem import Assignment, Meeting, Problem

Worth = tuple[int, int, int, int]
"""Pinned meetings placed, weight placed, meetings that stay where they were published, meetings of delegations of little demand:
in the order in which they count.
"""
Waits = tuple[int, int, int]
"""Idle periods, changes of room, and the summed numbers of the slots in which meetings begin: fewer is better."""


def worth_of(given: Problem, plan: Sequence[Assignment]) -> Worth:
    """What a plan is worth."""
    meetings = [given.by_key[one.meeting] for one in plan]
    return (
        sum(one.is_fixed for one in meetings),
        sum(one.weight for one in meetings),
        len(set(plan) & set(given.published)),
        sum(given.classes.get(party) == "little" for one in meetings for party in one.parties),
    )


def waits_of(given: Problem, plan: Sequence[Assignment]) -> Waits:
    """How long parties wait and walk, and how late it gets."""
    idle = changes = 0
    for party in {party for one in given.meetings for party in one.parties}:
        own = sorted(
            (one for one in plan if party in given.by_key[one.meeting].parties), key=lambda one: one.slot
        )
        for earlier, later in pairwise(own):
            if given.days[earlier.slot] == given.days[later.slot]:
                idle += earlier.slot + given.by_key[earlier.meeting].length < later.slot
                changes += earlier.room != later.room
    return idle, changes, sum(one.slot for one in plan)


def shortest_waits_by_trying_all(given: Problem, plan: Sequence[Assignment]) -> Waits:
    """The best that any plan has that places the same meetings, and leaves the same ones where they were published."""
    keys = sorted(one.meeting for one in plan)
    stay = set(plan) & set(given.published)

    def best(position: int, placed: tuple[Assignment, ...]) -> Waits | None:
        if position == len(keys):
            return waits_of(given, placed)
        found = None
        for start in given.by_key[keys[position]].starts:
            for room in given.rooms:
                added = Assignment(keys[position], start, room.code)
                is_elsewhere = any(one.meeting == added.meeting and one != added for one in stay)
                if not is_elsewhere and _may_join(given, placed, added):
                    tried = best(position + 1, (*placed, added))
                    found = tried if found is None else min(found, tried or found)
        return found

    shortest = best(0, ())
    assert shortest is not None, "the plan itself is one of them"
    return shortest


def best_by_trying_all(given: Problem) -> Worth:
    """The most that any plan is worth, found by trying every one: meeting by meeting, left out or put where nothing is broken."""

    def best(position: int, plan: tuple[Assignment, ...]) -> Worth:
        if position == len(given.meetings):
            return worth_of(given, plan)
        found = best(position + 1, plan)
        one = given.meetings[position]
        for start in one.starts:
            for room in given.rooms:
                added = Assignment(one.key, start, room.code)
                if _may_join(given, plan, added):
                    found = max(found, best(position + 1, (*plan, added)))
        return found

    return best(0, ())


def best_weight_by_trying_all(given: Problem) -> int:
    """The greatest weight of any plan that places as many pinned meetings as can be."""
    return best_by_trying_all(given)[1]


def hard_rules_broken(given: Problem, plan: Sequence[Assignment]) -> list[str]:
    """What the plan does that no plan may do, in words."""
    wanted = {one.key: one for one in given.meetings}
    rooms = {one.code: one for one in given.rooms}
    faults = [f"{one.meeting} is unknown" for one in plan if one.meeting not in wanted]
    faults += [f"{one.room} is unknown" for one in plan if one.room not in rooms]
    faults += [f"{key} is held {n} times" for key, n in Counter(one.meeting for one in plan).items() if n > 1]
    if faults:
        return faults
    for one in plan:
        faults += _alone(given, one)
    for place, one in enumerate(plan):
        for other in plan[:place]:
            faults += _together(given, *sorted((one, other), key=lambda each: each.slot))
    return faults + list(_counted(given, plan))


def _may_join(given: Problem, plan: tuple[Assignment, ...], added: Assignment) -> bool:
    """Whether a plan that breaks nothing still does so with one more."""
    if any(_alone(given, added)):
        return False
    pairs = (sorted((one, added), key=lambda each: each.slot) for one in plan)
    return not any(any(_together(given, *pair)) for pair in pairs) and not any(
        _counted(given, (*plan, added))
    )


def _alone(given: Problem, one: Assignment) -> Iterator[str]:
    this, room = given.by_key[one.meeting], given.room_by_code[one.room]
    if one.slot not in this.starts or any({*pair} <= {*this.parties} for pair in given.vetoes):
        yield f"{one.meeting} begins in {one.slot}"
    if room.seats < this.seats or {*this.needs} - room.equipment or this.room not in (None, room.code):
        yield f"{one.meeting} does not fit into {one.room}"
    if not {*range(one.slot, one.slot + this.length)} <= room.slots:
        yield f"{one.room} is closed for {one.meeting}"


def _together(given: Problem, first: Assignment, then: Assignment) -> Iterator[str]:
    """What two meetings break between them of which the first begins no later than the other."""
    earlier, later, room = (
        given.by_key[first.meeting],
        given.by_key[then.meeting],
        given.room_by_code[first.room],
    )
    if {*earlier.parties} & {*later.parties} and _too_soon(given, first, then, earlier, earlier.rest_minutes):
        yield f"{first.meeting} and {then.meeting} have a party at a time"
    if first.room == then.room and _too_soon(given, first, then, earlier, room.turn_round_minutes):
        yield f"{first.meeting} and {then.meeting} have a room at a time"


def _too_soon(given: Problem, first: Assignment, then: Assignment, earlier: Meeting, minutes: int) -> bool:
    last = min(first.slot + earlier.length, len(given.slots)) - 1
    if not (last >= 0 and 0 <= then.slot < len(given.slots)):
        return False
    free = given.slots[then.slot][0] - given.slots[last][1]
    return then.slot <= last or free.total_seconds() < minutes * 60


def _counted(given: Problem, plan: Sequence[Assignment]) -> Iterator[str]:
    uses, meetings, daily, moves = (
        Counter[tuple[str, int]](),
        Counter[str](),
        Counter[tuple[str, object]](),
        Counter[str](),
    )
    before = {one.meeting: one for one in given.published}
    for one in plan:
        this = given.by_key[one.meeting]
        uses.update((code, slot) for code in this.needs for slot in range(one.slot, one.slot + this.length))
        meetings.update(this.parties)
        if 0 <= one.slot < len(given.days):
            daily.update((party, given.days[one.slot]) for party in this.parties)
        was = before.get(one.meeting)
        if was and was != one and was.room in given.room_by_code and not list(_alone(given, was)):
            moves.update(this.parties)
    yield from (f"too many {use}" for use, n in uses.items() if n > given.resources.get(use[0], n))
    for limit in given.limits:
        if limit.meetings is not None and meetings[limit.party] > limit.meetings:
            yield f"too many meetings of {limit.party}"
        if limit.per_day is not None and any(
            n > limit.per_day for (party, _), n in daily.items() if party == limit.party
        ):
            yield f"too many meetings of {limit.party} on one day"
        if limit.moves is not None and moves[limit.party] > limit.moves:
            yield f"too many moves of {limit.party}"
