"""The published words are written down once: no second place can say another subject or type than the contract does."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from summit_contracts.fact import Service
from summit_testkit.house.sources import Fault, Module

_OWNERS = "|".join(Service)
_PUBLISHED = re.compile(rf"^summit(?:-personal)?\.(?:[^.\s]+\.)?(?:{_OWNERS})\.[a-z_]+\.v\d+(?:\.\S+)?$")


def written_more_than_once(modules: Iterable[Module]) -> Iterator[Fault]:
    """Each second place in which a type or subject stands as text; docstrings may name them."""
    places: dict[str, list[tuple[Module, int]]] = defaultdict(list)
    for module in modules:
        for text, line in _literals(module):
            if _PUBLISHED.match(text):
                places[text].append((module, line))
    for text, found in places.items():
        for module, line in sorted(found, key=_contract_first)[1:]:
            yield Fault(module.path, line, f"{text!r} is written down already")


def written_outside_contracts(modules: Iterable[Module]) -> Iterator[Fault]:
    """Each type or subject that stands as text anywhere but in the contracts."""
    for module in modules:
        if module.path.parts[0] != "contracts":
            for text, line in _literals(module):
                if _PUBLISHED.match(text):
                    yield Fault(module.path, line, f"{text!r} belongs to the contracts")


def _contract_first(place: tuple[Module, int]) -> tuple[bool, str, int]:
    module, line = place
    return module.path.parts[0] != "contracts", str(module.path), line


def _literals(module: Module) -> Iterator[tuple[str, int]]:
    docstrings = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value, node.lineno
