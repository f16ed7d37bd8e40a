"""Commands that read what was delivered to this machine's mailbox: where focal points find their links and codes."""

import signal
from contextlib import suppress
from typing import Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.refusals import CannotDo
from summit_cli.servers.ports import LOOPBACK

mailbox = typer.Typer(help="Mails that were delivered on this machine.", no_args_is_help=True)


@mailbox.command("serve")
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Where it listens.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 1025,
) -> None:
    """Take every mail that comes, and keep it: the mail server of a stack where no mail is to leave the host."""
    from summit_cli.servers.mailbox import Mailbox  # loads the mail server

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        Mailbox(where(context).state.folder("mail"), port, host=host) as mailbox,
        suppress(KeyboardInterrupt),
    ):
        typer.echo(f"Mail for {host}:{port} is kept in {mailbox.directory}.")
        signal.pause()


@mailbox.command("invitations")
def invitations(context: typer.Context) -> None:
    """Print how some delegations come in: the links of their invitations."""
    from summit_cli.sign_in import to_delegations  # each command loads what it needs

    for line in to_delegations(where(context).state, code="make mail TO={}"):
        typer.echo(line)


@mailbox.command("show")
def show(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Whose mails, e.g. the address of a focal point.")],
    last: Annotated[int, typer.Option("--last", min=1, max=1000, help="How many, counted from the end.")] = 1,
) -> None:
    """Print the latest mails to an address, as text: the link of an invitation, the code to sign in with."""
    from summit_cli.servers.maildir import Maildir, in_plain_text  # each command loads what it needs

    directory = where(context).state.directory / "mail"
    if not (directory / "new").is_dir():
        raise CannotDo(
            f"No mail was ever delivered in {directory.parent}.", remedy="Start Summit: `summit up`."
        )
    found = Maildir(directory).sent_to(address)
    if not found:
        raise CannotDo(
            f"No mail was delivered to {address}.",
            remedy="Ask for a code in the portal, or look at `summit status`.",
        )
    for message in found[-last:]:
        typer.echo(f"{message['Date']}\n{message['Subject']}\n\n{in_plain_text(message)}\n")
