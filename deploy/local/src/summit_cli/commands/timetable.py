"""Commands for the secretariat's desk: solve, publish, versions, what differs, one put back, why not, how fair, a plan checked."""

import asyncio
import json
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from summit_cli.commands.place import where
from summit_cli.whynot import against, what_helps
from summit_verifier.report import verify as check

timetable = typer.Typer(help="The timetable: its versions and what they did.", no_args_is_help=True)

_LOOK_AGAIN_SECONDS: Final = 0.5

Edition = Annotated[str, typer.Argument(help="E.g. uncops-2022.")]


def _asked(context: typer.Context, method: str, path: str, **sent: Any) -> Any:
    from summit_chassis.identity import Role
    from summit_cli.play.doors import Doors  # loads the HTTP client

    deployment = where(context).deployment()

    async def ask() -> Any:
        async with Doors(deployment.addresses, lambda _: deployment.token(Role.SCHEDULING)) as doors:
            answer = await doors.call("scheduling", method, f"/editions/{path}", **sent)
            return answer.json()

    return asyncio.run(ask())


@timetable.command("solve")
def solve(
    context: typer.Context,
    edition: Edition,
    kind: Annotated[
        str | None,
        typer.Option(help="repair: fewest moves; anew: as if none held. Left out: repair, where one holds."),
    ] = None,
    seconds: Annotated[int, typer.Option(help="How long it may take.", min=1, max=600)] = 30,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    publish: Annotated[bool, typer.Option(help="Publish it when it is solved.")] = False,
    name: Annotated[str | None, typer.Option(help="What the version is called.")] = None,
) -> None:
    """Solve what is agreed, say how it goes and what would change; publish it where that is asked for."""
    wanted = {"kind": kind, "seconds": seconds, "seed": seed}
    asked = _asked(context, "POST", f"{edition}/solves", json=wanted)
    path, said = f"{edition}/solves/{asked['solve_id']}", ""
    while asked["state"] in ("waiting", "solving"):
        time.sleep(_LOOK_AGAIN_SECONDS)
        asked = _asked(context, "GET", path)
        if asked["stage"] and (line := _progress(asked)) != said:
            typer.echo(said := line)
    if asked["failure"]:
        typer.echo(f"failed: {asked['failure']}", err=True)
        raise typer.Exit(1)
    for level in asked["certificate"]["levels"]:
        typer.echo(
            f"{level['code']:<12} {level['objective']:>8} of {level['bound']:>8}  gap {level['gap']:.2%}"
        )
    _say(_asked(context, "GET", f"{path}/difference"))
    if publish:
        made = _asked(context, "POST", f"{path}/publish", json={"name": name})
        typer.echo(f"timetable {made['number']}: {made['placed']} placed, {made['unplaced']} without a place")
    else:
        typer.echo(f"not published: {asked['solve_id']}")


def _progress(solve: Any) -> str:
    return f"{solve['seconds']:>8.1f} s  {solve['level']:<12} {solve['best']:>8} of {solve['bound']:>8}  {solve['stage']}"


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
    _say(_asked(context, "GET", f"{edition}/timetables/{number}/difference", params={"since": since}))


def _say(found: Any) -> None:
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
    """Say which rules keep a meeting from a place, no fewer of which do, and what would help."""
    found = _asked(context, "GET", f"{edition}/bilaterals/{bilateral_id}/why-not")
    for one in found["blocking"]:
        typer.echo(f"blocked     {against(one)}")
    if not found["blocking"]:
        typer.echo("nothing stands against it")
    for way in found["ways"]:
        typer.echo(
            f"possible    {way['start_at']} {way['room'] or 'another room'}, {way['moved']} move. {what_helps(way)}"
        )
    if not found["is_certain"]:
        typer.echo("time ran out: fewer rules may do, and more may help")


@timetable.command("fairness")
def fairness(context: typer.Context, edition: Edition) -> None:
    """Say what delegations of little, middling and much demand got of what they had agreed."""
    for one in _asked(context, "GET", f"{edition}/fairness"):
        success = "-" if one["success"] is None else f"{one['success']:.1%}"
        typer.echo(
            f"{one['demand']:<9} {one['delegations']:>4} delegations  {one['placed']:>5} of {one['agreed']:>5}  {success}"
        )


@timetable.command("plan")
def plan(
    context: typer.Context,
    edition: Edition,
    number: Annotated[int, typer.Argument(min=1)],
    out: Annotated[Path, typer.Option(help="Where the plan file is written.", dir_okay=False)],
) -> None:
    """Write a timetable as one file that anybody can check alone: the whole input, the places, the proof."""
    found = _asked(context, "GET", f"{edition}/timetables/{number}/plan")
    out.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    typer.echo(
        f"{out}: {len(found['placements'])} of {len(found['input'].get('meetings', ()))} meetings placed"
    )


@timetable.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="A plan file.", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    strict: Annotated[bool, typer.Option(help="Reject a bound that rests on the solver's word.")] = False,
) -> None:
    """Check a plan file alone: every rule, what it is worth, its input, and the proof of its bounds. 1 means rejected."""
    report = check(file.read_bytes())
    typer.echo(report.to_json() if as_json else report.to_text())
    if not (report.is_proven if strict else report.is_true):
        raise typer.Exit(1)


def _place(placement: Any) -> str:
    return f"{placement['start_at']} {placement['room']}" if placement else "nowhere"
