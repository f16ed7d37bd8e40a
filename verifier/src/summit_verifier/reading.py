"""A plan file is read strictly: what is missing, of another kind, unknown or said twice makes it unreadable, never ignored.

A rule that this verifier does not know would be a rule that it does not check; so it refuses to judge such a file at all.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, TypeVar

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


class Unreadable(ValueError):
    """The file is no plan file of this version; `str()` says where and why."""


def read(content: bytes) -> PlanFile:
    """What the file says.

    Raises:
        Unreadable: it is no plan file that can be judged.
    """
    if len(content) > _LARGEST:
        raise Unreadable(f"the file has {len(content)} bytes, more than any plan")
    try:
        said = json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as failure:
        raise Unreadable(f"the file is no JSON: {failure}") from failure
    plan = _fields(said, "the file", {"format": str, "version": int})
    if (plan["format"], plan["version"]) != (FORMAT, VERSION):
        raise Unreadable(f"it is {plan['format']} {plan['version']}, and only {FORMAT} {VERSION} is known")
    return _plan_file(_all_of(said, "the file", _FILE, {}))


_FILE: Final[Mapping[str, type]] = {
    "format": str,
    "version": int,
    "timetable": int,
    "published_at": str,
    "input": dict,
    "placements": list,
    "certificate": dict,
    "prices": list,
}
_INPUT: Final[Mapping[str, type]] = {
    "slots": list,
    "rooms": list,
    "meetings": list,
    "resources": dict,
    "limits": list,
    "vetoes": list,
    "published": list,
    "classes": dict,
}
_CERTIFICATE: Final[Mapping[str, type]] = {
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
    given = _all_of(said["input"], "input", {"edition_id": str}, _INPUT)
    slots = tuple(_slot(one, f"input.slots[{n}]") for n, one in enumerate(given.get("slots", ())))
    if any(one.begins >= two.begins for one, two in pairwise(slots)):
        raise Unreadable("input.slots: they do not follow one another")
    return PlanFile(
        number=said["timetable"],
        edition_id=given["edition_id"],
        input_hash=sha256(canonical(said["input"])).hexdigest(),
        slots=slots,
        rooms=_named("room", (_room(*one) for one in _each(given, "rooms")), lambda one: one.code),
        meetings=_named("meeting", (_meeting(*one) for one in _each(given, "meetings")), lambda one: one.key),
        resources=_counts(given.get("resources", {}), "input.resources"),
        limits=_named("limit", (_limit(*one) for one in _each(given, "limits")), lambda one: one.party),
        vetoes=tuple(frozenset(_row(one, where, (str, str))) for one, where in _each(given, "vetoes")),
        published=_named(
            "published placement",
            (_place(*one) for one in _each(given, "published")),
            lambda one: one.meeting,
        ),
        classes=_texts(given.get("classes", {}), "input.classes"),
        places=tuple(_place(one, f"placements[{n}]") for n, one in enumerate(said["placements"])),
        certificate=_certificate(said["certificate"]),
        prices=tuple(_price(one, f"prices[{n}]") for n, one in enumerate(said["prices"])),
    )


def canonical(document: object) -> bytes:
    """The bytes that a hash is taken of: names sorted, no blanks, everything beyond ASCII escaped."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _slot(said: object, where: str) -> Slot:
    begins, ends, day = _row(said, where, (str, str, str))
    try:
        slot = Slot(
            datetime.fromisoformat(begins), datetime.fromisoformat(ends), date.fromisoformat(day).isoformat()
        )
        if slot.begins >= slot.ends:
            raise Unreadable(f"{where}: it ends before it begins")
    except (ValueError, TypeError) as failure:
        raise Unreadable(f"{where}: {failure}") from failure
    if slot.begins.utcoffset() is None or slot.ends.utcoffset() is None:
        raise Unreadable(f"{where}: a moment without its offset from UTC")
    return slot


def _room(said: object, where: str) -> Room:
    one = _all_of(
        said,
        where,
        {"code": str, "seats": int},
        {"slots": list, "equipment": list, "turn_round_minutes": int},
    )
    return Room(
        one["code"],
        one["seats"],
        frozenset(_row_of(one.get("slots", []), f"{where}.slots", int)),
        frozenset(_row_of(one.get("equipment", []), f"{where}.equipment", str)),
        one.get("turn_round_minutes", 0),
    )


