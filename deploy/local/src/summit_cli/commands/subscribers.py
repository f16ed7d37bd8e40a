"""Commands about systems outside that read the history: who may, who does, who no longer."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.refusals import CannotDo

if TYPE_CHECKING:
    from summit_chassis.provisioner import Durable
    from summit_cli.access.admission import Admission

subscriber = typer.Typer(
    help="Systems outside that read the facts: each has an account of its own and nothing but its durable.",
    no_args_is_help=True,
)

Name = Annotated[
    str, typer.Argument(help="A short name: small letters, digits and dashes, e.g. `statistics`.")
]


@subscriber.command("add")
def add(
    context: typer.Context,
    name: Name,
    facts: Annotated[
        str, typer.Option(help="What it hears, e.g. 'summit.*.pledges.>' or 'summit.uncops-2022.>'.")
    ] = "summit.>",
    outside_url: Annotated[
        str | None,
        typer.Option(
            "--at", help="Where it reaches NATS, if that differs from here, e.g. tls://nats.un.example."
        ),
    ] = None,
) -> None:
    """Let a system outside read facts: account, durable and a file of credentials, and an example that is ready to run.

    A server on this machine takes it at once, and nobody is disconnected. Again with the same facts changes nothing.
    """
    admission = _gate(context)
    handover = asyncio.run(admission.add(name, facts, outside_url=outside_url))
    typer.echo(_welcome(admission, handover.durable))
    typer.echo(handover.words())
    _say_what_is_left(admission)


@subscriber.command("list")
def show(context: typer.Context) -> None:
    """Show who reads from outside, what each hears, and how many facts it has not acknowledged yet."""
    for one in asyncio.run(_gate(context).standings()):
        waiting = "?" if one.waiting is None else str(one.waiting)
        typer.echo(f"{one.durable.name:<32} {one.durable.facts:<40} {waiting:>8} waiting")


@subscriber.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """Let a system outside read no more. Its place in the stream is lost; added again, it begins with the first fact.

    Where NATS did not run, its durable stays; say it again once NATS runs.
    """
    admission = _gate(context)
    asyncio.run(admission.remove(name))
    typer.echo(_farewell(admission, name))
    _say_what_is_left(admission)


def _farewell(admission: "Admission", name: str) -> str:
    if admission.url:
        return f"{name} is gone: its account, its durable and its seed."
    return (
        f"{name} is let in no more once NATS has read {admission.keys.accounts}, and its seed is gone. Nothing runs here, so "
        f"its durable stays in the stream, and keeps its place: once NATS runs, say `summit subscriber remove {name}` again."
    )


def _welcome(admission: "Admission", durable: "Durable") -> str:
    if admission.url:
        return f"{durable.name} hears {durable.facts} from the first fact on."
    return (
        f"{durable.name} is written down for {durable.facts}; nothing runs here. It is let in once NATS has read "
        f"{admission.keys.accounts} and `summit provision` was run with the keys of that folder: `summit up` does both."
    )


def _say_what_is_left(admission: "Admission") -> None:
    if admission.url and not admission.pid:
        typer.echo(
            f"Now let each NATS server read {admission.keys.accounts} anew, and once more: a new account works from the "
            "second time on. `nats-server --signal reload`; in containers `summit stack init` again first, then as "
            "docs/operating.md says."
        )


def _gate(context: typer.Context) -> "Admission":
    from summit_cli.access.admission import Admission  # loads every service
    from summit_cli.access.deployment_keys import NatsKeys
    from summit_cli.keys import nats_keys
    from summit_cli.servers.ports import LOOPBACK

    place = where(context)
    there = place.elsewhere
    if there.nats_url or there.nats_keys:
        if there.nats_keys is None or not there.nats_keys.is_dir():
            raise CannotDo(
                "Who may read is written down in the folder of keys of the deployment, and it was not named.",
                remedy="Say --nats-keys FOLDER, the one that `summit keys init --in FOLDER` made.",
            )
        return Admission(NatsKeys(there.nats_keys.resolve()), there.nats_url, there.nats_ca_file)
    keys = NatsKeys(nats_keys(place.state))
    running = next((one for one in place.state.running() if one.name == "nats"), None)
    if running is None:
        return Admission(keys, None)
    return Admission(keys, f"nats://{LOOPBACK}:{running.port}", None, running.pid, running.log)
