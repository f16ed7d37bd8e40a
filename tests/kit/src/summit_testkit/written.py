"""Documents in which a command writes its results, between two marks that name it."""

from pathlib import Path


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
