"""The lines of a TOML text are those a person would point at."""

import json
import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from summit_registration.domain.toml_lines import Path, lines_of

_TEXT = '''# a comment with = and [brackets]
title = "one"   # and another

plain.dotted.key = 1
"quoted key".'literal.key' = 2
many = [
  1,
  # between
  [2, 3],
  { a = "]", "b c" = '}' },
]
story = """first
"second" ""
third"""
literal = \'\'\'
no \\ escape ' here\'\'\'
at = 2022-08-31 09:00:00
[table.inner]
x = 1
[[rooms]]
code = "A"
[rooms.extra]
y = 2
[[rooms]]
code = "B"
[[rooms.days]]
on = 1
'''


def test_every_key_and_element_stands_on_its_own_line() -> None:
    expected: dict[Path, int] = {
        (): 1,
        ("title",): 2,
        ("plain",): 4,
        ("plain", "dotted"): 4,
        ("plain", "dotted", "key"): 4,
        ("quoted key",): 5,
        ("quoted key", "literal.key"): 5,
        ("many",): 6,
        ("many", 0): 7,
        ("many", 1): 9,
        ("many", 1, 0): 9,
        ("many", 1, 1): 9,
        ("many", 2): 10,
        ("many", 2, "a"): 10,
        ("many", 2, "b c"): 10,
        ("story",): 12,
        ("literal",): 15,
        ("at",): 17,
        ("table",): 18,
        ("table", "inner"): 18,
        ("table", "inner", "x"): 19,
        ("rooms",): 20,
        ("rooms", 0): 20,
        ("rooms", 0, "code"): 21,
        ("rooms", 0, "extra"): 22,
        ("rooms", 0, "extra", "y"): 23,
        ("rooms", 1): 24,
        ("rooms", 1, "code"): 25,
        ("rooms", 1, "days"): 26,
        ("rooms", 1, "days", 0): 26,
        ("rooms", 1, "days", 0, "on"): 27,
    }
    assert lines_of(_TEXT) == expected


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\nb = 2\r\n") == {(): 1, ("a",): 1, ("b",): 2}


_KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=4)
_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=6),
    st.sampled_from(['"', "]]", "} # x", "\\", '"" b', "two\nlines", "''", "a = 1"]),
)
_LEAVES = st.one_of(st.integers(-9, 9), st.booleans(), st.dates(), st.times(), st.datetimes(), _TEXTS)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3)
)


@st.composite
def _toml(draw: st.DrawFn) -> str:
    """A well-formed text in one of the many ways in which a person may lay it out."""
    lines: list[str] = []
    for key, value in draw(st.dictionaries(_KEYS, _VALUES, max_size=4)).items():
        comment = draw(st.sampled_from(["", '  # [x] = "']))
        lines += [f"{_key(key, draw)} = {_written(value, draw)}{comment}"]
    for table, rows in draw(
        st.dictionaries(_KEYS, st.lists(st.dictionaries(_KEYS, _VALUES)), max_size=3)
    ).items():
        for row in rows:
            lines += ["", f"[[ tables.{_key(table, draw)} ]] # another"]
            lines += [f"{_key(key, draw)}={_written(value, draw)}" for key, value in row.items()]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def _key(key: str, draw: st.DrawFn) -> str:
    bare = key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
    ways = [_basic(key)] + [key] * bare + [f"'{key}'"] * ("'" not in key)
    return draw(st.sampled_from(ways))


def _written(value: Any, draw: st.DrawFn) -> str:
    match value:
        case bool() | int():
            return str(value).lower()
        case str():
            return draw(st.sampled_from(_strings(value)))
        case list():
            space = draw(st.sampled_from([" ", "\n  ", " # ]\n"]))
            return "[" + "".join(f"{space}{_written(one, draw)}{space}," for one in value) + space + "]"
        case dict():
            pairs = (f"{_key(key, draw)} = {_written(one, draw)}" for key, one in value.items())
            return "{ " + ", ".join(pairs) + " }"
        case _:
            return str(value)


def _strings(text: str) -> list[str]:
    basic = _basic(text)
    ways = [basic, f'"""\n{basic[1:-1]}"""']
    if "'" not in text:
        ways.append(f"'''\n{text}'''")
        ways += [f"'{text}'"] * ("\n" not in text)
    return ways


def _basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@settings(deadline=None)
@given(_toml())
def test_every_value_that_tomllib_reads_has_a_line_and_nothing_else_has(text: str) -> None:
    read = tomllib.loads(f"tables.always = 0\n{text}")
    lines = lines_of(f"tables.always = 0\n{text}")
    assert set(lines) == set(_paths(read))
    written = f"tables.always = 0\n{text}".split("\n")
    assert all(_stands_in(path, written[line - 1]) for path, line in lines.items())


def _stands_in(path: Path, line: str) -> bool:
    """A key is written in full, one way or another, in the line it was found on."""
    key = path[-1] if path else ""
    return isinstance(key, int) or key in line or _basic(key)[1:-1] in line


def _paths(value: Any, path: Path = ()) -> list[Path]:
    children: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    return [path, *(found for key, child in children for found in _paths(child, (*path, key)))]
