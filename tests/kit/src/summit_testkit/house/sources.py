"""What lies in the house: its files, its Python modules, its packages. Whatever `.gitignore` names is not part of it."""

import ast
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Fault:
    """A place that breaks a house rule."""

    path: Path
    """Relative to the root of the house."""
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path
    """Relative to the root of the house."""
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, parsed once."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def is_test(self) -> bool:
        """Whether it lies under `tests/` and is no part of the kit, which is a package like the others."""
        return self.path.parts[0] == "tests" and self.path.parts[:2] != ("tests", "kit")

    @property
    def is_migration(self) -> bool:
        """Whether it is a migration, which a tool wrote down once and nobody imports."""
        return "migrations" in self.path.parts and self.path.parent.name == "versions"


def files(root: Path) -> list[Path]:
    """Every file of the house, relative to `root`, in order."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#"))]
    found: list[Path] = []
    for directory, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _matches(name, ignored)]
        found += [(Path(directory) / name).relative_to(root) for name in names if not _matches(name, ignored)]
    return sorted(found)


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file that is text, with what it says."""
    for path in files(root):
        try:
            yield path, (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def modules(root: Path) -> list[Module]:
    """Every Python file of the house."""
    return [
        Module(path, (root / path).read_text(encoding="utf-8"))
        for path in files(root)
        if path.suffix == ".py"
    ]


def members(root: Path) -> list[Path]:
    """The folder of every package of the workspace, relative to `root`: what the globs of the root find."""
    globs = settings(root)["tool"]["uv"]["workspace"]["members"]
    return sorted(
        folder.parent.relative_to(root)
        for pattern in globs
        for folder in root.glob(f"{pattern}/pyproject.toml")
    )


def import_name(root: Path, member: Path) -> str:
    """What a member is imported as.

    Raises:
        LookupError: it has not exactly one package under `src/`.
    """
    found = [path.parent.name for path in (root / member / "src").glob("*/__init__.py")]
    if len(found) != 1:
        raise LookupError(f"{member}/src holds {len(found)} packages, not one")
    return found[0]


def services(root: Path) -> list[str]:
    """The name of every folder under `services/`, whatever is in it."""
    return sorted(path.name for path in (root / "services").iterdir() if path.is_dir())


def settings(root: Path) -> dict[str, Any]:
    """The root's `pyproject.toml`."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, empty for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""
