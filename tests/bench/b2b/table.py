"""The results as they stand in the documents."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from tests.bench.b2b.results import Result

from summit_scheduling.solver.gaps.question import Outcome


def table(results: Sequence[Result]) -> str:
    """By class: how many are proven, in which time; what is not, by name; then every instance."""
    lines = [
        "| class | fairness | instances | as published, proven | seconds | processor seconds | published seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    by_class: dict[tuple[int, str], list[Result]] = defaultdict(list)
    for one in results:
        by_class[one.fairness, _class(one)].append(one)
    for (fairness, kind), members in sorted(by_class.items(), key=_most_asked_first):
        settled = sum(one.is_as_published for one in members)
        seconds, processor = (
            sum(one.seconds for one in members),
            sum(one.processor_seconds for one in members),
        )
        lines.append(
            f"| {kind} | {fairness} | {len(members)} | {settled} | {seconds:.1f} | {processor:.1f} | {_published(members)} |"
        )
    return "\n".join([*lines, "", *_exceptions(results), "", *_each(results)])


def _most_asked_first(row: tuple[tuple[int, str], list[Result]]) -> tuple[bool, bool, int, str]:
    (fairness, kind), _members = row
    return fairness != 2, kind != "original", fairness, kind


def _published(members: Sequence[Result]) -> str:
    known = [one.published_seconds for one in members if one.published_seconds is not None]
    return f"{sum(known):.1f}" + ("" if len(known) == len(members) else f" (of {len(known)})")


def _exceptions(results: Sequence[Result]) -> list[str]:
    missing = [one for one in results if one.is_published and not one.is_as_published]
    if not missing:
        return [
            "Every published optimum and every published proof that there is no answer was reached and proven."
        ]
    return ["Not as published:", "", *(f"- {_lack(one)}" for one in missing)]


def _lack(one: Result) -> str:
    wanted = "no answer" if one.published is None else str(one.published)
    name = f"`{one.name}`, fairness {one.fairness}"
    if one.is_settled:
        return f"{name}: proven {_said(one)}, published {wanted}."
    gap = "" if one.published is None else f", a gap of {one.published - one.bound}"
    return f"{name}: published {wanted}, proven at least {one.bound} within {one.limit:.0f} s{gap}."


def _each(results: Sequence[Result]) -> list[str]:
    """A row for each fair, a column for each class: idle periods, our seconds, published seconds."""
    classes = sorted(
        {(one.fairness, _class(one)) for one in results}, key=lambda one: _most_asked_first((one, []))
    )
    heads = [f"{kind}, {fairness}" for fairness, kind in classes]
    lines = [f"| fair | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    ordered = sorted(results, key=lambda one: one.name)
    for fair, members in groupby(ordered, key=lambda one: one.name.partition(".")[0]):
        cells = {(one.fairness, _class(one)): _cell(one) for one in members}
        lines.append(f"| {fair} | {' | '.join(cells.get(one, '') for one in classes)} |")
    return lines


def _cell(one: Result) -> str:
    published = "" if one.published_seconds is None else f" ({one.published_seconds:g})"
    return f"{_said(one)}: {one.seconds:.1f}{published}"


def _said(one: Result) -> str:
    if one.outcome is Outcome.UNKNOWN:
        return f"≥ {one.bound}"
    return "none" if one.gaps is None else str(one.gaps)


def _class(one: Result) -> str:
    return one.name.partition(".")[2]
