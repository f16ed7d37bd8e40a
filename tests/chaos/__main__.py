"""Faults over the whole system for as long as one likes, and their counts in the document: `python -m tests.chaos`."""

import argparse
import asyncio
import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from summit_testkit.chaos.rig import Outcome, rig
from summit_testkit.written import NoPlaceToWrite, write

_DOCUMENT = Path("docs/reliability.md")
_SLOWEST = 5


def main(words: Sequence[str]) -> int:
    """What came of each run, as it ends; with `--write` their counts stand in the document. 1 if any had a flaw."""
    asked = _parser().parse_args(words)
    outcomes: list[Outcome] = []
    for seed in asked.seeds:
        with TemporaryDirectory(prefix="summit-chaos-", ignore_cleanup_errors=True) as name:
            Path(name).chmod(0o711)  # as root, PostgreSQL runs under another account and passes through here
            outcomes.append(asyncio.run(_one(Path(name), seed, asked.seconds, asked.logs)))
        sys.stdout.write(f"{outcomes[-1]}\n")
        sys.stdout.flush()
        if asked.write:
            try:
                write(_DOCUMENT, "python -m tests.chaos --write", tables(outcomes))
            except (NoPlaceToWrite, OSError) as flaw:
                sys.stderr.write(f"{flaw}\n")
                return 2
    sys.stdout.write(f"\n{tables(outcomes)}\n")
    return 1 if any(one.flaws for one in outcomes) else 0


async def _one(directory: Path, seed: int, seconds: float, logs: Path | None) -> Outcome:
    async with rig(directory, seed) as running:
        try:
            return await running.run(seconds=seconds)
        finally:
            if logs:
                shutil.copytree(directory / "logs", logs / f"{seed}", dirs_exist_ok=True)


def tables(outcomes: Sequence[Outcome]) -> str:
    """Runs, faults by kind, and the recoveries that took longest, for the document."""
    kinds = sum((one.faults for one in outcomes), Counter[str]())
    slowest = sorted((each for one in outcomes for each in one.recoveries), key=lambda each: -each.seconds)
    minutes = sum(one.seconds for one in outcomes) / 60
    flaws = sum(len(one.flaws) for one in outcomes)
    said = (
        f"{minutes:.0f} minutes of faults, {kinds.total()} faults, {flaws} flaws; {os.cpu_count()} cores, "
        f"on which {os.getloadavg()[2]:.1f} processes wanted to run on average in the last quarter of an hour."
    )
    longest = {kind: max(each.seconds for each in slowest if each.kind == kind) for kind in kinds}
    lines = [
        said,
        "",
        "| seconds of faults | seed | faults | promises | facts | mails | all ready again, p50 and longest | books balance after | flaws |",
        "|---|---|---|---|---|---|---|---|---|",
        *map(_row, outcomes),
        "",
        "| fault | times | all ready again, longest |",
        "|---|---|---|",
        *(f"| {kind} | {times} | {longest[kind]:.1f} s |" for kind, times in sorted(kinds.items())),
        "",
        "The slowest, and for how long each service said what against itself meanwhile (seconds overlap):",
        "",
        *(f"- {each}" for each in slowest[:_SLOWEST]),
    ]
    return "\n".join(lines)


def _row(one: Outcome) -> str:
    median, longest = one.recovery
    return (
        f"| {one.seconds:.0f} | {one.seed} | {one.faults.total()} | {one.promises:,} | {one.facts:,} | {one.mails:,} "
        f"| {median:.1f} s, {longest:.1f} s | {one.settled:.0f} s | {len(one.flaws)} |"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--seeds",
        type=lambda said: [int(one) for one in said.split(",")],
        default=[1, 2, 3, 4, 5, 6],
        help="one run each, e.g. 1,2,3",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=300,
        help="of faults in each run; what is under way then takes a minute more",
    )
    parser.add_argument("--logs", type=Path, help="keep what services said in a folder here, by seed")
    parser.add_argument("--write", action="store_true", help=f"write the counts into {_DOCUMENT}")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
