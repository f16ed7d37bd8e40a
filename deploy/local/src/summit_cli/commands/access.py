"""Commands about the keys of a deployment: who there is on NATS, who signs, what secrets are sealed with."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.refusals import CannotDo

if TYPE_CHECKING:
    from summit_cli.rotation import TokenRotation

keys = typer.Typer(
    help="The keys of a deployment: those of NATS, those that sign and those that seal.", no_args_is_help=True
)

rotate = typer.Typer(help="Change a key without anybody noticing, step by step.", no_args_is_help=True)
keys.add_typer(rotate, name="rotate")

_HAND_OUT = "start `summit up` again; with containers `summit stack init` again, hand the secrets out and restart every service"


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


@rotate.command("tokens")
def rotate_tokens(
    context: typer.Context,
    restarted: Annotated[
        bool,
        typer.Option(
            "--restarted", help="Every service was restarted since; needed where none can be asked from here."
        ),
    ] = False,
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="The key was stolen: believe it no more; everybody signs in again."),
    ] = False,
) -> None:
    """Change the key that signs access tokens: takes the next of three steps, and says what has to be done before the one after.

    A new key is announced to all services; it signs; a day later the former one is believed no more.
    """
    from datetime import UTC, datetime

    from summit_cli.rotation import (  # reads and writes files, only when asked
        LONGEST_LIFE,
        Step,
        TokenRotation,
    )

    rotation, now = TokenRotation(where(context).state), datetime.now(UTC)
    if at_once:
        rotation.replace()
        typer.echo(f"A new key signs, and no other is believed. Now {_HAND_OUT}; everybody signs in again.")
        return
    match rotation.step():
        case Step.SETTLED:
            rotation.announce()
            typer.echo(f"1 of 3: a new key is announced. Now {_HAND_OUT}; then say this again.")
        case Step.ANNOUNCED:
            _must_be_believed(context, rotation, restarted=restarted)
            rotation.sign(now)
            over_at = now + LONGEST_LIFE
            typer.echo(
                f"2 of 3: the new key signs. Now {_HAND_OUT}; after {over_at:%Y-%m-%d %H:%M} UTC say this again."
            )
        case Step.SIGNING:
            rotation.end(now)
            typer.echo(f"3 of 3: the former key is believed no more. Now {_HAND_OUT}.")


def _must_be_believed(context: typer.Context, rotation: "TokenRotation", *, restarted: bool) -> None:
    """Nothing, where every service believes the key that was announced.

    Raises:
        CannotDo: one does not, or nobody can be asked and nobody says so.
    """
    from dataclasses import replace

    from summit_chassis.identity import Role
    from summit_cli.rotation import disbelieving

    try:
        deployment = where(context).deployment()
    except CannotDo:
        if restarted:
            return
        raise CannotDo(
            "No service can be asked from here whether it knows the new key.",
            remedy=f"When each was restarted with it, say --restarted: {_HAND_OUT}.",
        ) from None
    token = replace(deployment, signing_key=rotation.next_key).token(Role.ADMIN)
    if unaware := asyncio.run(disbelieving(deployment.addresses, token)):
        raise CannotDo(f"The new key is not known yet to {', '.join(unaware)}.", remedy=f"First {_HAND_OUT}.")
