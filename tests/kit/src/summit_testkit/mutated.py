"""Messages that somebody broke: golden ones with bytes, values and structure changed, from a seed.

Source: the mutations of AFL (flip, insert, delete, splice) and of structure-aware fuzzers (drop, double, retype, deepen).
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

_ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 2**64, 1e308, "", " ", "\x00", "\ud800", "é" * 300, "A" * 5000, [], {}, [[]], "..", "*", ">",
    "2022-13-45T99:99:99Z", "=1+1", "<script>", "'; DROP TABLE inbox; --", "\u202e", "𝔄",
)  # fmt: skip
"""Values that something somewhere takes badly."""


def mutated(chance: Random, message: bytes) -> bytes:
    """The message after one to three changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        message = chance.choice(_CHANGES)(chance, message)
    return message


def _flipped(chance: Random, message: bytes) -> bytes:
    if not message:
        return b"\x00"
    place = chance.randrange(len(message))
    return message[:place] + bytes([message[place] ^ 1 << chance.randrange(8)]) + message[place + 1 :]


def _cut(chance: Random, message: bytes) -> bytes:
    return message[: chance.randrange(len(message) + 1)]


def _without_some(chance: Random, message: bytes) -> bytes:
    start = chance.randrange(len(message) + 1)
    return message[:start] + message[start + chance.randint(1, 20) :]


def _with_more(chance: Random, message: bytes) -> bytes:
    start = chance.randrange(len(message) + 1)
    return message[:start] + chance.randbytes(chance.randint(1, 20)) + message[start:]


def _twice(chance: Random, message: bytes) -> bytes:
    start = chance.randrange(len(message) + 1)
    return message[:start] + message[start // 2 :]


def _of_another_shape(chance: Random, message: bytes) -> bytes:
    try:
        whole = json.loads(message)
    except ValueError:
        return _flipped(chance, message)
    places = list(_places(whole))
    if places:
        holder, key = chance.choice(places)
        _change(chance, holder, key)
    return json.dumps(whole, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        found += [(value, key), *_places(held)]
    return found


def _change(chance: Random, holder: Any, key: Any) -> None:
    match chance.randrange(5):
        case 0:
            del holder[key]
        case 1:
            for _ in range(chance.randint(1, 200)):
                holder[key] = [holder[key]]
        case 2 if isinstance(holder, dict):
            holder[chance.choice(("__class__", "$ref", "data", "id", "", "\x00"))] = holder.pop(key)
        case 3 if isinstance(holder[key], str | int):
            holder[key] = holder[key] * 2
        case _:
            holder[key] = chance.choice(_ODD)


_CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flipped, _cut, _without_some, _with_more, _twice, *(_of_another_shape,) * 5,
)  # fmt: skip
