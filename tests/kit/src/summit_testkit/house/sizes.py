"""Sizes as a signal: what grows beyond them wants to be two.

A module counts all its lines, a function from its `def` to its end, docstring included. The functions of a migration are
not counted: a tool wrote them from the tables, and they are read once.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from summit_testkit.house.sources import Fault, Module

MODULE_SIGNAL, MODULE_LIMIT = 300, 400
FUNCTION_SIGNAL, FUNCTION_LIMIT = 40, 60


@dataclass(frozen=True)
class Large:
    """Something that wants to be two."""

    fault: Fault
    is_too_large: bool
    """Beyond the limit, not only beyond the signal."""


def large_ones(module: Module) -> Iterator[Large]:
    """The module itself, and each of its functions, where they are beyond their signal."""
    lines = len(module.text.splitlines())
    if lines > MODULE_SIGNAL:
        yield Large(Fault(module.path, 1, f"{lines} lines, of {MODULE_LIMIT} at most"), lines > MODULE_LIMIT)
    if module.is_migration:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_SIGNAL:
                what = f"{node.name} has {length} lines, of {FUNCTION_LIMIT} at most"
                yield Large(Fault(module.path, node.lineno, what), length > FUNCTION_LIMIT)
