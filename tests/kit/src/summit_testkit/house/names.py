"""Names that say nothing: what bears one collects whatever has no place."""

import ast
import re
from collections.abc import Iterator

from summit_testkit.house.sources import Fault, Module

BANNED = frozenset(
    {"util", "utils", "common", "helper", "helpers", "base", "manager", "misc", "data", "info"}
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def empty_names(module: Module) -> Iterator[Fault]:
    """Files, folders and classes with such a word in their name, functions with nothing else for a name."""
    for part in (*module.path.parent.parts, module.path.stem):
        if banned := BANNED & words(part):
            yield Fault(module.path, 1, f"{part!r} is named {', '.join(sorted(banned))}")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and (banned := BANNED & words(node.name)):
            yield Fault(module.path, node.lineno, f"class {node.name} is named {', '.join(sorted(banned))}")
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.strip("_").lower() in BANNED
        ):
            yield Fault(module.path, node.lineno, f"function {node.name} has a name that says nothing")


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, in lower case."""
    return {word.lower() for word in _WORD.findall(name)}
