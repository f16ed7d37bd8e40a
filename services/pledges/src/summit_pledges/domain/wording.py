"""What the words around a number say about it: "more than 95 million", "250 to 300", "about 35 per cent".

Only words beside the very number of the register count; whatever is not understood stays what the register's columns say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_NUMBER: Final = r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:\s+(thousand|million|billion))?"
_BEFORE: Final = re.compile(
    rf"\b(more than|over|at least|about|around|some)\s+(?:[A-Z]{{3}}\s+)?{_NUMBER}", re.IGNORECASE
)
_RANGES: Final = (
    re.compile(rf"\bbetween\s+{_NUMBER}\s+and\s+{_NUMBER}", re.IGNORECASE),
    re.compile(rf"\b{_NUMBER}(?:\s+to\s+|[-–]){_NUMBER}", re.IGNORECASE),
)
_SCALE: Final = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}


@dataclass(frozen=True, slots=True)
class Hint:
    """What the words say about one number."""

    is_exceeded: bool = False
    """More than."""
    is_least: bool = False
    """At least."""
    is_approximate: bool = False
    """About."""
    minimum: Decimal | None = None
    """The lower end of a range whose upper end the number is."""


_NO_HINT: Final = Hint()
_MEANS: Final = {
    "more than": Hint(is_exceeded=True),
    "over": Hint(is_exceeded=True),
    "at least": Hint(is_least=True),
    "about": Hint(is_approximate=True),
    "around": Hint(is_approximate=True),
    "some": Hint(is_approximate=True),
}


def hint_about(number: Decimal, words: str) -> Hint:
    """What the words say about this number; of several statements the first holds."""
    for minimum, maximum in _ranges_in(words):
        if maximum == number and minimum < maximum:
            return Hint(minimum=minimum)
    for match in _BEFORE.finditer(words):
        if _value(match.group(2), match.group(3)) == number:
            return _MEANS[match.group(1).lower()]
    return _NO_HINT


def _ranges_in(words: str) -> Iterator[tuple[Decimal, Decimal]]:
    for pattern in _RANGES:
        for match in pattern.finditer(words):
            scale = match.group(4)
            yield _value(match.group(1), match.group(2) or scale), _value(match.group(3), scale)


def _value(digits: str, scale: str | None) -> Decimal:
    return Decimal(digits.replace(",", "")) * _SCALE[(scale or "").lower()]
