"""Ways to falsify where meetings are."""

import json
from collections.abc import Iterator
from copy import deepcopy

from summit_scheduling.domain.aims import ORDER
from summit_scheduling.domain.problem import Assignment, Problem
from summit_testkit.mutants.mutant import Document, Kind, Mutant, each, pairs, placed_at, rooms_of


def at_a_time_that_does_not_suit(true: Document) -> Iterator[Mutant]:
    """A meeting at a time that does not suit."""
    for number, key, _, _, meeting in each(true):
        for slot in range(13 - meeting["length"]):
            if slot not in meeting["starts"]:
                yield Mutant(f"{key} in {slot}", placed_at(true, number, slot=slot), "starts", key)


def outside_of_time(true: Document) -> Iterator[Mutant]:
    """A meeting outside of time."""
    for number, key, _, _, _ in each(true):
        for slot in (-1, 12, 10**9):
            yield Mutant(f"{key} in {slot}", placed_at(true, number, slot=slot), "starts", key)


def while_a_party_is_in_another(true: Document) -> Iterator[Mutant]:
    """A meeting while a party is in another."""
    for one, this, other, that, is_shared in pairs(true):
        if is_shared:
            slot = true["placements"][other][1]
            yield Mutant(f"{this['key']} with {that['key']}", placed_at(true, one, slot=slot), "parties")


def in_a_room_that_is_taken(true: Document) -> Iterator[Mutant]:
    """A meeting in a room that is taken."""
    for one, this, other, that, _ in pairs(true):
        _, slot, room = true["placements"][other]
        forged = placed_at(true, one, slot=slot, room=room)
        yield Mutant(f"{this['key']} with {that['key']}", forged, "room_twice")


def without_rest(true: Document) -> Iterator[Mutant]:
    """A meeting without rest."""
    for one, this, other, that, is_shared in pairs(true):
        end = true["placements"][other][1] + that["length"]
        if is_shared and that.get("rest_minutes", 0) > 10 and end + this["length"] <= 12 and end % 6:
            yield Mutant(
                f"{this['key']} after {that['key']}", placed_at(true, one, slot=end), "rests", this["key"]
            )


def without_turning_the_room_round(true: Document) -> Iterator[Mutant]:
    """A meeting without turning the room round."""
    rooms = rooms_of(true)
    for one, this, other, that, _ in pairs(true):
        _, slot, room = true["placements"][other]
        end = slot + that["length"]
        if rooms[room].get("turn_round_minutes", 0) > 10 and end + this["length"] <= 12 and end % 6:
            forged = placed_at(true, one, slot=end, room=room)
            yield Mutant(f"{this['key']} after {that['key']}", forged, "turn_round", this["key"])


def in_a_room_that_there_is_not(true: Document) -> Iterator[Mutant]:
    """A meeting in a room that there is not."""
    for number, key, _, _, _ in each(true):
        yield Mutant(key, placed_at(true, number, room="Nowhere"), "rooms", key)


def in_a_room_too_small(true: Document) -> Iterator[Mutant]:
    """A meeting in a room too small."""
    for number, key, _, _, meeting in each(true):
        for code, room in rooms_of(true).items():
            if room["seats"] < meeting["seats"]:
                yield Mutant(f"{key} in {code}", placed_at(true, number, room=code), "seats", key)


def in_a_room_without_what_it_needs(true: Document) -> Iterator[Mutant]:
    """A meeting in a room without what it needs."""
    for number, key, _, _, meeting in each(true):
        for code, room in rooms_of(true).items():
            if set(meeting.get("needs", ())) - set(room["equipment"]):
                yield Mutant(f"{key} in {code}", placed_at(true, number, room=code), "equipment", key)


def in_a_room_that_is_closed(true: Document) -> Iterator[Mutant]:
    """A meeting in a room that is closed."""
    for number, key, slot, _, _ in each(true):
        for code, room in rooms_of(true).items():
            if slot not in room["slots"]:
                yield Mutant(f"{key} in {code}", placed_at(true, number, room=code), "opening", key)


def pinned_and_elsewhere(true: Document) -> Iterator[Mutant]:
    """A meeting pinned and elsewhere."""
    for number, key, _, _, meeting in each(true):
        for code in rooms_of(true):
            if meeting.get("room") not in (None, code):
                yield Mutant(f"{key} in {code}", placed_at(true, number, room=code), "pins", key)


def held_twice(true: Document) -> Iterator[Mutant]:
    """A meeting held twice."""
    for _, key, slot, room, _ in each(true):
        for again in (slot, (slot + 5) % 12):
            forged = deepcopy(true)
            forged["placements"].append([key, again, room])
            yield Mutant(f"{key} in {slot} and {again}", forged, "once", key)


def of_a_meeting_that_there_is_not(true: Document) -> Iterator[Mutant]:
    """A meeting of a meeting that there is not."""
    for number, key, _, _, _ in each(true):
        forged = deepcopy(true)
        forged["placements"][number][0] = f"{key}x"
        yield Mutant(key, forged, "once", f"{key}x")


def of_parties_that_are_not_to_meet(true: Document) -> Iterator[Mutant]:
    """A meeting of parties that are not to meet."""
    vetoed = next(one for one in true["input"]["meetings"] if {*one["parties"]} == {"BD", "GH"})
    for slot in (5, 11):
        forged = deepcopy(true)
        forged["placements"].append([vetoed["key"], slot, "Large"])
        yield Mutant(f"in {slot}", forged, "vetoes", vetoed["key"])


def left_out_in_silence(true: Document) -> Iterator[Mutant]:
    """A meeting left out in silence."""
    for number, key, _, _, _ in each(true):
        forged = deepcopy(true)
        del forged["placements"][number]
        yield Mutant(key, forged, "certificate", "certificate")


def left_out_and_called_best(true: Document) -> Iterator[Mutant]:
    """Everything that the certificate says fits the poorer plan; but with that meeting it would be better."""
    for number, key, _, _, meeting in each(true):
        forged = deepcopy(true)
        del forged["placements"][number]
        certificate = forged["certificate"]
        certificate["objective"] = certificate["bound"] = certificate["objective"] - meeting["weight"]
        given = Problem.from_json(json.dumps(true["input"]))
        left = tuple(Assignment(*one) for one in forged["placements"])
        for level in certificate["levels"]:
            count = next(aim.count for aim in ORDER if aim.code == level["code"])
            level["objective"] = level["bound"] = count(given, left)
        yield Mutant(key, forged, "bound", key)


KINDS: tuple[Kind, ...] = (
    at_a_time_that_does_not_suit,
    outside_of_time,
    while_a_party_is_in_another,
    in_a_room_that_is_taken,
    without_rest,
    without_turning_the_room_round,
    in_a_room_that_there_is_not,
    in_a_room_too_small,
    in_a_room_without_what_it_needs,
    in_a_room_that_is_closed,
    pinned_and_elsewhere,
    held_twice,
    of_a_meeting_that_there_is_not,
    of_parties_that_are_not_to_meet,
    left_out_in_silence,
    left_out_and_called_best,
)
