"""Solves published instances of the B2B meeting scheduling problem and says how that compares: `python -m tests.bench.b2b`."""

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from tests.bench.b2b.instances import Instance, InstanceFlaw, instances_in
from tests.bench.b2b.results import Result, Results
from tests.bench.b2b.table import table

from summit_scheduling.solver.gaps.portfolio import solve
from summit_scheduling.solver.gaps.question import Answer
from summit_testkit.written import NoPlaceToWrite, write

_NOT_THERE = """The instances are not here, and they are not part of this project.
Say where they lie with --data FOLDER or SUMMIT_B2B_DATA: a folder of *.dzn files with their published_results.csv,
as the authors of JAIR 74 (2022), "Constraint Solving Approaches to the B2B Meeting Scheduling Problem", publish them."""
_DOCUMENT = Path("docs/algorithms/timetable.md")


def main(words: Sequence[str]) -> int:
    """Every instance that was asked for is solved, or was before; 0 if all that is published was reached and proven."""
    asked = _parser().parse_args(words)
    try:
        instances = _asked_for(asked)
    except InstanceFlaw as flaw:
        _complain(f"{flaw}.\n{_NOT_THERE}" if asked.data else _NOT_THERE)
        return 2
    results = Results(asked.results)
    open_ones = [one for one in instances if asked.again or results.lacks(one, asked.seconds)]
    _say(
        f"{len(instances)} instances, {len(open_ones)} to be solved by {asked.workers} processes each with "
        f"python-sat {version('python-sat')}; at most {asked.seconds:g} s each, {len(open_ones) * asked.seconds:g} s together"
    )
    for place, instance in enumerate(open_ones, 1):
        try:
            result = _solve(instance, asked)
        except InstanceFlaw as flaw:
            _complain(flaw)
            return 2
        results.add(result)
        _say(f"{place}/{len(open_ones)} {_line(result)}")
    reached = results.of(instances)
    _say(_total(reached))
    if asked.write:
        try:
            write(asked.document, "python -m tests.bench.b2b --write", table(results.of(instances)))
        except (NoPlaceToWrite, OSError) as flaw:
            _complain(flaw)
            return 2
    return 0 if all(one.is_as_published or not one.is_published for one in reached) else 1


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _complain(words: object) -> None:
    sys.stderr.write(f"{words}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.b2b", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("SUMMIT_B2B_DATA"), help="folder of the instances"
    )
    parser.add_argument("--only", default="*", help="pattern of names, as in 'tic*.original'")
    parser.add_argument(
        "--fairness", type=int, nargs="*", help="0, 1, 2, 3; all that are published unless said"
    )
    parser.add_argument("--seconds", type=float, default=120, help="at most so long for each")
    parser.add_argument("--workers", type=int, default=2, help="processes for each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--results", type=Path, default=Path("var/bench/b2b.jsonl"), help="kept there, and gone on from"
    )
    parser.add_argument("--again", action="store_true", help="solve those that have a result, too")
    parser.add_argument("--write", action="store_true", help="put the table into the document")
    parser.add_argument("--document", type=Path, default=_DOCUMENT)
    return parser


def _asked_for(asked: argparse.Namespace) -> list[Instance]:
    if not asked.data:
        raise InstanceFlaw("no folder was named")
    found = [one for one in instances_in(Path(asked.data)) if fnmatch(one.name, asked.only)]
    found = [one for one in found if asked.fairness is None or one.fairness in asked.fairness]
    return sorted(
        found, key=lambda one: (one.fairness != 2, not one.name.endswith(".original"), one.fairness)
    )


def _solve(instance: Instance, asked: argparse.Namespace) -> Result:
    started, spent = monotonic(), _processor_seconds()

    def say(answer: Answer) -> None:
        sys.stdout.write(f"  {monotonic() - started:6.1f} s  {instance.name}: at least {answer.bound}" + "\r")
        sys.stdout.flush()

    question = instance.question()
    answer = solve(
        question,
        seed=asked.seed,
        seconds=asked.seconds,
        workers=asked.workers,
        report=say if sys.stdout.isatty() else None,
    )
    seconds = monotonic() - started
    if answer.starts is not None and (breach := question.breach(answer.starts)):
        raise AssertionError(f"{instance.name}: {breach}")
    published = instance.published
    return Result(
        name=instance.name,
        fairness=instance.fairness,
        outcome=answer.outcome,
        gaps=answer.gaps,
        bound=answer.bound,
        seconds=round(seconds, 2),
        processor_seconds=round(_processor_seconds() - spent, 2),
        limit=asked.seconds,
        workers=asked.workers,
        published=published.optimum if published else None,
        published_seconds=published.seconds if published else None,
        is_published=published is not None,
    )


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _line(one: Result) -> str:
    verdict = (
        "as published"
        if one.is_as_published
        else "nothing published"
        if not one.is_published
        else "NOT as published"
    )
    said = (
        f"at least {one.bound}"
        if not one.is_settled
        else one.outcome
        if one.gaps is None
        else f"{one.outcome} {one.gaps}"
    )
    return (
        f"{one.name}, fairness {one.fairness}: {said}, {verdict}; "
        f"{one.seconds:.1f} s, {one.processor_seconds:.1f} processor seconds"
    )


def _total(results: Sequence[Result]) -> str:
    proven = sum(one.is_settled for one in results)
    reached = sum(one.is_as_published for one in results)
    published = sum(one.is_published for one in results)
    return (
        f"{proven} of {len(results)} proven, {reached} of {published} as published, "
        f"{sum(one.seconds for one in results):.1f} s, {sum(one.processor_seconds for one in results):.1f} processor seconds"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
