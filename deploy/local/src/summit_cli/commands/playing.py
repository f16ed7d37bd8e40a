"""The command that plays a summit against what runs already."""

import asyncio
from typing import Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.play.size import DELEGATIONS, SEED, SOLVE_SECONDS, WISHES, Size


def play(
    context: typer.Context,
    edition: Annotated[str, typer.Argument(help="E.g. uncops-2022, or an edition's TOML file.")],
    delegations: Annotated[int, typer.Option(help="How many come.", min=2, max=500)] = DELEGATIONS,
    wishes: Annotated[
        int, typer.Option(help="How many bilaterals they ask for.", min=1, max=20_000)
    ] = WISHES,
    seed: Annotated[int, typer.Option(help="Another number draws other people, wishes and answers.")] = SEED,
    seconds: Annotated[
        int, typer.Option(help="How long the timetable may be improved.", min=1, max=600)
    ] = SOLVE_SECONDS,
) -> None:
    """Play an edition from the announcement to the last letter, and compare what every service counts with the streams.

    It uses the doors that people use, so it also plays against another deployment. Played again, it changes nothing.
    The exit code is not 0 when the counts do not agree or something was set aside.
    """
    from summit_cli import screen  # each command loads what it needs
    from summit_cli.checkout import edition_files
    from summit_cli.editions import read
    from summit_cli.play.performance import Performance

    files = edition_files(edition)
    size = Size(seed, delegations, wishes, seconds)
    performance = Performance(where(context).deployment(), read(files.edition), files, screen.console(), size)
    if not asyncio.run(performance.play()):
        raise typer.Exit(1)
