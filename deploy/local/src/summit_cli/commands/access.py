"""Commands about who may do what on NATS: the keys of a deployment."""

from pathlib import Path
from typing import Annotated

import typer

from summit_cli.commands.place import where

keys = typer.Typer(help="The keys of NATS: who there is, and how each proves it.", no_args_is_help=True)


@keys.command("init")
def init(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--in", help="The folder; without it the one of this machine, `keys/nats` in its state."
        ),
    ] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Also an authority and a server's certificate, for encryption.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name or address the certificate is good for; may be repeated."),
    ] = None,
) -> None:
    """Make what is missing of the keys of NATS, and write `accounts.conf` for the rights of this version.

    Keys that are there stay. A running server takes `accounts.conf` when it is told to reload (SIGHUP).
    """
    from summit_cli.access.deployment_keys import LOCAL_NAMES, NatsKeys  # loads every service
    from summit_cli.keys import nats_keys

    found = NatsKeys(directory.resolve() if directory else nats_keys(where(context).state))
    found.write_accounts()
    if tls:
        found.write_certificates([*LOCAL_NAMES, *(name or [])])
    typer.echo(f"Keys and accounts of NATS are in {found.directory}; keep it to yourself.")
