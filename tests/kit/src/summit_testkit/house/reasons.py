"""Whatever silences a tool or leaves out a test says why, in the same line."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from summit_testkit.house.sources import Fault, Module, dotted

_SILENCERS = re.compile(
    r"noqa(?P<rules>:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)?"
    r"|type:\s*ignore(?P<codes>\[[a-z, -]+\])?"
    r"|pragma:\s*no cover|(?:ruff|mypy|pylint):\s*[\w-]+"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEFT_OUT = ("skip", "skipif", "xfail", "importorskip")


def unexplained_silence(module: Module) -> Iterator[Fault]:
    """Comments that silence a tool and give fewer than two words of reason, or do not say which rule they silence."""
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        silencers = list(_SILENCERS.finditer(token.string))
        if not silencers:
            continue
        line = token.start[0]
        for found in silencers:
            kind = found.group().split(":")[0]
            if (kind == "noqa" and not found["rules"]) or (kind == "type" and not found["codes"]):
                yield Fault(module.path, line, f"{found.group()!r} does not say which rule it silences")
        if len(_WORD.findall(_SILENCERS.sub("", token.string))) < 2:
            yield Fault(module.path, line, f"{token.string!r} gives no reason")


def unexplained_skips(module: Module) -> Iterator[Fault]:
    """Tests that are skipped or expected to fail without a reason."""
    explained: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _leaves_out(node.func):
            explained.add(id(node.func))
            if not _has_reason(node):
                yield Fault(module.path, node.lineno, f"{dotted(node.func)} gives no reason")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and _leaves_out(node) and id(node) not in explained:
            yield Fault(module.path, node.lineno, f"{dotted(node)} gives no reason")


def _leaves_out(node: ast.expr) -> bool:
    first, *_, last = dotted(node).split(".") if "." in dotted(node) else ("", "")
    return first in ("pytest", "unittest", "mark") and last in _LEFT_OUT


def _has_reason(call: ast.Call) -> bool:
    given = [keyword.value for keyword in call.keywords if keyword.arg in ("reason", "msg")]
    if dotted(call.func) in ("pytest.skip", "pytest.xfail", "unittest.skip"):
        given += call.args[:1]
    return any(not isinstance(text, ast.Constant) or bool(str(text.value or "").strip()) for text in given)
