"""Commands that read what was delivered to this machine's mailbox: where focal points find their links and codes."""

from typing import Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.refusals import CannotDo

mailbox = typer.Typer(help="Mails that were delivered on this machine.", no_args_is_help=True)


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
