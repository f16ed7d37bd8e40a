"""Commands for staff to sign in where there is no provider of the organisation: the local one, in a container of its own."""

import signal
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

import typer

from summit_cli.clock import Clock
from summit_cli.commands.place import where
from summit_cli.servers.ports import LOOPBACK

issuer = typer.Typer(
    help="A provider for staff, where the organisation's own is not at hand.", no_args_is_help=True
)
Called = Annotated[
    str,
    typer.Option(envvar="SUMMIT_STAFF_ISSUER", help="Its address, the same for browsers and for services."),
]


@issuer.command("serve")
def serve(
    context: typer.Context,
    called: Called,
    portal_url: Annotated[
        str, typer.Option(envvar="SUMMIT_PORTAL_URL", help="Where browsers find the portal.")
    ],
    host: Annotated[str, typer.Option(help="Where it listens.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8090,
) -> None:
    """Sign staff in by links that work once, until SIGTERM. Never where strangers come: who has a link is who it says."""
    from summit_cli.servers.issuer import Issuer  # loads a web server

    place = where(context)
    clock = Clock(timedelta(seconds=place.elsewhere.clock_offset))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    serving = Issuer.of_portal(
        place.state.folder("issuer"), port, portal_url, now=clock.now, host=host, called=called
    )
    with serving, suppress(KeyboardInterrupt):
        typer.echo(f"Staff sign in at {called}.")
        signal.pause()


@issuer.command("links")
def links(context: typer.Context, called: Called) -> None:
    """Print a fresh link for each desk of the secretariat."""
    from summit_cli.sign_in import to_desks

    for line in to_desks(where(context).state, called, again="make sign-in-links"):
        typer.echo(line)
