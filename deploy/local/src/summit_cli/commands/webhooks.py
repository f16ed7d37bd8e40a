"""Commands about systems that cannot speak NATS: who is posted to, what became of that, said again, no longer."""

import asyncio
from typing import Annotated, Any

import typer

from summit_cli.commands.place import where

webhook = typer.Typer(
    help="Systems outside that are posted to over HTTPS, signed after Standard Webhooks.",
    no_args_is_help=True,
)

Name = Annotated[
    str, typer.Argument(help="A short name: small letters, digits and dashes, e.g. `conference-services`.")
]


def _asked(context: typer.Context, method: str, path: str = "", body: Any = None, **params: Any) -> Any:
    from summit_chassis.identity import Role
    from summit_cli.play.doors import Doors  # loads the HTTP client

    deployment = where(context).deployment()

    async def ask() -> Any:
        async with Doors(deployment.addresses, lambda _: deployment.token(Role.ADMIN)) as doors:
            answer = await doors.call("webhooks", method, f"/webhooks{path}", json=body, params=params)
            return answer.json() if answer.content else None

    return asyncio.run(ask())


@webhook.command("add")
def add(
    context: typer.Context,
    name: Name,
    url: Annotated[str, typer.Argument(help="Where it is posted to, e.g. https://rooms.un.example/summit.")],
    owner: Annotated[
        str, typer.Option(help="Who answers for it: an office and where it is reached, not a person.")
    ],
    facts: Annotated[
        str, typer.Option(help="What it is told, e.g. 'summit.*.pledges.>' or 'summit.uncops-2022.>'.")
    ] = "summit.>",
) -> None:
    """Post facts to a system, from the first one on, each until it is taken. Its secret is said once."""
    body = {"name": name, "url": url, "owner": owner, "facts": facts}
    added = _asked(context, "POST", body=body)
    typer.echo(f"{name} is told {facts} from the first fact on, at {url}.")
    typer.echo(f"It verifies every post with this secret, which is not said again:\n\n  {added['secret']}\n")


@webhook.command("list")
def show(context: typer.Context) -> None:
    """Show who is posted to, who answers for it, and how many facts wait, were taken and were given up."""
    for one in _asked(context, "GET"):
        typer.echo(
            f"{one['name']:<32} {one['state']:<8} {one['facts']:<32} {one['waiting']:>6} waiting "
            f"{one['delivered']:>6} delivered {one['given_up']:>6} given up  {one['url']}  {one['owner']}"
        )


@webhook.command("log")
def log(
    context: typer.Context,
    name: Name,
    limit: Annotated[int, typer.Option(help="How many attempts.", min=1, max=1000)] = 50,
) -> None:
    """Show the last attempts to post to it, the newest first: when, which fact, what was answered."""
    for one in _asked(context, "GET", f"/{name}/log", limit=limit):
        typer.echo(
            f"{one['at']:<27} {one['status'] or '-':>4} {one['reason']:<16} attempt {one['attempt']:<3} "
            f"{one['event_id']}  {one['type']}"
        )


@webhook.command("redeliver")
def redeliver(
    context: typer.Context,
    name: Name,
    event: Annotated[
        str | None, typer.Option(help="The id of one fact; without it, everything that was given up.")
    ] = None,
) -> None:
    """Post a fact anew, or all that were given up; one that was stopped is posted to again."""
    done = _asked(context, "POST", f"/{name}/redeliver", body={"event_id": event})
    typer.echo(f"{done['deliveries']} will be posted to {name} again.")


@webhook.command("rotate")
def rotate(context: typer.Context, name: Name) -> None:
    """Sign with a new secret, which is said once; the former one signs beside it for a day."""
    rotated = _asked(context, "POST", f"/{name}/secret")
    typer.echo(f"{name} verifies with this secret from now on; until {rotated['former_until']} both sign:")
    typer.echo(f"\n  {rotated['secret']}\n")


@webhook.command("remove")
def remove(context: typer.Context, name: Name) -> None:
    """Post to a system no more. Its secret and its log are gone; added again, it is told everything anew."""
    _asked(context, "DELETE", f"/{name}")
    typer.echo(f"{name} is told no more.")
