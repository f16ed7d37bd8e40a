"""The command `summit`."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from summit_cli.commands import (
    access,
    containers,
    playing,
    preparing,
    reading_mail,
    signing_in,
    starting,
    watching,
)
from summit_cli.commands.read_model import read_model
from summit_cli.commands.subscribers import subscriber
from summit_cli.commands.timetable import timetable
from summit_cli.commands.webhooks import webhook
from summit_cli.deployment import Elsewhere, Where
from summit_cli.refusals import in_words, kept_for_later
from summit_cli.services import SERVICES
from summit_cli.state import State

_ELSEWHERE = "Another deployment than the one of this machine"


class _Plainspoken(TyperGroup):
    """Commands that end with a sentence instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as problem:
            said = in_words(problem)
            if said is None:
                log = kept_for_later(problem, ctx.obj.state.folder("logs"))
                said = f"Something that nobody foresaw: {type(problem).__name__}: {problem}\nThe whole story is in {log}."
            print(said, file=sys.stderr)  # noqa: T201  the command line speaks
            raise typer.Exit(1) from problem


app = typer.Typer(
    name="summit",
    cls=_Plainspoken,
    help="""The whole of Summit on this machine.

    Everything it keeps lies in the directory `var/` (choose another with --var or SUMMIT_VAR): ports, logs, databases,
    streams and mails. Remove it to start from nothing.""",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _address(service: str) -> Any:
    return typer.Option(
        f"--{service}-url",
        help=f"Where {service} answers.",
        rich_help_panel=_ELSEWHERE,
    )


@app.callback()
def choose_place(
    context: typer.Context,
    var: Annotated[Path, typer.Option(envvar="SUMMIT_VAR", help="Where this machine's state lies.")] = Path(
        "var"
    ),
    registration: Annotated[str | None, _address("registration")] = None,
    scheduling: Annotated[str | None, _address("scheduling")] = None,
    pledges: Annotated[str | None, _address("pledges")] = None,
    notifications: Annotated[str | None, _address("notifications")] = None,
    portal: Annotated[str | None, _address("portal")] = None,
    webhooks: Annotated[str | None, _address("webhooks")] = None,
    nats_url: Annotated[
        str | None, typer.Option(help="Where its NATS answers.", rich_help_panel=_ELSEWHERE)
    ] = None,
    nats_keys: Annotated[
        Path | None,
        typer.Option(
            envvar="SUMMIT_NATS_KEYS",
            help="The seed of a user of its NATS, or the folder that `summit keys init` made.",
            rich_help_panel=_ELSEWHERE,
        ),
    ] = None,
    nats_ca_file: Annotated[
        Path | None,
        typer.Option(
            envvar="SUMMIT_NATS_CA_FILE",
            help="Who vouches for its NATS (PEM).",
            rich_help_panel=_ELSEWHERE,
        ),
    ] = None,
    signing_key: Annotated[
        Path | None,
        typer.Option(
            help="The file with the private JSON Web Key its services trust.",
            rich_help_panel=_ELSEWHERE,
        ),
    ] = None,
    clock_offset: Annotated[
        float,
        typer.Option(help="Seconds by which its services' clock is shifted.", rich_help_panel=_ELSEWHERE),
    ] = 0.0,
) -> None:
    """What every command is told."""
    given = dict(
        zip(SERVICES, (registration, scheduling, pledges, notifications, portal, webhooks), strict=True)
    )
    addresses = {name: address for name, address in given.items() if address}
    elsewhere = Elsewhere(addresses, nats_url, signing_key, clock_offset, nats_keys, nats_ca_file)
    context.obj = Where(State(var), elsewhere)


app.command()(starting.up)
app.command()(starting.run)
app.command()(starting.servers)
app.command()(playing.play)
app.command()(watching.status)
app.add_typer(watching.events, name="events")
app.add_typer(watching.dead_letters, name="dead-letters")
app.add_typer(preparing.edition, name="edition")
app.add_typer(preparing.letter, name="letter")
app.add_typer(reading_mail.mailbox, name="mailbox")
app.add_typer(signing_in.issuer, name="issuer")
app.add_typer(timetable, name="timetable")
app.add_typer(access.keys, name="keys")
app.add_typer(containers.stack, name="stack")
app.add_typer(subscriber, name="subscriber")
app.add_typer(read_model, name="read-model")
app.add_typer(webhook, name="webhook")
app.command()(preparing.provision)
app.command()(preparing.token)
app.command("sign-in-links")(preparing.sign_in_links)
app.command()(preparing.docs)

if __name__ == "__main__":
    app()
