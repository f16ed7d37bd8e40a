"""How tests wait and double: they wait for what must become true, and double only what is not ours."""

import ast
from collections.abc import Iterator

from summit_testkit.house.sources import Fault, Module, dotted

_SLEEPS = frozenset({"time.sleep", "asyncio.sleep", "anyio.sleep"})


def sleeps(module: Module) -> Iterator[Fault]:
    """Every sleep of a test; `asyncio.sleep(0)`, which only lets others run, is none."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in _SLEEPS and not _is_zero(node):
            yield Fault(module.path, node.lineno, f"{dotted(node.func)}: wait with eventually()")


def mocks(module: Module) -> Iterator[Fault]:
    """Every import of a library that makes doubles of anything, ours included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and any(map(_makes_mocks, _imported(node))):
            yield Fault(module.path, node.lineno, "a mock: use the in-memory version of the port")


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return [prefix + alias.name for alias in node.names]


def _makes_mocks(name: str) -> bool:
    return f"{name}.".startswith(("unittest.mock.", "mock.", "pytest_mock."))


def _is_zero(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
