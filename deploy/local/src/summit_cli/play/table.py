"""The table at the end of a play: what came of it, what of that is real, and whether everybody counts the same."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from summit_cli.play.reckoning import Outcome

Row = tuple[str, str, str]


def show(console: Console, outcome: Outcome) -> None:
    """The outcome is on the screen."""
    table = Table(
        "what", "how many", "real or generated", title="\nWhat came of it", title_justify="left", box=None
    )
    table.columns[1].justify = "right"
    for row in _rows(outcome):
        table.add_row(*row)
    console.print(table)
    for line in outcome.lines:
        if not line.agrees:
            console.print(
                f"[red]{line.what}: the service counts {line.service}, the streams say {line.stream}[/red]"
            )
    verdict = "[green]all agree[/green]" if outcome.agrees else "[red]does not agree[/red]"
    console.print(
        f"\nReconciliation: {len(outcome.lines)} counts of the services compared with the streams, "
        f"{outcome.dead_letters} dead letters: {verdict}",
        highlight=False,
    )


def _rows(outcome: Outcome) -> Iterator[Row]:
    counts = outcome.counts
    if registration := counts.get("registration"):
        yield (
            "Invited",
            str(registration["invited"]),
            "real: Member States, observers, organizations, police bodies",
        )
        yield (
            "Registered",
            str(registration["registered"]),
            "the number of 2018; who comes is drawn by the seed",
        )
        yield "Confirmed", str(registration["confirmed"]), "generated"
    if scheduling := counts.get("scheduling"):
        yield "Wished", str(scheduling["requested"]), "generated: heavy-tailed, seeded"
        yield "Agreed", str(scheduling["agreed"]), "generated answers"
        yield (
            "Placed",
            f"{scheduling['placed']}{_at_most(outcome)}",
            "solved; days real, rooms and hours assumed",
        )
    if pledges := counts.get("pledges"):
        for category, number in sorted(pledges["by_category"].items()):
            yield f"Pledges: {category}", str(number), "real, each with its source"
    if notifications := counts.get("notifications"):
        for language, number in sorted(notifications["by_language"].items()):
            yield f"Letters in {language}", str(number), "written by Summit; addresses generated"
    for stream, counted in outcome.tally.facts.items():
        yield f"Facts in {stream.value}", str(counted.total()), ""
    yield "Dead letters", str(outcome.dead_letters), ""


def _at_most(outcome: Outcome) -> str:
    return f" of at most {outcome.timetable['at_most']}" if outcome.timetable else ""
