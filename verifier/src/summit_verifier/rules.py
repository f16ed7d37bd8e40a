"""Every hard rule of a timetable, counted again from the plan file: by pairs and sums, with nothing to search for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Final

from summit_verifier.parts import Meeting, Place, PlanFile, Room


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is broken, by which meeting (or by the certificate, or the file), and where."""

    rule: str
    meeting: str
    place: str
    """The slot and room, or the party, resource or level that it is about."""
    said: str
    """In words."""


def once(plan: PlanFile) -> Iterator[Broken]:
    """Each meeting that is placed is one of the input's, and placed once."""
    held = Counter(one.meeting for one in plan.places)
    for one in plan.places:
        if one.meeting not in plan.meetings:
            yield _broken("once", one, "there is no such meeting")
    for key, count in held.items():
        if count > 1:
            yield Broken("once", key, f"{count} places", f"it is placed {count} times")


def starts(plan: PlanFile) -> Iterator[Broken]:
    """Each begins in a slot in which all its parties can come, and ends before the slots do."""
    for one, meeting in _known(plan):
        if (
            one.slot not in meeting.starts
        ):  # of which none leaves too few slots for it: such a file is not read
            yield _broken("starts", one, "not all its parties can come then")


def rooms(plan: PlanFile) -> Iterator[Broken]:
    """Each has a room that exists, seats it, has what it needs, and is open for all of it."""
    for one, meeting in _known(plan):
        room = plan.rooms.get(one.room)
        if room is None:
            yield _broken("rooms", one, "there is no such room")
            continue
        if room.seats < meeting.seats:
            yield _broken("seats", one, f"{meeting.seats} people, {room.seats} seats")
        if missing := sorted(set(meeting.needs) - room.equipment):
            yield _broken("equipment", one, f"it needs {', '.join(missing)}")
        if not room.open_in.issuperset(range(one.slot, one.slot + meeting.length)):
            yield _broken("opening", one, "the room is not open then")


def pins(plan: PlanFile) -> Iterator[Broken]:
    """Each meeting that is tied to a room (pinned or frozen) is in that room."""
    for one, meeting in _known(plan):
        if meeting.room not in (None, one.room):
            yield _broken("pins", one, f"it is tied to {meeting.room}")


def vetoes(plan: PlanFile) -> Iterator[Broken]:
    """No two parties meet that are not to meet."""
    for one, meeting in _known(plan):
        if any(pair <= set(meeting.parties) for pair in plan.vetoes):
            yield _broken("vetoes", one, "its parties are not to meet")


def parties(plan: PlanFile) -> Iterator[Broken]:
    """No party is in two meetings at a time, and each has its rest after a meeting."""
    held: dict[str, list[Place]] = defaultdict(list)
    for one, meeting in _in_time(plan):
        for party in meeting.parties:
            held[party].append(one)
    for party, its in held.items():
        for first, then in combinations(sorted(its, key=lambda one: one.slot), 2):
            rest = plan.meetings[first.meeting].rest_minutes
            yield from _apart(plan, party, first, then, rest, ("parties", "rests"))


def turns(plan: PlanFile) -> Iterator[Broken]:
    """No room holds two meetings at a time, and each is turned round after a meeting."""
    held: dict[str, list[Place]] = defaultdict(list)
    for one, _ in _in_time(plan):
        if one.room in plan.rooms:
            held[one.room].append(one)
    for code, its in held.items():
        turning = plan.rooms[code].turn_round_minutes
        for first, then in combinations(sorted(its, key=lambda one: one.slot), 2):
            yield from _apart(plan, code, first, then, turning, ("room_twice", "turn_round"))


def resources(plan: PlanFile) -> Iterator[Broken]:
    """No more is in use in any slot than there is of what is counted."""
    in_use: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for one, meeting in _in_time(plan):
        for code in set(meeting.needs) & plan.resources.keys():
            for slot in range(one.slot, one.slot + meeting.length):
                in_use[code, slot].append(one)
    for (code, slot), users in sorted(in_use.items()):
        if len(users) > plan.resources[code]:
            said = f"{len(users)} in use in slot {slot}, {plan.resources[code]} there are"
            yield Broken("resources", users[-1].meeting, code, said)