def _meeting(said: object, where: str) -> Meeting:
    one = _all_of(
        said,
        where,
        {"key": str, "parties": list, "weight": int, "seats": int, "length": int},
        {"starts": list, "needs": list, "rest_minutes": int, "room": str, "is_fixed": bool},
    )
    parties = tuple(_row_of(one["parties"], f"{where}.parties", str))
    if len(set(parties)) < 2 or len(set(parties)) != len(parties):
        raise Unreadable(f"{where}.parties: a meeting has two different parties or more")
    if min(one["weight"], one["seats"], one["length"]) < 1:
        raise Unreadable(f"{where}: weight, seats and length are 1 or more")
    return Meeting(
        one["key"],
        parties,
        one["weight"],
        one["seats"],
        one["length"],
        frozenset(_row_of(one.get("starts", []), f"{where}.starts", int)),
        tuple(_row_of(one.get("needs", []), f"{where}.needs", str)),
        one.get("rest_minutes", 0),
        one.get("room"),
        one.get("is_fixed", False),
    )


def _limit(said: object, where: str) -> Limit:
    one = _all_of(said, where, {"party": str}, {"meetings": int, "per_day": int, "moves": int})
    return Limit(one["party"], one.get("meetings"), one.get("per_day"), one.get("moves"))


def _place(said: object, where: str) -> Place:
    meeting, slot, room = _row(said, where, (str, int, str))
    return Place(meeting, slot, room)


def _price(said: object, where: str) -> Price:
    kind, subject, at, price = _row(said, where, (str, str, str, int))
    return Price(kind, subject, at, price)


def _certificate(said: object) -> Certificate:
    one = _all_of(said, "certificate", _CERTIFICATE, {})
    levels = []
    for n, level in enumerate(one["levels"]):
        kinds = {"code": str, "objective": int, "bound": int, "seconds": float}
        level = _all_of(level, f"certificate.levels[{n}]", kinds, {})  # noqa: PLW2901  # the same, now known to be one
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


def _counts(said: Mapping[str, object], where: str) -> Mapping[str, int]:
    return dict(zip(said, _row_of(list(said.values()), where, int), strict=True))


def _texts(said: Mapping[str, object], where: str) -> Mapping[str, str]:
    return dict(zip(said, _row_of(list(said.values()), where, str), strict=True))


def _all_of(
    said: object, where: str, needed: Mapping[str, type], possible: Mapping[str, type]
) -> Mapping[str, Any]:
    found = _fields(said, where, needed)
    for name, value in found.items():
        kind = needed.get(name) or possible.get(name)
        if kind is None:
            raise Unreadable(f"{where}: {name} is unknown to this verifier")
        _must_be(kind, value, f"{where}.{name}")
    return found


def _fields(said: object, where: str, needed: Mapping[str, type]) -> Mapping[str, Any]:
    _must_be(dict, said, where)
    assert isinstance(said, dict)  # noqa: S101  # `_must_be` has seen to it; the type cannot say so
    for name, kind in needed.items():
        if name not in said:
            raise Unreadable(f"{where}: {name} is missing")
        _must_be(kind, said[name], f"{where}.{name}")
    return said


def _row(said: object, where: str, kinds: tuple[type, ...]) -> list[Any]:
    _must_be(list, said, where)
    assert isinstance(said, list)  # noqa: S101  # `_must_be` has seen to it; the type cannot say so
    if len(said) != len(kinds):
        raise Unreadable(f"{where}: {len(kinds)} values, not {len(said)}")
    for number, (kind, value) in enumerate(zip(kinds, said, strict=True)):
        _must_be(kind, value, f"{where}[{number}]")
    return said


def _row_of(said: object, where: str, kind: type) -> list[Any]:
    _must_be(list, said, where)
    assert isinstance(said, list)  # noqa: S101  # `_must_be` has seen to it; the type cannot say so
    return _row(said, where, (kind,) * len(said))


def _must_be(kind: type, value: object, where: str) -> None:
    kinds = (int, float) if kind is float else (kind,)
    if type(value) not in kinds:  # exactly: True is no number
        raise Unreadable(f"{where}: {_WORDS[kind]}, not {json.dumps(value)[:40]}")


_WORDS: Final[Mapping[type, str]] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Unreadable(f"{next(name for name in names if names.count(name) > 1)} is said twice")
    return found


def _no_number(word: str) -> object:
    raise Unreadable(f"{word} is no number")
