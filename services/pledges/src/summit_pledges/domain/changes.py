"""What differs between two versions of a value, field by field."""

from collections.abc import Iterator
from typing import Any

from summit_contracts.values import FieldChange, Value


def changes_between(before: Value, after: Value) -> tuple[FieldChange, ...]:
    """Every field that has another value, by its path, in the order of the fields; a list is compared place by place."""
    old = dict(_leaves("", before.model_dump(mode="json", exclude_none=True)))
    new = dict(_leaves("", after.model_dump(mode="json", exclude_none=True)))
    paths = dict.fromkeys([*old, *new])
    return tuple(
        FieldChange(path=path, before=old.get(path), after=new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    )


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _leaves(f"{path}[{position}]", inner)
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
