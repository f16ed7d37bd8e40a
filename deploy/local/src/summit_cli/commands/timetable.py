"""Commands for the secretariat's desk: versions of the timetable, what differs, one put back, why not, how fair."""

import asyncio
from typing import Annotated, Any

import typer

from summit_cli.commands.place import where

timetable = typer.Typer(help="The timetable: its versions and what they did.", no_args_is_help=True)

Edition = Annotated[str, typer.Argument(help="E.g. uncops-2022.")]


def _asked(context: typer.Context, method: str, path: str, **params: Any) -> Any:
    from summit_chassis.identity import Role
    from summit_cli.play.doors import Doors  # loads the HTTP client

    deployment = where(context).deployment()

    async def ask() -> Any:
        async with Doors(deployment.addresses, lambda _: deployment.token(Role.SCHEDULING)) as doors:
            answer = await doors.call("scheduling", method, f"/editions/{path}", params=params)
            return answer.json()

    return asyncio.run(ask())


@timetable.command("versions")
def versions(context: typer.Context, edition: Edition) -> None:
    """List the published timetables, the newest first."""
    for one in _asked(context, "GET", f"{edition}/timetables"):
        name = one["name"] or one["cause"] or ""
        typer.echo(
            f"{one['number']:>4}  {one['placed']:>5} placed  {one['unplaced']:>5} without a place  {name}"
        )


@timetable.command("difference")
def difference(
    context: typer.Context,
    edition: Edition,
    number: Annotated[int, typer.Argument(min=1)],
    since: Annotated[int, typer.Option(help="The other timetable.", min=1)],
) -> None:
    """Say what changed from one timetable to another: from where, to where, why."""
    found = _asked(context, "GET", f"{edition}/timetables/{number}/difference", since=since)
    for one in found["placed"]:
        typer.echo(f"placed    {one['bilateral_id']}  {_place(one['to'])}")
    for one in found["moved"]:
        typer.echo(
            f"moved     {one['bilateral_id']}  {_place(one['was'])} -> {_place(one['to'])}  {one['why']}"
        )
    for one in found["unplaced"]:
        typer.echo(f"unplaced  {one['bilateral_id']}  {_place(one['was'])}  {one['why']}")
    typer.echo(f"{found['kept']} stay where they were, {len(found['gone'])} are no longer to be held")


@timetable.command("roll-back")
def roll_back(
    context: typer.Context, edition: Edition, number: Annotated[int, typer.Argument(min=1)]
) -> None:
    """Put an earlier timetable back in force under a new number, as far as it can still be held."""
    made = _asked(context, "POST", f"{edition}/timetables/{number}/roll-back")
    typer.echo(f"timetable {made['number']}: {made['placed']} placed, {made['unplaced']} without a place")


@timetable.command("why-not")
def why_not(context: typer.Context, edition: Edition, bilateral_id: str) -> None:
    """Say for the places a meeting could have what stands against each, the least first."""
    for one in _asked(context, "GET", f"{edition}/bilaterals/{bilateral_id}/why-not"):
        against = ", ".join(f"{obstacle['rule']} {obstacle['subject']}" for obstacle in one["obstacles"])
        typer.echo(f"{_place(one['placement'])}  {against or 'free'}")


@timetable.command("fairness")
def fairness(context: typer.Context, edition: Edition) -> None:
    """Say what delegations of little, middling and much demand got of what they had agreed."""
    for one in _asked(context, "GET", f"{edition}/fairness"):
        success = "-" if one["success"] is None else f"{one['success']:.1%}"
        typer.echo(
            f"{one['demand']:<9} {one['delegations']:>4} delegations  {one['placed']:>5} of {one['agreed']:>5}  {success}"
        )


def _place(placement: Any) -> str:
    return f"{placement['start_at']} {placement['room']}" if placement else "nowhere"
