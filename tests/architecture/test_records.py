"""Decisions are recorded in one form, and none that is cited is missing."""

from pathlib import Path

import pytest

from summit_testkit.house.records import HEADINGS, LINES, cited, index_faults, record_faults
from summit_testkit.house.sources import texts

ADR = Path("docs/adr")


@pytest.fixture(scope="module")
def records(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((root / ADR).glob("[0-9]*.md"))}


def test_every_record_has_its_form(records: dict[str, str]) -> None:
    faults = [str(fault) for name, text in records.items() for fault in record_faults(ADR / name, text)]
    assert records
    assert not faults, "\n".join(faults)


def test_the_index_lists_every_record_in_order(root: Path, records: dict[str, str]) -> None:
    faults = list(index_faults((root / ADR / "README.md").read_text(encoding="utf-8"), list(records)))
    assert not faults, "\n".join(faults)


def test_every_record_that_is_cited_exists(root: Path, records: dict[str, str]) -> None:
    numbers = {name[:4] for name in records}
    faults = [
        f"{path}:{line}: there is no record {number}"
        for path, text in texts(root)
        for line, number in cited(text)
        if number not in numbers and path != Path(__file__).relative_to(root)
    ]
    assert not faults, "\n".join(faults)


GOOD = "# 0001. A title\n\nDate: 2026-11-22. Status: accepted.\n\n" + "".join(
    f"## {heading}\n\nWe do (e.g. here) this.\n\n" for heading in HEADINGS
).replace("e.g. ", "")


def test_a_record_in_its_form_has_no_fault() -> None:
    assert not list(record_faults(ADR / "0001-a-title.md", GOOD))


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("0001", "0002"),
        GOOD.replace("Date: 2026-11-22. ", ""),
        GOOD.replace("## Alternatives", "## Options"),
        GOOD.replace("## Consequences\n\nWe do (here) this.\n\n", ""),
        GOOD.replace("## Decision\n\nWe do", "## Decision\n\nThis is two. We do"),
        GOOD.replace("## Context\n\nWe do (here) this.", "## Context\n"),
        GOOD + "line\n" * LINES,
    ],
)
def test_a_planted_fault_in_a_record_is_found(text: str) -> None:
    assert text != GOOD
    assert list(record_faults(ADR / "0001-a-title.md", text))


@pytest.mark.parametrize(
    ("index", "names"),
    [
        ("| [0001](0001-a.md) |", ["0001-a.md", "0002-b.md"]),
        ("| [0001](0001-a.md) |\n| [0002](0002-b.md) |", ["0001-a.md"]),
        ("| [0002](0002-b.md) |\n| [0001](0001-a.md) |", ["0001-a.md", "0002-b.md"]),
        ("| [0001](0001-a.md) |\n| [0003](0003-b.md) |", ["0001-a.md", "0003-b.md"]),
    ],
)
def test_a_planted_fault_in_the_index_is_found(index: str, names: list[str]) -> None:
    assert len(list(index_faults(index, names))) == 1


def test_citations_are_read_in_both_forms() -> None:
    assert list(cited("see docs/adr/0999\nand ADR-0998, not 0997")) == [(1, "0999"), (2, "0998")]
