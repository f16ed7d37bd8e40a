"""Whether a part of an edition file has the keys and kinds of values that its contract class asks for.

The contract classes alone say what a file may hold. pydantic would turn `9` into a time and `"20"` into a number; whoever
writes a file by hand wants to be told instead, so kinds are compared here and pydantic is left with the bounds.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, ValidationError

from summit_registration.domain.spelling import did_you_mean
from summit_registration.domain.toml_lines import Path

V = TypeVar("V", bound=BaseModel)

_KINDS: Final[dict[object, tuple[str, str]]] = {
    str: ("a text", 'Write it in quotes, e.g. "A".'),
    int: ("a whole number", "Write it in digits, without quotes."),
    bool: ("true or false", "Write true or false, without quotes."),
    date: ("a date", "Write it as 2022-08-31, without quotes."),
    time: ("a time of day", "Write it as 09:00:00, without quotes."),
    datetime: ("a moment", "Write it as 2022-08-31T09:00:00, without quotes."),
    list: ("a list", "Write it in [brackets]."),
    dict: ("a table", "Write it as [table] or {key = value}."),
}
_PATTERNS: Final = {
    "^[a-z0-9](": "Use lower case letters, digits and hyphens, at most 40.",
    "^[A-Z][A-Z": "Use a code in capitals, e.g. KE or INTERPOL.",
    "^[A-Za-z0-": "Use letters, digits, hyphens and underscores, at most 64.",
    "^[a-z][a-z": "Use lower case letters, digits and underscores, beginning with a letter.",
}


class Misfit(NamedTuple):
    """Something that does not fit, and where."""

    path: Path
    says: str
    remedy: str


def misfits(shape: Any, value: Any, path: Path) -> Iterator[Misfit]:
    """Everything under `path` whose keys or kinds are not those of `shape`, a contract class or annotation."""
    if get_origin(shape) is Annotated:
        yield from misfits(get_args(shape)[0], value, path)
    elif get_origin(shape) in (Union, UnionType):
        yield from _in_any(get_args(shape), value, path)
    elif get_origin(shape) is Literal:
        yield from _in_vocabulary(list(get_args(shape)), value, path)
    elif get_origin(shape) is tuple:
        yield from _in_list(get_args(shape)[0], value, path)
    elif isinstance(shape, type) and issubclass(shape, BaseModel):
        yield from _in_table(shape, value, path)
    elif isinstance(shape, type) and issubclass(shape, Enum):
        yield from _in_vocabulary([str(member.value) for member in shape], value, path)
    else:
        kind = datetime if shape is AwareDatetime else shape
        if kind in _KINDS and type(value) is not kind:
            yield wrong_kind(kind, value, path)


def wrong_kind(kind: type, value: Any, path: Path) -> Misfit:
    """The value is of another kind than it has to be."""
    wanted, remedy = _KINDS[kind]
    found = _KINDS.get(type(value), (type(value).__name__, ""))[0]
    return Misfit(path, f"{found} stands where {wanted} belongs.", remedy)


def unknown_keys(table: dict[str, Any], known: list[str], path: Path) -> Iterator[Misfit]:
    """Every key of the table that is not among the known ones."""
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known) or f"Known here: {', '.join(known)}."
            yield Misfit((*path, key), "this key is not known.", hint)


def beyond_bounds(shape: type[V], value: Any, path: Path) -> V | list[Misfit]:
    """The value as its contract class, or what of it is out of the contract's bounds."""
    try:
        return shape.model_validate(value)
    except ValidationError as failure:
        return [_in_words(error, path) for error in failure.errors(include_url=False)]


def _in_any(shapes: tuple[Any, ...], value: Any, path: Path) -> Iterator[Misfit]:
    tried = [list(misfits(shape, value, path)) for shape in shapes if shape is not type(None)]
    if not all(tried):
        return
    deeper = next((found for found in tried if found[0].path != path), None)
    if deeper is not None:
        yield from deeper  # of this shape, but with a fault inside
    else:
        remedies = " Or: ".join(dict.fromkeys(found[0].remedy for found in tried))
        yield Misfit(path, tried[-1][0].says, remedies)


def _in_list(shape: Any, value: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, list):
        yield wrong_kind(list, value, path)
        return
    for position, element in enumerate(value):
        yield from misfits(shape, element, (*path, position))


def _in_table(shape: type[BaseModel], value: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield wrong_kind(dict, value, path)
        return
    yield from unknown_keys(value, list(shape.model_fields), path)
    for name, field in shape.model_fields.items():
        if name in value:
            yield from misfits(field.annotation, value[name], (*path, name))
        elif field.is_required():
            yield Misfit((*path, name), "this key is missing.", "Add it.")


def _in_vocabulary(words: list[str], value: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, str):
        yield wrong_kind(str, value, path)
    elif value not in words:
        hint = did_you_mean(value, words)
        yield Misfit(
            path, f"{value!r} is not in the vocabulary.", hint or f"Choose one of {', '.join(words)}."
        )


def _in_words(error: Any, path: Path) -> Misfit:
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    remedy = next((words for start, words in _PATTERNS.items() if pattern.startswith(start)), "")
    says = f"{error['input']!r} is not well-formed." if remedy else _sentence(error["msg"])
    return Misfit((*path, *error["loc"]), says, remedy or "Mend the value.")


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ").rstrip(".")
    return f"{text[:1].lower()}{text[1:]}."
