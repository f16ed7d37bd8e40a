"""The timetable at the size of a summit: how good, how fast, how fast repaired: `python -m tests.bench.summit`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.summit.curve import curve
from tests.bench.summit.runs import Run, measured
from tests.bench.summit.table import p95, tables

from summit_testkit.demand import Family
from summit_testkit.written import NoPlaceToWrite, write

SIZES = (
    (Family.A, 500, 18),
    (Family.B, 500, 18),
    (Family.A, 1000, 25),
    (Family.B, 1000, 40),
    (Family.A, 2000, 25),
    (Family.B, 2000, 40),
)
GROWTH = (100, 200, 500, 1000, 2000, 3500, 5000)
_ROOMS = {Family.A: 25, Family.B: 40}
_DOCUMENT = Path("docs/algorithms/timetable.md")
_PICTURE = Path("docs/pictures/timetable-growth.svg")


def main(words: Sequence[str]) -> int:
    """A line for each summit, then the tables; with `--write` they stand in the document, and the curve beside it."""
    asked = _parser().parse_args(words)
    _say(f"OR-tools {version('ortools')}, one thread; each summit in a process of its own")
    runs = [
        _told(
            measured(
                family, wishes=wishes, rooms=rooms, seed=seed, changes=asked.changes, seconds=asked.seconds
            )
        )
        for family, wishes, rooms in SIZES
        for seed in range(1, asked.seeds + 1)
    ]
    _say(f"\n{tables(runs)}\n")
    grown: list[Run] = []
    if asked.growth or asked.write:
        grown = [
            _told(
                measured(
                    family, wishes=wishes, rooms=_ROOMS[family], seed=1, changes=0, seconds=asked.seconds
                )
            )
            for family in Family
            for wishes in GROWTH
        ]
    if asked.write:
        try:
            write(_DOCUMENT, "python -m tests.bench.summit --write", tables(runs))
        except (NoPlaceToWrite, OSError) as flaw:
            sys.stderr.write(f"{flaw}\n")
            return 2
        _PICTURE.write_text(curve(grown), encoding="utf-8")
    return 0 if all(one.placing.bound == one.placing.weight for one in runs) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.summit", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2, help="summits of each size")
    parser.add_argument(
        "--changes", type=int, default=2, help="repairs of each of the five kinds, for each summit"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=600,
        help="at most so long for each solve, so that a busy machine cuts nothing off",
    )
    parser.add_argument("--growth", action="store_true", help="also from 100 to 5,000 wishes")
    parser.add_argument(
        "--write", action="store_true", help="put tables and curve into the document; with growth"
    )
    return parser


def _told(run: Run) -> Run:
    placing, took = run.placing, [one.proven.wall for one in run.repairs]
    repairs = f"; {len(took)} repairs, 95 in 100 within {p95(took):.2f} s" if took else ""
    _say(
        f"{run.family} {run.wishes:>5} {run.rooms}, seed {run.seed}: {placing.weight:>6} of {placing.bound:>6}, "
        f"first after {placing.first.wall:.2f} s, proven after {placing.proven.wall:.2f} s "
        f"({placing.proven.processor:.2f} of the processor), {run.memory:.0f} MiB{repairs}"
    )
    return run


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
