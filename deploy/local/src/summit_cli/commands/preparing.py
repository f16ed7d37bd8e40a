"""Commands that prepare and look up: editions, streams, tokens, documents, letters."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summit_cli.commands.place import where
from summit_cli.refusals import CannotDo

if TYPE_CHECKING:
    from summit_chassis.provisioner import Storage

edition = typer.Typer(help="Editions: a summit as data, in one TOML file.", no_args_is_help=True)
letter = typer.Typer(help="Letters, as they would be sent.", no_args_is_help=True)


@edition.command("apply")
def apply_edition(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The edition's TOML file.", exists=True, dir_okay=False)],
) -> None:
    """Check an edition file and publish it; the same file again changes nothing.

    Every fault is named with its line, and nothing is published while there is one.
    """
    from summit_cli.editions import applied  # loads the HTTP client

    answer = asyncio.run(applied(where(context).deployment(), file))
    changed = f"revision {answer['revision']}" if answer["is_changed"] else "unchanged"
    typer.echo(f"{answer['edition_id']}: {changed}, {answer['invitees']} invitees")


@edition.command("check")
def check_edition(
    file: Annotated[Path, typer.Argument(help="The edition's TOML file.", exists=True, dir_okay=False)],
) -> None:
    """Check an edition file without a running system."""
    from summit_cli.editions import read  # loads registration's rules

    found = read(file)
    typer.echo(
        f"{found.edition_id}: {len(found.days)} days, {len(found.rooms)} rooms, {len(found.invitees)} invitees"
    )


def provision(
    context: typer.Context,
    replicas: Annotated[
        int | None,
        typer.Option(
            envvar="SUMMIT_STREAM_REPLICAS",
            help="On how many servers of a cluster each stream is kept: 1, 3 or 5; 1 for a new one.",
        ),
    ] = None,
    gibibytes: Annotated[
        int | None,
        typer.Option(
            envvar="SUMMIT_STREAM_GIBIBYTES",
            min=1,
            help="How large each stream may become, in GiB (1,073,741,824 bytes), and the history of all of them five times that; 1 for a new one. A full stream takes no facts.",
        ),
    ] = None,
    personal_days: Annotated[
        int | None,
        typer.Option(
            envvar="SUMMIT_STREAM_PERSONAL_DAYS",
            min=1,
            help="For how many days the stream PERSONAL keeps names and addresses; 400 if it is new. What is older goes at once.",
        ),
    ] = None,
) -> None:
    """Make every stream and durable as the services expect it, and say what was changed. Safe to repeat.

    Streams that are there keep their copies, size and days where nothing is said of them.
    """
    from summit_chassis.provisioner import GIBIBYTE, Storage  # each command loads what it needs

    days = timedelta(days=personal_days) if personal_days else None
    changes = _provisioned(context, Storage(replicas, gibibytes and gibibytes * GIBIBYTE, days))
    for change in changes:
        typer.echo(change)
    typer.echo(f"{len(changes)} changed" if changes else "Everything was as it has to be.")


def _provisioned(context: typer.Context, storage: "Storage") -> list[str]:
    from nats.js.errors import APIError

    from summit_chassis import provisioner
    from summit_cli.access.deployment_keys import NatsKeys
    from summit_cli.access.keyring import PROVISIONER
    from summit_cli.services import durables, installed

    deployment = where(context).deployment()
    keys = deployment.nats_keys
    outside = NatsKeys(keys).register.durables() if keys and keys.is_dir() else []

    async def work() -> list[str]:
        async with deployment.broker(PROVISIONER) as client:
            hearing = [*durables(list(installed().values())), *outside]
            return await provisioner.provision(client, hearing, storage)

    try:
        return asyncio.run(work())
    except APIError as refusal:
        raise CannotDo(
            f"NATS refuses: {refusal.description}.",
            remedy="Its disk and the number of its servers set bounds: docs/operating.md, how streams are kept. What was changed before that stays.",
        ) from refusal


def token(
    context: typer.Context,
    role: Annotated[
        list[str],
        typer.Option(
            help="E.g. `registration`, `scheduling`, `pledges`, `protocol`, `admin`, `nominator`; may be repeated."
        ),
    ],
    invitee: Annotated[str | None, typer.Option(help="For a nominator: whom it acts for, e.g. KE.")] = None,
    edition_id: Annotated[
        str | None, typer.Option("--edition", help="For a nominator: the summit, e.g. uncops-2022.")
    ] = None,
    minutes: Annotated[int, typer.Option(help="How long it is good for.", min=1, max=480)] = 30,
) -> None:
    """Print a token for trying the HTTP interfaces by hand. Only where the signing key is at hand: on this machine.

    curl -H "Authorization: Bearer $(summit token --role registration)" …
    """
    from summit_chassis.identity import Role

    found = {**{one.value: one for one in Role}, **{one.value.split(".")[-1]: one for one in Role}}
    if unknown := [name for name in role if name not in found]:
        raise CannotDo(f"There is no role {unknown[0]!r}.", remedy=f"Choose from: {', '.join(Role)}.")
    roles = [found[name] for name in role]
    if (Role.NOMINATOR in roles) != (invitee is not None and edition_id is not None):
        raise CannotDo(
            "A nominator acts for one invitee at one summit, and nobody else does.",
            remedy="Say --role nominator --invitee KE --edition uncops-2022.",
        )
    account = f"{invitee}/nominator" if invitee else "secretariat/summit-cli"
    life = timedelta(minutes=minutes)
    deployment = where(context).deployment()
    typer.echo(
        deployment.token(*roles, invitee=invitee, edition_id=edition_id, account=account, valid_for=life)
    )


def sign_in_links(context: typer.Context) -> None:
    """Print where the portal is, fresh links for each desk of the secretariat, and how three delegations come in."""
    from summit_cli.servers.ports import LOOPBACK  # each command loads what it needs
    from summit_cli.sign_in import ways_in

    state = where(context).state
    ports = state.ports()
    if not {"issuer", "portal"} <= ports.keys():
        raise CannotDo(f"Nothing was ever started in {state.directory}.", remedy="Start it with `summit up`.")
    portal = f"http://{LOOPBACK}:{ports['portal']}"
    for line in ways_in(state, portal=portal, issuer=f"http://{LOOPBACK}:{ports['issuer']}"):
        typer.echo(line)


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if a document differs from the code.")
    ] = False,
) -> None:
    """Write the documents that are generated from the code: schemas, golden messages, AsyncAPI, the event catalogue."""
    from summit_cli.checkout import checkout
    from summit_cli.documents import write_all  # loads the contracts

    differing = write_all(checkout(), check)
    for path in differing:
        typer.echo(f"{'differs' if check else 'written'}: {path}")
    if not differing:
        typer.echo("All documents are what the code says.")
    elif check:
        raise CannotDo(
            f"{len(differing)} documents differ from the code.", remedy="Write them: `summit docs`."
        )


@letter.command("preview")
def preview_letter(
    name: Annotated[
        str, typer.Argument(metavar="LETTER", help="E.g. invitation, delegation_registered, timetable.")
    ],
    language: Annotated[str, typer.Option(help="One of ar, zh, en, fr, ru, es.")] = "en",
    html: Annotated[
        Path | None, typer.Option(help="Write the letter as a page there, to look at in a browser.")
    ] = None,
) -> None:
    """Show a letter as it would be sent, written from examples; nothing has to run."""
    from summit_contracts.values import Language
    from summit_notifications.domain.draft import Letter
    from summit_notifications.letters.preview import preview

    letters, languages = {one.value: one for one in Letter}, {one.value: one for one in Language}
    if name not in letters:
        raise CannotDo(f"There is no letter {name!r}.", remedy=f"Choose from: {', '.join(letters)}.")
    if language not in languages:
        raise CannotDo(
            f"No letter is written in {language!r}.", remedy=f"Choose from: {', '.join(languages)}."
        )
    mail = preview(letters[name], languages[language])
    typer.echo(f"{mail.subject}\n\n{mail.text}")
    for entry in mail.calendar:
        typer.echo(f"\n{entry.filename}\n{entry.text}")
    if html is not None:
        html.write_text(mail.html, encoding="utf-8")
        typer.echo(f"\nThe page is {html}.")
