"""Commands for the portal's read model."""

import asyncio
from typing import Annotated

import typer

from summit_cli.commands.place import where

read_model = typer.Typer(help="What the portal shows, made of what it heard.", no_args_is_help=True)


@read_model.command("renew")
def renew(
    context: typer.Context,
    database_url: Annotated[
        str | None,
        typer.Option(
            envvar="SUMMIT_PORTAL_DATABASE_URL",
            help="The portal's database, where it is another one than this machine's.",
        ),
    ] = None,
) -> None:
    """Make the portal's read model anew from the first fact on, while it serves, and put it in place at once.

    Visitors see the old one until the new one is whole. Dead letters of the portal that can be applied now are gone.
    """
    from summit_cli.renewing import renewed  # loads the portal

    told = where(context)
    done = asyncio.run(renewed(told.deployment(), database_url or told.database_url("portal")))
    typer.echo(
        f"{done.facts} facts in {done.seconds:.1f} s ({done.facts / max(done.seconds, 0.001):.0f} a second); "
        f"nothing new was heard for {done.standstill_seconds * 1000:.0f} ms"
    )
