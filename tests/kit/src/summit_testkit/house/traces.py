"""Traces of a machine that have no place in a file that travels: its paths, where it got its packages, its secrets."""

import re
from collections.abc import Iterator
from pathlib import Path

from summit_testkit.house.sources import Fault

_TRACES = (
    (re.compile(r"(?<![\w.])/(?:home|Users|root|work|mnt|media)/[\w.-]+"), "a path of somebody's machine"),
    (re.compile(r"\b[A-Z]:\\{1,2}(?:Users|Windows|Temp)\b"), "a path of somebody's machine"),
    (re.compile(r"--(?:extra-)?index-url\b|\bfiles\.pythonhosted\b"), "where packages come from"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE" r" KEY-----"), "a private key"),
    (re.compile(r"\bS[ACNOUX][A-Z2-7]{56}\b"), "the seed of an NKey"),
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://")


def traces(path: Path, text: str) -> Iterator[Fault]:
    """Each trace in the file, with its line; what it says is not repeated."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in _TRACES:
            if pattern.search(line):
                yield Fault(path, number, what)


def addresses(path: Path, text: str) -> Iterator[Fault]:
    """Each address in a lock file: it would send everybody to one machine's index."""
    for number, line in enumerate(text.splitlines(), 1):
        if _ADDRESS.search(line):
            yield Fault(path, number, "an address in a lock file")


def is_lock_file(path: Path) -> bool:
    """Whether a tool wrote it to pin what it installs."""
    return path.name.endswith((".lock", "-lock.json", "-lock.yaml"))
