"""Commands for a Summit made of containers: on one host (`deploy/compose.yaml`) or on Kubernetes (`deploy/kubernetes`)."""

from typing import Annotated

import typer

from summit_cli import clock as clocks
from summit_cli.commands.place import where

stack = typer.Typer(help="A Summit made of containers.", no_args_is_help=True)


@stack.command("init")
def init(
    context: typer.Context,
    edition: Annotated[
        str | None,
        typer.Option(
            help="A summit that will be played: if it is past, all services' clocks are shifted to its time. The first time decides, for good; without it they are right."
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="What NATS is called besides `nats`, for its certificate; may be repeated."),
    ] = None,
    database_host: Annotated[str, typer.Option(help="Where PostgreSQL answers.")] = "postgres",
    staff_issuer: Annotated[
        str | None,
        typer.Option(
            envvar="SUMMIT_STAFF_ISSUER",
            help="The OpenID Connect provider that staff sign in with; without one a local one is started, with links.",
        ),
    ] = None,
) -> None:
    """Make what is missing of keys, passwords and certificates, and hand each container its own. What is there stays.

    Everything lies in the directory of --var; `deploy/compose.yaml` is told where by its `stack.env`.
    """
    from summit_cli.checkout import edition_files
    from summit_cli.editions import read
    from summit_cli.stack import Stack  # loads every service

    state = where(context).state
    if clocks.kept(state) is None:
        if edition and not (state.directory / "keys").exists():
            clocks.keep(state, clocks.fit_for(read(edition_files(edition).edition)))
        else:
            clocks.keep(state, clocks.REAL)
    made = Stack(state, tuple(name or ()), database_host, staff_issuer)
    made.write()
    typer.echo(
        f"Secrets for each container are in {state.directory}; keep it to yourself. It is {made.clock} for all services."
    )
