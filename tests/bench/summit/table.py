"""The measurements as they stand in the document."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median, quantiles

from tests.bench.summit.changes import CHANGES
from tests.bench.summit.runs import Repair, Run, Took

_SIMPLE = "first come, first served: placed (weight) | by priority: placed (weight)"
_BEST = "best: placed (weight) | no plan exceeds | placed, by counting"


def tables(runs: Sequence[Run]) -> str:
    """Placing, against the simple ways; repairs by size; repairs by kind of change."""
    parts = (_placing(runs), _repairs(runs), _kinds(runs))
    return "\n\n".join("\n".join(part) for part in parts if part)


def _placing(runs: Iterable[Run]) -> list[str]:
    lines = [
        f"| demand (wishes, rooms); seed | {_SIMPLE} | {_BEST} | first plan, s | best proven, s | memory, MiB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in runs:
        placing = one.placing
        gap = placing.bound - placing.weight
        lines.append(
            f"| {one.family}, {one.wishes:,}, {one.rooms}; {one.seed} "
            f"| {_pair(placing.by_coming)} | {_pair(placing.by_priority)} | {_pair((placing.placed, placing.weight))} "
            f"| {placing.bound:,}{f', a gap of {gap}' if gap else ''} | {placing.countable:,} "
            f"| {_took([placing.first], max)} | {_took([placing.proven], max)} | {one.memory:.0f} |"
        )
    return lines


def _repairs(runs: Iterable[Run]) -> list[str]:
    lines = [
        "| demand (wishes, rooms) | repairs | fewest moves proven | median, s | 95 in 100, s | longest, s | with all levels: median, s | 95 in 100, s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    of_size: dict[str, list[Repair]] = {}
    for one in runs:
        of_size.setdefault(f"{one.family}, {one.wishes:,}, {one.rooms}", []).extend(one.repairs)
    of_size = {size: repairs for size, repairs in of_size.items() if repairs}
    everything = [one for repairs in of_size.values() for one in repairs]
    for size, repairs in (*of_size.items(), ("all", everything)):
        lines.append(_row(size, repairs))
    return lines if everything else []


def _row(name: str, repairs: Sequence[Repair]) -> str:
    proven, whole = [one.proven for one in repairs], [one.whole for one in repairs]
    settled = sum(one.is_proven for one in repairs)
    return (
        f"| {name} | {len(repairs)} | {settled} | {_took(proven, median)} | {_took(proven, p95)} | {_took(proven, max)} "
        f"| {_took(whole, median)} | {_took(whole, p95)} |"
    )


def _kinds(runs: Iterable[Run]) -> list[str]:
    everything = [one for run in runs for one in run.repairs]
    lines = [
        "| change | repairs | moves: median (most) | median, s | 95 in 100, s |",
        "|---|---|---|---|---|",
    ]
    for change in CHANGES:
        repairs = [one for one in everything if one.change == change]
        if repairs:
            moves, took = [one.moves for one in repairs], [one.proven for one in repairs]
            lines.append(
                f"| {change} | {len(repairs)} | {median(moves):g} ({max(moves)}) | {_took(took, median)} | {_took(took, p95)} |"
            )
    return lines if everything else []


def p95(values: Sequence[float]) -> float:
    """What 95 in 100 do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def _took(times: Sequence[Took], of: Callable[[list[float]], float]) -> str:
    return f"{of([one.processor for one in times]):.2f} ({of([one.wall for one in times]):.2f})"


def _pair(reached: tuple[int, int]) -> str:
    return f"{reached[0]:,} ({reached[1]:,})"
