"""What every command finds in its context: where state lies and which deployment is meant."""

import typer

from summit_cli.deployment import Where


def where(context: typer.Context) -> Where:
    """What the options before the command's name said."""
    told: Where = context.obj
    return told
