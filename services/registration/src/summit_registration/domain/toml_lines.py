"""Where things stand in a TOML text, so that a fault in it can be shown by its line.

Values are read by `tomllib`, which keeps no positions; this walks the same text once more and keeps nothing else.
"""

import re
import tomllib
from typing import Final

Path = tuple[str | int, ...]
"""The keys and positions that lead to a value, e.g. `("rooms", 2, "seats")`; the first of a list is 0."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\])*\"|'[^']*'")
_VALUE: Final = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}"  # a closing mark may have up to two more quotes before it
    r"|\"(?:\\.|[^\"\\])*\"|'[^']*'"
    r"|\d{4}-\d\d-\d\d[ ]\d\d:[^,\]}\s#]*|[^,\]}\s#]+",  # the first of these is a moment with a blank between date and time
    re.DOTALL,
)


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, on which each table, key and element of a list first stands. The empty path is line 1.

    The text must be well-formed: `tomllib.loads` has accepted it.
    """
    return _Walk(text).lines()


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._found: dict[Path, int] = {(): 1}
        self._last_of: dict[Path, int] = {}
        """For each list of tables (`[[...]]`), the position of its latest table."""

    def lines(self) -> dict[Path, int]:
        table: Path = ()
        self._pass(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._pass(_BLANK)
        return self._found

    def _header(self) -> Path:
        is_list = self._text.startswith("[[", self._at)
        self._at += 2 if is_list else 1
        path: Path = ()
        keys = self._keys()
        for position, key in enumerate(keys, start=1):
            path = (*path, key)
            if is_list and position == len(keys):
                self._last_of[path] = self._last_of.get(path, -1) + 1
            self._note(path)
            if path in self._last_of:
                path = (*path, self._last_of[path])
                self._note(path)
        self._at += 2 if is_list else 1
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path)
        self._at += 1  # the equals sign
        self._value(path)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._pass(_SPACE)
            keys.append(_unquoted(self._pass(_KEY)))
            self._pass(_SPACE)
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        self._pass(_SPACE)
        match self._text[self._at]:
            case "[":
                self._list(path)
            case "{":
                self._inline_table(path)
            case _:
                self._pass(_VALUE)

    def _list(self, path: Path) -> None:
        position = 0
        self._open()
        while not self._text.startswith("]", self._at):
            self._note((*path, position))
            self._value((*path, position))
            position += 1
            self._separate()
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._open()
        while not self._text.startswith("}", self._at):
            self._pair(path)
            self._separate()
        self._at += 1

    def _open(self) -> None:
        self._at += 1
        self._pass(_BLANK)

    def _separate(self) -> None:
        self._pass(_BLANK)
        if self._text.startswith(",", self._at):
            self._open()

    def _pass(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise AssertionError(f"not well-formed at character {self._at}: tomllib was to refuse it")
        self._at = match.end()
        return match.group()

    def _note(self, path: Path) -> None:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        self._found.setdefault(path, self._line)


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    text: str = tomllib.loads(f"key = {key}")["key"]
    return text
