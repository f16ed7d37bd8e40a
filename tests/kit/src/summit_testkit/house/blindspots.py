"""What the import linter does not see: folders that are no packages, and imports by a name in quotes."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from summit_testkit.house.sources import Fault, Module, dotted

_RUN_BY_PATH = "migration_environment"
"""What migrations run in: Alembic finds it, as it finds them, by its path."""
_BY_NAME = frozenset({"import_module", "importlib.import_module", "__import__"})


def unseen_modules(modules: Iterable[Module]) -> Iterator[Fault]:
    """Modules of a package in a folder without `__init__.py`: no import rule is held against them."""
    known = list(modules)
    packages = {module.path.parent for module in known if module.path.name == "__init__.py"}
    for module in known:
        if module.is_migration or module.path.parent.name == _RUN_BY_PATH:
            continue
        for folder in _folders_of_package(module.path):
            if folder not in packages:
                yield Fault(module.path, 1, f"{folder} has no __init__.py")


def _folders_of_package(path: Path) -> list[Path]:
    """From the package's own folder, the one below `src`, down to the module's."""
    if "src" not in path.parts:
        return []
    depth = path.parts.index("src") + 2
    return [Path(*path.parts[:end]) for end in range(depth, len(path.parts))]


def imports_by_name(module: Module) -> Iterator[Fault]:
    """Imports of a package of ours by its name in quotes, or put together from pieces of it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in _BY_NAME and node.args:
            texts = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
            if any(isinstance(text, str) and text.startswith("summit_") for text in texts):
                yield Fault(module.path, node.lineno, "imports by a name in quotes")
