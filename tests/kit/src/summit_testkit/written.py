"""Documents in which a command writes its results, between two marks that name it."""

import os
from pathlib import Path
from typing import Final

PERFORMANCE: Final = Path(__file__).parents[4] / "docs/performance.md"


class NoPlaceToWrite(ValueError):
    """The document has no place for the results."""


def write(document: Path, command: str, results: str) -> None:
    """The results stand in the document, between the two marks of the command.

    Raises:
        NoPlaceToWrite: the marks are not there.
    """
    first = f"<!-- Written by {command} -->"
    last = f"<!-- End of what is written by {command} -->"
    before, begin, rest = document.read_text(encoding="utf-8").partition(first)
    _old, end, after = rest.partition(last)
    if not begin or not end:
        raise NoPlaceToWrite(f"{document} lacks the lines {first!r} and {last!r}")
    document.write_text(f"{before}{begin}\n\n{results}\n\n{end}{after}", encoding="utf-8")


def tell(benchmark: str, results: str) -> None:
    """The results are printed and, where SUMMIT_BENCH_WRITE is set, stand in docs/performance.md.

    Raises:
        NoPlaceToWrite: there is no place for this benchmark.
    """
    print(f"\n{results}")  # noqa: T201  # a benchmark is there to be read
    if os.environ.get("SUMMIT_BENCH_WRITE"):
        write(PERFORMANCE, f"the benchmark {benchmark}", results)
