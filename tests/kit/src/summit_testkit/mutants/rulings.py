"""Ways to hold a plan against other rules than it was made for, with a hash that fits."""

from collections.abc import Iterator
from copy import deepcopy

from summit_testkit.mutants.mutant import (
    Document,
    Kind,
    Mutant,
    each,
    rehashed,
    rooms_of,
    with_limit,
    with_meeting,
    with_room,
)


def vetoed_afterwards(true: Document) -> Iterator[Mutant]:
    """Vetoed afterwards."""
    for _, key, _, _, meeting in each(true):
        forged = deepcopy(true)
        forged["input"]["vetoes"].append(sorted(meeting["parties"])[:2])
        yield Mutant(key, rehashed(forged), "vetoes", key)


def counted_things_that_there_are_fewer_of(true: Document) -> Iterator[Mutant]:
    """Counted things that there are fewer of."""
    for code in true["input"]["resources"]:
        forged = deepcopy(true)
        forged["input"]["resources"][code] = 0
        yield Mutant(code, rehashed(forged), "resources")


def over_the_cap_on_meetings(true: Document) -> Iterator[Mutant]:
    """Over the cap on meetings."""
    for party in sorted({party for *_, meeting in each(true) for party in meeting["parties"]}):
        count = sum(party in meeting["parties"] for *_, meeting in each(true))
        yield Mutant(party, with_limit(true, party, meetings=count - 1), "cap_meetings", party)


def over_the_cap_on_a_day(true: Document) -> Iterator[Mutant]:
    """Over the cap on a day."""
    for party in sorted({party for *_, meeting in each(true) for party in meeting["parties"]}):
        days = [slot // 6 for _, _, slot, _, meeting in each(true) if party in meeting["parties"]]
        most = max(map(days.count, days))
        yield Mutant(party, with_limit(true, party, per_day=most - 1), "cap_per_day", party)


def over_the_cap_on_moves(true: Document) -> Iterator[Mutant]:
    """It was published in another slot, where it could have stayed."""
    for _, key, slot, room, meeting in each(true):
        open_in = set(rooms_of(true)[room]["slots"])
        for start in meeting["starts"]:
            if start != slot and open_in.issuperset(range(start, start + meeting["length"])):
                party = meeting["parties"][0]
                forged = with_limit(true, party, moves=0)
                others = [one for one in forged["input"]["published"] if one[0] != key]
                forged["input"]["published"] = [*others, [key, start, room]]
                yield Mutant(f"{key} from {start}", rehashed(forged), "cap_moves", party)


def more_people_than_seats(true: Document) -> Iterator[Mutant]:
    """More people than seats."""
    for _, key, _, room, _ in each(true):
        forged = with_meeting(true, key, seats=rooms_of(true)[room]["seats"] + 1)
        yield Mutant(key, forged, "seats", key)


def seats_taken_out(true: Document) -> Iterator[Mutant]:
    """Seats taken out."""
    for _, key, _, room, meeting in each(true):
        yield Mutant(f"{room} under {key}", with_room(true, room, seats=meeting["seats"] - 1), "seats", key)


def a_room_closed_over_it(true: Document) -> Iterator[Mutant]:
    """A room closed over it."""
    for _, key, slot, room, meeting in each(true):
        last = slot + meeting["length"] - 1
        left = [one for one in rooms_of(true)[room]["slots"] if one != last]
        yield Mutant(f"{room} under {key}", with_room(true, room, slots=left), "opening", key)


def equipment_taken_out(true: Document) -> Iterator[Mutant]:
    """Equipment taken out."""
    for _, key, _, room, meeting in each(true):
        if meeting.get("needs"):
            yield Mutant(f"{room} under {key}", with_room(true, room, equipment=[]), "equipment", key)


def needing_what_no_room_has(true: Document) -> Iterator[Mutant]:
    """Needing what no room has."""
    for _, key, _, _, _ in each(true):
        yield Mutant(key, with_meeting(true, key, needs=["piano"]), "equipment", key)


def no_longer_suiting(true: Document) -> Iterator[Mutant]:
    """No longer suiting."""
    for _, key, slot, _, meeting in each(true):
        left = [one for one in meeting["starts"] if one != slot]
        yield Mutant(key, with_meeting(true, key, starts=left), "starts", key)


def tied_to_another_room(true: Document) -> Iterator[Mutant]:
    """Tied to another room."""
    for _, key, _, room, _ in each(true):
        other = next(code for code in rooms_of(true) if code != room)
        yield Mutant(key, with_meeting(true, key, room=other), "pins", key)


def longer_than_there_is_time(true: Document) -> Iterator[Mutant]:
    """Longer than there is time."""
    for _, key, _, _, _ in each(true):
        yield Mutant(key, with_meeting(true, key, length=13), "file")


def worth_more_than_said(true: Document) -> Iterator[Mutant]:
    """Worth more than said."""
    for _, key, _, _, meeting in each(true):
        yield Mutant(key, with_meeting(true, key, weight=meeting["weight"] + 1), "certificate")


def pinned_and_not_counted(true: Document) -> Iterator[Mutant]:
    """Pinned and not counted."""
    for _, key, _, _, meeting in each(true):
        if not meeting.get("is_fixed"):
            yield Mutant(key, with_meeting(true, key, is_fixed=True), "certificate")


def moved_and_not_counted(true: Document) -> Iterator[Mutant]:
    """Moved and not counted."""
    for _, key, slot, room, _ in each(true):
        forged = deepcopy(true)
        others = [one for one in forged["input"]["published"] if one[0] != key]
        forged["input"]["published"] = [*others, [key, (slot + 1) % 12, room]]
        yield Mutant(key, rehashed(forged), "certificate")


KINDS: tuple[Kind, ...] = (
    vetoed_afterwards,
    counted_things_that_there_are_fewer_of,
    over_the_cap_on_meetings,
    over_the_cap_on_a_day,
    over_the_cap_on_moves,
    more_people_than_seats,
    seats_taken_out,
    a_room_closed_over_it,
    equipment_taken_out,
    needing_what_no_room_has,
    no_longer_suiting,
    tied_to_another_room,
    longer_than_there_is_time,
    worth_more_than_said,
    pinned_and_not_counted,
    moved_and_not_counted,
)
