"""What a domain may know: the published language, its own modules, and those of the standard library that only compute.

No clock, no chance, no file, no network: time and ids come as arguments, so that the same question has the same answer.
"""

import ast
import sys
from collections.abc import Iterator

from summit_testkit.house.sources import Fault, Module, dotted

_DOES_NOT_ONLY_COMPUTE = frozenset(
    {
        "asyncio", "concurrent", "fileinput", "ftplib", "getpass", "glob", "http", "imaplib", "locale", "logging",
        "multiprocessing", "os", "pathlib", "platform", "poplib", "queue", "random", "sched", "secrets", "select", "selectors",
        "shelve", "shutil", "signal", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
        "threading", "time", "urllib", "uuid", "xmlrpc",
    }
)  # fmt: skip  # one a line would be a page of them
_COMPUTES_AFTER_ALL = ("urllib.parse", "uuid.UUID", "uuid.NAMESPACE_", "uuid.uuid3", "uuid.uuid5")
_LIBRARIES = frozenset({"pydantic", "pydantic_core", "annotated_types", "typing_extensions"})
_CLOCKS = frozenset({"now", "utcnow", "today"})
_DATES = frozenset({"datetime", "date"})
_ACTS = frozenset({"open", "io.open", "print", "input"})


def impurities(module: Module) -> Iterator[Fault]:
    """Every import and call by which a domain module would know more than it is told."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _import(module, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                yield from _import(module, node.lineno, f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Attribute) and node.attr in _CLOCKS:
            if dotted(node.value).rsplit(".", 1)[-1] in _DATES:
                yield Fault(module.path, node.lineno, f"{dotted(node)} looks at a clock")
        elif isinstance(node, ast.Call) and dotted(node.func) in _ACTS:
            yield Fault(module.path, node.lineno, f"{dotted(node.func)}() is no computation")


def _import(module: Module, line: int, name: str) -> Iterator[Fault]:
    top, *_ = name.split(".")
    if top in _LIBRARIES or top.startswith("summit_"):
        return  # which of our own packages it may know is the import linter's to say
    if top not in sys.stdlib_module_names:
        yield Fault(module.path, line, f"{top} is no part of the standard library")
    elif top in _DOES_NOT_ONLY_COMPUTE and not name.startswith(_COMPUTES_AFTER_ALL):
        yield Fault(module.path, line, f"{name} does not only compute")