def caps(plan: PlanFile) -> Iterator[Broken]:
    """No party has more meetings in all, on one day, or moved, than its caps allow."""
    total, daily, moved = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for one, meeting in _in_time(plan):
        total.update(meeting.parties)
        daily.update((party, plan.slots[one.slot].day) for party in meeting.parties)
        if is_moved(plan, one):
            moved.update(meeting.parties)
    for party, limit in sorted(plan.limits.items()):
        yield from _over("cap_meetings", party, "in all", total[party], limit.meetings)
        yield from _over("cap_moves", party, "moved", moved[party], limit.moves)
        for (whose, day), count in sorted(daily.items()):
            if whose == party:
                yield from _over("cap_per_day", party, f"on {day}", count, limit.per_day)


RULES: Final[tuple[Callable[[PlanFile], Iterator[Broken]], ...]] = (
    once,
    starts,
    rooms,
    pins,
    vetoes,
    parties,
    turns,
    resources,
    caps,
)


def takes(plan: PlanFile, meeting: Meeting, start: int, room: Room) -> bool:
    """Whether the meeting could be held there, were it the only one."""
    run = range(start, start + meeting.length)
    return (
        start in meeting.starts
        and meeting.seats <= room.seats
        and meeting.room in (None, room.code)
        and room.equipment.issuperset(meeting.needs)
        and room.open_in.issuperset(run)
        and not any(pair <= set(meeting.parties) for pair in plan.vetoes)
    )


def could_stay(plan: PlanFile, key: str) -> bool:
    """Whether the meeting could be where it was published, were it the only one."""
    before = plan.published.get(key)
    if before is None or key not in plan.meetings or before.room not in plan.rooms:
        return False
    return takes(plan, plan.meetings[key], before.slot, plan.rooms[before.room])


def is_moved(plan: PlanFile, one: Place) -> bool:
    """Whether it is elsewhere than it was published, though it could have stayed."""
    before = plan.published.get(one.meeting)
    return before is not None and before != one and could_stay(plan, one.meeting)


def kept(plan: PlanFile, meeting: Meeting, start: int, minutes: int) -> range:
    """The slots of the meeting, and those after it that begin before so many minutes have passed since its end."""
    end = start + meeting.length
    over, pause = plan.slots[end - 1].ends, timedelta(minutes=minutes)
    while end < len(plan.slots) and plan.slots[end].begins - over < pause:
        end += 1
    return range(start, end)


def _apart(
    plan: PlanFile, whose: str, first: Place, then: Place, minutes: int, rules: tuple[str, str]
) -> Iterator[Broken]:
    """What the earlier and the later meeting break that want the same party or room: the first rule or the second."""
    end = first.slot + plan.meetings[first.meeting].length
    if then.slot < end:
        yield _broken(rules[0], then, f"{whose} is in {first.meeting} then")
        return
    free = plan.slots[then.slot].begins - plan.slots[end - 1].ends
    if free < timedelta(minutes=minutes):
        said = f"{whose} has {free.total_seconds() / 60:g} minutes after {first.meeting} and needs {minutes}"
        yield _broken(rules[1], then, said)


def _over(rule: str, party: str, when: str, count: int, most: int | None) -> Iterator[Broken]:
    if most is not None and count > most:
        yield Broken(rule, party, when, f"{party} has {count} meetings {when}, its cap is {most}")


def _known(plan: PlanFile) -> Iterator[tuple[Place, Meeting]]:
    return ((one, plan.meetings[one.meeting]) for one in plan.places if one.meeting in plan.meetings)


def _in_time(plan: PlanFile) -> Iterator[tuple[Place, Meeting]]:
    """The placements within the slots; the others are broken already."""
    for one, meeting in _known(plan):
        if 0 <= one.slot <= len(plan.slots) - meeting.length:
            yield one, meeting


def _broken(rule: str, one: Place, said: str) -> Broken:
    return Broken(rule, one.meeting, f"slot {one.slot}, room {one.room}", said)
