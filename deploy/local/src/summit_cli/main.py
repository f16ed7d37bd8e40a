"""The command `summit`."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from summit_cli.servers.failures import ServerFailed
from summit_cli.state import AlreadyRunning, State

app = typer.Typer(
    name="summit",
    help="""The whole of Summit on this machine.

    Everything it keeps lies in the directory `var/` (choose another with --var or SUMMIT_VAR): ports, logs, databases,
    streams and mails. Remove it to start from nothing.""",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals hold keys and tokens
    rich_markup_mode="markdown",
)


@app.callback()
def choose_directory(
    context: typer.Context,
    var: Annotated[Path, typer.Option(envvar="SUMMIT_VAR", help="Where this machine's state lies.")] = Path(
        "var"
    ),
) -> None:
    """What every command is told."""
    context.obj = State(var)


@app.command()
def servers(context: typer.Context) -> None:
    """Start NATS, PostgreSQL and the mailbox alone, to run a service by hand against them. Ctrl-C stops them."""
    from rich.console import Console  # each command loads what it needs

    from summit_cli.machine import SERVICES, Machine  # loads the mail server

    console = Console()
    state: State = context.obj
    interrupted = _interruption()
    try:
        with Machine(state, tell=console.print) as machine:
            console.print("\nA service runs against them with this environment, e.g. for registration:\n")
            for name, value in machine.environment(SERVICES[0]).items():
                console.out(f"  export {name}='{value}'", highlight=False)
            console.print("\nCtrl-C stops them.")
            interrupted.wait()
    except (ServerFailed, AlreadyRunning) as problem:
        raise _refusal(problem) from problem


@app.command()
def status(context: typer.Context) -> None:
    """Say what runs here, since when, how often it crashed, and where its log is."""
    from rich.console import Console  # each command loads what it needs
    from rich.table import Table

    state: State = context.obj
    running = state.running()
    if not running:
        typer.echo(f"Nothing runs in {state.directory}.")
        raise typer.Exit(1)
    table = Table("process", "pid", "port", "since (UTC)", "restarts", box=None)
    table.add_column(f"log, in {state.directory}", overflow="fold")
    for process in running:
        table.add_row(
            process.name,
            str(process.pid),
            str(process.port),
            f"{process.started_at:%Y-%m-%d %H:%M:%S}",
            str(process.restarts),
            os.path.relpath(process.log, state.directory),
        )
    Console().print(table)


def _interruption() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set, so that what was started is stopped in its order."""
    event = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: event.set())
    return event


def _refusal(problem: Exception) -> typer.Exit:
    """The end of a command that could not do its work, after saying why on the error channel."""
    print(problem, file=sys.stderr)  # noqa: T201  the command line speaks
    return typer.Exit(1)


if __name__ == "__main__":
    app()
