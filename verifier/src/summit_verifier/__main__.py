"""`summit-verify FILE`: 0 where the plan is what it says, 1 where it is not; `--strict` also where a bound rests on a word."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from summit_verifier.report import verify


def main(arguments: Sequence[str] | None = None) -> int:
    """The report is printed; the exit code says whether the plan is accepted."""
    parser = argparse.ArgumentParser(
        prog="summit-verify", description="Check a timetable from its plan file alone."
    )
    parser.add_argument("file", type=Path, help="a plan file, from `summit timetable plan`")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--strict", action="store_true", help="reject a bound that rests on the solver's word"
    )
    asked = parser.parse_args(arguments)
    try:
        content = asked.file.read_bytes()
    except OSError as failure:
        sys.stderr.write(f"{asked.file}: {failure.strerror}\n")
        return 1
    report = verify(content)
    sys.stdout.write((report.to_json() if asked.json else report.to_text()) + "\n")
    return 0 if (report.is_proven if asked.strict else report.is_true) else 1


if __name__ == "__main__":
    sys.exit(main())
