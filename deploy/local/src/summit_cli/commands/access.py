"""Commands about the keys of a deployment: who there is on NATS, who signs, what secrets are sealed with."""

from pathlib import Path
from typing import Annotated

import typer

from summit_cli.commands.place import where

keys = typer.Typer(
    help="The keys of a deployment: those of NATS, those that sign and those that seal.", no_args_is_help=True
)


@keys.command("init")
def init(
    context: typer.Context,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--in", help="Only those of NATS, in this folder; without it all of this machine's, in its state."
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
    """Make what is missing of the keys, and write `accounts.conf` of NATS for the rights of this version.

    Keys that are there stay. A running server takes `accounts.conf` when it is told to reload (SIGHUP).
    """
    from summit_cli.access.deployment_keys import LOCAL_NAMES, NatsKeys  # loads every service
    from summit_cli.keys import nats_keys, seal_keys, session_key, signing_key

    if directory is None:
        state = where(context).state
        for made in (signing_key, session_key, seal_keys):
            made(state)
        directory = nats_keys(state)
    found = NatsKeys(directory.resolve())
    found.write_accounts()
    if tls:
        found.write_certificates([*LOCAL_NAMES, *(name or [])])
    typer.echo(f"Keys and accounts of NATS are in {found.directory}; keep it to yourself.")
