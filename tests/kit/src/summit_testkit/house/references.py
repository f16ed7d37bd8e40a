"""What the documents point at: functions, files, links and make targets, each of which has to be there.

A function is named as `file.py::name` or `file.py::Class.name` between back quotes. A file is named from the root of the
house, or as one says it in conversation: `registration/http/routes.py`, `chassis/outbox.py`, `contracts/values.py`.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from summit_testkit.house.sources import Fault, import_name, members

_FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`\n]+)`")
_FUNCTION = re.compile(r"^([\w./-]+\.py)::([A-Za-z_][\w.]*)$")
_FILE = re.compile(r"^[\w.-]+(?:/[\w.-]+)+\.(?:py|toml|md|json|yaml|yml|csv|txt|html|mako|conf)$")
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")
_DOCUMENT = re.compile(r"(?<![\w/])docs/[\w/-]+\.md\b")
_SUMMIT = re.compile(r"`(?:\.venv/bin/)?summit ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?[^`\n]*`")
_MAKE = re.compile(r"^make ([a-z][a-z-]*)")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


@dataclass(frozen=True)
class Reference:
    """A function that a document names."""

    line: int
    file: str
    name: str


def references(text: str) -> Iterator[Reference]:
    """Every `file::function` of a document."""
    for line, quoted in _quoted(text):
        if match := _FUNCTION.match(quoted):
            yield Reference(line, match[1], match[2])


def dead_references(root: Path, document: Path, text: str) -> Iterator[Fault]:
    """Functions and files that the document names and that are not there."""
    for reference in references(text):
        where = locate(root, reference.file)
        if where is None:
            yield Fault(document, reference.line, f"there is no file {reference.file}")
        elif not defines(where.read_text(encoding="utf-8"), reference.name):
            yield Fault(document, reference.line, f"{reference.file} has no {reference.name}")
    for line, quoted in _quoted(text):
        if _FILE.match(quoted) and locate(root, quoted) is None and not _in_some_package(root, quoted):
            yield Fault(document, line, f"there is no file {quoted}")


def dead_links(root: Path, document: Path, text: str) -> Iterator[Fault]:
    """Links to files of the house that are not there; links into the world are not followed."""
    prose = _without_fences(text)
    for match in _LINK.finditer(prose):
        target = match[1].split("#")[0]
        if not target or "://" in target or target.startswith("mailto:"):
            continue
        if not (root / document.parent / target).exists():
            line = prose[: match.start()].count("\n") + 1
            yield Fault(document, line, f"the link to {target} leads nowhere")


def dead_targets(root: Path, document: Path, text: str) -> Iterator[Fault]:
    """Make targets that the document names, alone or in a block of commands, and that the Makefile does not have."""
    targets = set(_TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    commands = [*_quoted(text), *enumerate(map(str.strip, text.splitlines()), 1)]
    for line, command in commands:
        if (match := _MAKE.match(command)) and match[1] not in targets:
            yield Fault(document, line, f"the Makefile has no target {match[1]}")


def dead_commands(path: Path, text: str, known: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Commands of `summit` that a text names and that are not there; `known` has each with the commands below it."""
    for line, content in enumerate(text.splitlines(), 1):
        for match in _SUMMIT.finditer(content):
            command, below = match[1], match[2]
            if command not in known:
                yield Fault(path, line, f"summit has no command {command}")
            elif known[command] and below is not None and below not in known[command]:
                yield Fault(path, line, f"summit {command} has no command {below}")


def dead_documents(root: Path, path: Path, text: str) -> Iterator[Fault]:
    """Documents that code points its readers to and that are not there."""
    for line, content in enumerate(text.splitlines(), 1):
        for match in _DOCUMENT.finditer(content):
            if not (root / match[0]).is_file():
                yield Fault(path, line, f"there is no document {match[0]}")


def locate(root: Path, file: str) -> Path | None:
    """The file meant, from the root or by the short name of its package; none where it is not there."""
    if (root / file).is_file():
        return root / file
    first, _, rest = file.partition("/")
    for member in members(root):
        package = import_name(root, member)
        if rest and first in (member.name, package.removeprefix("summit_")):
            found = root / member / "src" / package / rest
            return found if found.is_file() else None
    return None


def _in_some_package(root: Path, file: str) -> bool:
    """Whether it is a room's file that services have, as in "each has a `store/tables.py`"."""
    return any(
        (root / member / "src" / import_name(root, member) / file).is_file() for member in members(root)
    )


def defines(source: str, name: str) -> bool:
    """Whether a module defines this function, class or constant, or this member of a class."""
    body: list[ast.stmt] = ast.parse(source).body
    *classes, last = name.split(".")
    for step in classes:
        found = next((node for node in body if isinstance(node, ast.ClassDef) and node.name == step), None)
        if found is None:
            return False
        body = found.body
    return any(last in _names(node) for node in body)


def _names(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Assign():
            return {target.id for target in node.targets if isinstance(target, ast.Name)}
        case ast.AnnAssign():
            return {node.target.id} if isinstance(node.target, ast.Name) else set()
        case _:
            return set()


def _quoted(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_without_fences(text).splitlines(), 1):
        for match in _QUOTED.finditer(line):
            yield number, match[1]


def _without_fences(text: str) -> str:
    """The text with its blocks of code blanked, line numbers kept."""
    return _FENCE.sub(lambda match: "\n" * match[0].count("\n"), text)
