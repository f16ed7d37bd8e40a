"""A plan file is read strictly: what is missing, of another kind, unknown or said twice makes it unreadable, never ignored.

A rule that this verifier does not know would be a rule that it does not check; so it refuses to judge such a file at all.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, TypeVar

from summit_verifier.kinds import (
    COUNT,
    FROM_ONE,
    MINUTES,
    Kind,
    Unreadable,
    Whole,
    all_of,
    by_name,
    fields,
    row,
    row_of,
    values_of,
)
from summit_verifier.parts import (
    Certificate,
    Level,
    Limit,
    Meeting,
    Place,
    PlanFile,
    Price,
    Room,
    Slot,
)

FORMAT: Final = "summit-plan"
VERSION: Final = 1
_LARGEST: Final = 200_000_000
"""Bytes; 10,000 wishes take about 5,000,000."""
_MOST_SLOTS: Final = 10_000
"""A month of slots of five minutes, day and night, has fewer."""
_LENGTH: Final = Whole(1, _MOST_SLOTS)


def read(content: bytes) -> PlanFile:
    """What the file says.

    Raises:
        Unreadable: it is no plan file that can be judged.
    """
    if len(content) > _LARGEST:
        raise Unreadable(f"the file has {len(content)} bytes, more than any plan")
    try:
        text = content.decode()
    except UnicodeDecodeError as failure:
        raise Unreadable(f"the file is no JSON: {failure}") from failure
    said = values_of(text)
    plan = fields(said, "the file", {"format": str, "version": int})
    if (plan["format"], plan["version"]) != (FORMAT, VERSION):
        said_to_be = f"{plan['format']}, version {plan['version']}"
        raise Unreadable(f"the file: it is {said_to_be}; only {FORMAT}, version {VERSION}, is known")
    return _plan_file(all_of(said, "the file", _FILE, {}))


_FILE: Final[Mapping[str, Kind]] = {
    "format": str,
    "version": int,
    "timetable": int,
    "published_at": str,
    "input": dict,
    "placements": list,
    "certificate": dict,
    "prices": list,
}
_INPUT: Final[Mapping[str, Kind]] = {
    "slots": list,
    "rooms": list,
    "meetings": list,
    "resources": dict,
    "limits": list,
    "vetoes": list,
    "published": list,
    "classes": dict,
}
_CERTIFICATE: Final[Mapping[str, Kind]] = {
    "input_hash": str,
    "status": str,
    "objective": int,
    "bound": int,
    "solver": str,
    "solver_version": str,
    "seed": int,
    "seconds": float,
    "levels": list,
}


def _plan_file(said: Mapping[str, Any]) -> PlanFile:
    given = all_of(said["input"], "input", {"edition_id": str}, _INPUT)
    if len(given.get("slots", ())) > _MOST_SLOTS:
        raise Unreadable(
            f"input.slots: {len(given['slots'])} slots, and no summit has more than {_MOST_SLOTS}"
        )
    slots = tuple(_slot(one, f"input.slots[{n}]") for n, one in enumerate(given.get("slots", ())))
    if any(one.begins >= two.begins for one, two in pairwise(slots)):
        raise Unreadable("input.slots: they do not follow one another")
    return PlanFile(
        number=said["timetable"],
        edition_id=given["edition_id"],
        slots=slots,
        rooms=_named(
            "room", (_room(*one, len(slots)) for one in _each(given, "rooms")), lambda one: one.code
        ),
        meetings=_named(
            "meeting",
            (_meeting(*one, len(slots)) for one in _each(given, "meetings")),
            lambda one: one.key,
        ),
        resources=by_name(given.get("resources", {}), "input.resources", COUNT),
        limits=_named("limit", (_limit(*one) for one in _each(given, "limits")), lambda one: one.party),
        vetoes=tuple(frozenset(row(one, where, (str, str))) for one, where in _each(given, "vetoes")),
        published=_named(
            "published placement",
            (_place(*one) for one in _each(given, "published")),
            lambda one: one.meeting,
        ),
        classes=by_name(given.get("classes", {}), "input.classes", str),
        places=tuple(_place(one, f"placements[{n}]") for n, one in enumerate(said["placements"])),
        certificate=_certificate(said["certificate"]),
        prices=tuple(_price(one, f"prices[{n}]") for n, one in enumerate(said["prices"])),
        input_hash=sha256(
            canonical(said["input"])
        ).hexdigest(),  # last: by now nothing in it is beyond a hash
    )


def canonical(document: object) -> bytes:
    """The bytes that a hash is taken of: names sorted, no blanks, everything beyond ASCII escaped."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _slot(said: object, where: str) -> Slot:
    begins, ends, day = row(said, where, (str, str, str))
    try:
        slot = Slot(
            datetime.fromisoformat(begins), datetime.fromisoformat(ends), date.fromisoformat(day).isoformat()
        )
    except ValueError as failure:
        raise Unreadable(f"{where}: {failure}") from failure
    if slot.begins.utcoffset() is None or slot.ends.utcoffset() is None:
        raise Unreadable(f"{where}: a moment without its offset from UTC")
    if slot.begins >= slot.ends:
        raise Unreadable(f"{where}: it ends before it begins")
    return slot


