"""What falsifying a plan file is made of."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from itertools import permutations
from typing import Any

Document = dict[str, Any]
Kind = Callable[[Document], Iterator["Mutant"]]


@dataclass(frozen=True)
class Mutant:
    """A falsified plan file."""

    place: str
    document: Document
    rule: str
    """What it breaks; it may break more than that."""
    subject: str | None = None
    """The meeting, party or certificate that the report has to name."""


def rehashed(document: Document) -> Document:
    """The forger has also computed the hash anew."""
    text = json.dumps(document["input"], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    document["certificate"]["input_hash"] = sha256(text.encode()).hexdigest()
    return document


def meetings_of(document: Document) -> dict[str, Document]:
    """The meetings of the input, by key."""
    return {one["key"]: one for one in document["input"]["meetings"]}


def rooms_of(document: Document) -> dict[str, Document]:
    """The rooms of the input, by code."""
    return {one["code"]: one for one in document["input"]["rooms"]}


def placed_at(true: Document, number: int, *, slot: int | None = None, room: str | None = None) -> Document:
    """The plan with one placement elsewhere."""
    forged = deepcopy(true)
    place = forged["placements"][number]
    place[1], place[2] = place[1] if slot is None else slot, room or place[2]
    return forged


def each(true: Document) -> Iterator[tuple[int, str, int, str, Document]]:
    """Each placement: its number, meeting, slot and room, and what the input says of the meeting."""
    of_key = meetings_of(true)
    for number, (key, slot, room) in enumerate(true["placements"]):
        yield number, key, slot, room, of_key[key]


def pairs(true: Document) -> Iterator[tuple[int, Document, int, Document, bool]]:
    """Two placements: number and meeting of each, and whether they share a party."""
    for (one, _, _, _, this), (other, _, _, _, that) in permutations(each(true), 2):
        yield one, this, other, that, bool({*this["parties"]} & {*that["parties"]})


def with_limit(true: Document, party: str, **limit: int) -> Document:
    """The party may have no more than this."""
    forged = deepcopy(true)
    others = [one for one in forged["input"]["limits"] if one["party"] != party]
    forged["input"]["limits"] = [*others, {"party": party, **limit}]
    return rehashed(forged)


def with_meeting(true: Document, key: str, **fields: object) -> Document:
    """The input says something else of a meeting, and the hash fits."""
    forged = deepcopy(true)
    meetings_of(forged)[key].update(fields)
    return rehashed(forged)


def with_room(true: Document, code: str, **fields: object) -> Document:
    """The input says something else of a room, and the hash fits."""
    forged = deepcopy(true)
    rooms_of(forged)[code].update(fields)
    return rehashed(forged)
