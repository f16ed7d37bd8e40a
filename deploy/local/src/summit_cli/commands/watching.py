"""Commands that look at what runs: processes, readiness, the stream of facts, and what was set aside."""

import asyncio
from typing import Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.services import SERVICES

events = typer.Typer(help="The stream of facts, as any other system may read it.", no_args_is_help=True)
dead_letters = typer.Typer(
    help="Messages that a service could not apply, set aside until a person looks.", no_args_is_help=True
)

Service = Annotated[
    str | None, typer.Option("--service", help=f"Of this service only: {', '.join(SERVICES)}.")
]


def status(context: typer.Context) -> None:
    """Say what runs and whether it can work, how many facts each stream holds, and what was set aside.

    The exit code is not 0 when something cannot work or waits for a person.
    """
    from summit_cli import screen  # each command loads what it needs
    from summit_cli.standing import looked_up, show

    told = where(context)
    standing = asyncio.run(looked_up(told.deployment()))
    show(screen.console(), standing, None if told.elsewhere.is_named else told.state)
    if not standing.is_well:
        raise typer.Exit(1)


@events.command("tail")
def tail(
    context: typer.Context,
    first: Annotated[
        int | None, typer.Option("--from", help="Begin with this sequence; 1 is the first fact ever.", min=1)
    ] = None,
    subject: Annotated[
        str,
        typer.Option(help="Only subjects like this, e.g. `summit.*.pledges.>` or `summit.uncops-2022.>`."),
    ] = "summit.>",
    follow: Annotated[bool, typer.Option(help="Wait for what comes; Ctrl-C ends it.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One whole envelope a line, for programs.")] = False,
) -> None:
    """Show the facts of stream SUMMIT, one a line: the last ten, or all from a sequence on, and then what comes.

    Facts that name or reach a person are not in this stream.
    """
    from summit_cli import screen
    from summit_cli.tail import show_facts

    showing = show_facts(
        where(context).deployment(),
        screen.console(),
        first=first,
        subject=subject,
        follow=follow,
        as_json=as_json,
    )
    try:
        asyncio.run(showing)
    except (KeyboardInterrupt, BrokenPipeError):
        raise typer.Exit(0) from None


@dead_letters.command("list")
def list_dead_letters(context: typer.Context, service: Service = None) -> None:
    """List what was set aside: what it is, since when, and why."""
    from summit_cli import screen
    from summit_cli.aside import show_all

    asyncio.run(show_all(where(context).deployment(), screen.console(), service))


@dead_letters.command("show")
def show_dead_letter(
    context: typer.Context,
    dead_letter_id: Annotated[str, typer.Argument(metavar="ID", help="As listed.")],
    service: Service = None,
) -> None:
    """Show one of them with the original message. It may name persons: mind where you show it."""
    from summit_cli import screen
    from summit_cli.aside import show_one

    asyncio.run(show_one(where(context).deployment(), screen.console(), dead_letter_id, service))


@dead_letters.command("replay")
def replay(
    context: typer.Context,
    dead_letter_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="As listed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    service: Service = None,
) -> None:
    """Have one or all of them applied again, with what waits behind them. Mend the cause first.

    Nothing is applied twice: the message keeps its id.
    """
    from summit_cli.aside import replayed
    from summit_cli.refusals import CannotDo

    if (dead_letter_id is None) != everything:
        raise CannotDo(
            "Name one dead letter, or say --all.", remedy="`summit dead-letters list` shows their ids."
        )
    marked = asyncio.run(replayed(where(context).deployment(), dead_letter_id, service))
    typer.echo(f"{marked} will be applied again within seconds; look with `summit dead-letters list`.")