def _room(said: object, where: str, slots: int) -> Room:
    one = all_of(
        said,
        where,
        {"code": str, "seats": COUNT},
        {"slots": list, "equipment": list, "turn_round_minutes": MINUTES},
    )
    return Room(
        one["code"],
        one["seats"],
        _numbers(one.get("slots", []), f"{where}.slots", slots),
        frozenset(row_of(one.get("equipment", []), f"{where}.equipment", str)),
        one.get("turn_round_minutes", 0),
    )


def _meeting(said: object, where: str, slots: int) -> Meeting:
    one = all_of(
        said,
        where,
        {"key": str, "parties": list, "weight": FROM_ONE, "seats": FROM_ONE, "length": _LENGTH},
        {"starts": list, "needs": list, "rest_minutes": MINUTES, "room": str, "is_fixed": bool},
    )
    parties = tuple(row_of(one["parties"], f"{where}.parties", str))
    if len(set(parties)) < 2 or len(set(parties)) != len(parties):
        raise Unreadable(f"{where}.parties: a meeting has two different parties or more")
    return Meeting(
        one["key"],
        parties,
        one["weight"],
        one["seats"],
        one["length"],
        _numbers(one.get("starts", []), f"{where}.starts", slots - one["length"] + 1),
        tuple(row_of(one.get("needs", []), f"{where}.needs", str)),
        one.get("rest_minutes", 0),
        one.get("room"),
        one.get("is_fixed", False),
    )


def _limit(said: object, where: str) -> Limit:
    one = all_of(said, where, {"party": str}, {"meetings": COUNT, "per_day": COUNT, "moves": COUNT})
    return Limit(one["party"], one.get("meetings"), one.get("per_day"), one.get("moves"))


def _place(said: object, where: str) -> Place:
    meeting, slot, room = row(said, where, (str, int, str))
    return Place(meeting, slot, room)


def _price(said: object, where: str) -> Price:
    kind, subject, at, price = row(said, where, (str, str, str, int))
    return Price(kind, subject, at, price)


def _certificate(said: object) -> Certificate:
    one = all_of(said, "certificate", _CERTIFICATE, {})
    levels = []
    for n, level in enumerate(one["levels"]):
        kinds: Mapping[str, Kind] = {"code": str, "objective": int, "bound": int, "seconds": float}
        level = all_of(level, f"certificate.levels[{n}]", kinds, {})  # noqa: PLW2901  # the same, now known to be one
        levels.append(Level(level["code"], level["objective"], level["bound"]))
    return Certificate(
        one["input_hash"], one["status"], one["objective"], one["bound"], one["solver"], tuple(levels)
    )


def _each(given: Mapping[str, Any], name: str) -> Iterable[tuple[object, str]]:
    return ((one, f"input.{name}[{number}]") for number, one in enumerate(given.get(name, ())))


_T = TypeVar("_T")


def _named(what: str, parts: Iterable[_T], name_of: Callable[[_T], str]) -> Mapping[str, _T]:
    found: dict[str, _T] = {}
    for one in parts:
        if name_of(one) in found:
            raise Unreadable(f"input: {what} {name_of(one)} occurs twice")
        found[name_of(one)] = one
    return found


def _numbers(said: object, where: str, end: int) -> frozenset[int]:
    """The numbers of slots, of which those from `end` on do not exist or leave no room."""
    numbers = row_of(said, where, int)
    for n, number in enumerate(numbers):
        if not 0 <= number < end:
            raise Unreadable(f"{where}[{n}]: {number} is no slot that there is, or leaves no room for it")
    return frozenset(numbers)
