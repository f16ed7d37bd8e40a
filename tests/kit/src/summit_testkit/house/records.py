"""Decisions on one page each: five headings, one sentence for the decision, a number without a gap, a line in the index."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from summit_testkit.house.sources import Fault

HEADINGS = ("Context", "Decision", "Consequences", "Alternatives", "What enforces it")
LINES = 70
_TITLE = re.compile(
    r"\A# (\d{4})\. .+\n\nDate: \d{4}-\d{2}-\d{2}\. Status: (?:accepted|replaced by \d{4})\.\n"
)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_ENDS = re.compile(r"[.!?](?=\s|$)")
_CITED = re.compile(r"(?:docs/adr/|\bADR-)(\d{4})")


def record_faults(path: Path, text: str) -> Iterator[Fault]:
    """What keeps a page from being a record of a decision."""
    title = _TITLE.match(text)
    if not title or title[1] != path.name[:4]:
        yield Fault(path, 1, "does not begin with its number, title, date and status")
    headings = _HEADING.findall(text)
    if tuple(headings) != HEADINGS:
        yield Fault(path, 1, f"has the headings {headings}")
        return
    parts = dict(zip(HEADINGS, re.split(_HEADING, text)[2::2], strict=True))
    for heading, body in parts.items():
        if not body.strip():
            yield Fault(path, 1, f"says nothing under {heading}")
    if len(_ENDS.findall(parts["Decision"])) != 1:
        yield Fault(path, 1, "does not give its decision in one sentence")
    if len(text.splitlines()) > LINES:
        yield Fault(path, LINES, "is longer than a page")


def index_faults(index: str, names: Sequence[str]) -> Iterator[str]:
    """Records without a line in the index, lines without a record, numbers that are missing or given twice."""
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index)
    yield from (f"{name} is not in the index" for name in names if name not in listed)
    yield from (f"{name} is in the index and is not there" for name in listed if name not in names)
    if listed != sorted(listed):
        yield "the index is not in order"
    numbers = [int(name[:4]) for name in sorted(names)]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the numbers have gaps or repeat: {numbers}"


def cited(text: str) -> Iterator[tuple[int, str]]:
    """Each record that a text refers to by its number, with the line."""
    for line, content in enumerate(text.splitlines(), 1):
        for match in _CITED.finditer(content):
            yield line, match[1]
