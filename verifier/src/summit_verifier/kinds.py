"""What the values of a plan file have to be: whatever is of another kind, or beyond any plan, is refused, and where it stands is told.

Numbers that no plan has (of more digits than worth can have, infinite, none at all) are read as `Unfit`, which is of no kind that
is ever asked for: so they are refused where they stand, and nothing is ever worked out with them.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

MOST_DIGITS: Final = 40
"""Of a whole number: the prices of 10,000 wishes have about 23."""


class Unreadable(ValueError):
    """The file is no plan file of this version; `str()` says where and why."""


class Unfit(str):
    """What stands for a number in the file, and is none that a plan could have."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """Whole numbers from the least to the most, if there is one."""

    least: int
    most: int | None = None

    def __str__(self) -> str:
        upwards = "or more" if self.most is None else f"to {self.most}"
        return f"a whole number, {self.least} {upwards}"


COUNT: Final = Whole(0)
FROM_ONE: Final = Whole(1)
MINUTES: Final = Whole(0, 366 * 24 * 60)
"""A year."""

Kind = type | Whole
_WORDS: Final[Mapping[type, str]] = {
    str: "a text that can be printed in a line",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def values_of(text: str) -> object:
    """What the JSON says; no name is said twice in one object.

    Raises:
        Unreadable: it is no JSON.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_fraction, parse_constant=Unfit
        )
    except (json.JSONDecodeError, RecursionError) as failure:
        raise Unreadable(f"the file is no JSON: {failure}") from failure


def must_be(kind: Kind, value: object, where: str) -> None:
    """Nothing, where the value is of this kind.

    Raises:
        Unreadable: it is of another.
    """
    if not _is(kind, value):
        raise Unreadable(f"{where}: {_WORDS[kind] if isinstance(kind, type) else kind}, not {_shown(value)}")


def all_of(
    said: object, where: str, needed: Mapping[str, Kind], possible: Mapping[str, Kind]
) -> Mapping[str, Any]:
    """The object, which has all that is needed, and nothing else but what is possible.

    Raises:
        Unreadable: something is missing, of another kind, or unknown.
    """
    found = fields(said, where, needed)
    for name, value in found.items():
        kind = needed.get(name) or possible.get(name)
        if kind is None:
            raise Unreadable(f"{where}: {_shown(name)} is unknown to this verifier")
        must_be(kind, value, f"{where}.{name}")
    return found


def fields(said: object, where: str, needed: Mapping[str, Kind]) -> Mapping[str, Any]:
    """The object, which has all that is needed, whatever else it has.

    Raises:
        Unreadable: something is missing or of another kind.
    """
    must_be(dict, said, where)
    assert isinstance(said, dict)  # noqa: S101  # `must_be` has seen to it; the type cannot say so
    for name, kind in needed.items():
        if name not in said:
            raise Unreadable(f"{where}: {name} is missing")
        must_be(kind, said[name], f"{where}.{name}")
    return said


def row(said: object, where: str, kinds: tuple[Kind, ...]) -> list[Any]:
    """The list, which has one value of each of these kinds.

    Raises:
        Unreadable: it has not.
    """
    must_be(list, said, where)
    assert isinstance(said, list)  # noqa: S101  # `must_be` has seen to it; the type cannot say so
    if len(said) != len(kinds):
        raise Unreadable(f"{where}: {len(kinds)} values, not {len(said)}")
    for number, (kind, value) in enumerate(zip(kinds, said, strict=True)):
        must_be(kind, value, f"{where}[{number}]")
    return said


def row_of(said: object, where: str, kind: Kind) -> list[Any]:
    """The list, whose values are all of this kind.

    Raises:
        Unreadable: they are not.
    """
    must_be(list, said, where)
    assert isinstance(said, list)  # noqa: S101  # `must_be` has seen to it; the type cannot say so
    return row(said, where, (kind,) * len(said))


def by_name(said: Mapping[str, object], where: str, kind: Kind) -> Mapping[str, Any]:
    """The object, whose values are all of this kind, whatever their names.

    Raises:
        Unreadable: they are not.
    """
    for name, value in said.items():
        must_be(str, name, where)
        must_be(kind, value, f"{where}.{name}")
    return said


def _is(kind: Kind, value: object) -> bool:
    if isinstance(kind, Whole):
        return type(value) is int and kind.least <= value and (kind.most is None or value <= kind.most)
    if kind is str:
        return (
            type(value) is str and value.isprintable()
        )  # no lone surrogate, and no line of the report forged
    return type(value) in ((int, float) if kind is float else (kind,))  # exactly: True is no number


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return _WORDS[type(value)]
    return value[:40] if isinstance(value, Unfit) else json.dumps(value)[:40]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise Unreadable(f"{_shown(twice)} is said twice")
    return found


def _whole(digits: str) -> int | Unfit:
    return int(digits) if len(digits) <= MOST_DIGITS else Unfit(digits)


def _fraction(digits: str) -> float | Unfit:
    return number if isfinite(number := float(digits)) else Unfit(digits)
