"""What services have set aside: listed, shown, and applied again, through their own doors."""

import json
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from summit_chassis.identity import Role
from summit_cli.deployment import Deployment
from summit_cli.play.doors import DoorRefused, Doors
from summit_cli.refusals import CannotDo

_MOST = 1000


async def show_all(deployment: Deployment, console: Console, service: str | None) -> None:
    """Every dead letter is listed."""
    table = Table("id", "service", "state", "since (UTC)", "tried", "stream", "subject", box=None)
    table.add_column("why", overflow="fold")
    async with _doors(deployment) as doors:
        for name in _asked(doors, service):
            for one in await doors.get(name, "/admin/dead-letters", limit=_MOST):
                place = f"{one['stream']}/{one['seq']}"
                since = one["died_at"][:19].replace("T", " ")
                table.add_row(
                    one["dead_letter_id"],
                    name,
                    one["state"],
                    since,
                    str(one["attempts"]),
                    place,
                    one["subject"],
                    one["reason"],
                )
    if table.row_count:
        console.print(table)
    else:
        console.print("There are no dead letters.")


async def show_one(
    deployment: Deployment, console: Console, dead_letter_id: str, service: str | None
) -> None:
    """The dead letter is shown with its original message."""
    async with _doors(deployment) as doors:
        for name in _asked(doors, service):
            try:
                one = await doors.get(name, f"/admin/dead-letters/{dead_letter_id}")
            except DoorRefused as refused:
                if refused.status == 404:
                    continue
                raise
            original = b64decode(one.pop("payload_base64"))
            for field, value in {"service": name, **one}.items():
                console.print(f"[bold]{field}[/bold]  {value}", highlight=False)
            console.print(_legible(original), markup=False, highlight=False, soft_wrap=True)
            return
    raise _no_such(dead_letter_id)


async def replayed(deployment: Deployment, dead_letter_id: str | None, service: str | None) -> int:
    """How many were marked to be applied again: this one, or without an id all.

    Raises:
        CannotDo: this one does not wait anywhere.
    """
    marked = 0
    path = f"/admin/dead-letters/{dead_letter_id}/replay" if dead_letter_id else "/admin/dead-letters/replay"
    async with _doors(deployment) as doors:
        for name in _asked(doors, service):
            try:
                marked += (await doors.call(name, "POST", path)).json()["marked"]
            except DoorRefused as refused:
                if refused.status != 404:
                    raise
    if dead_letter_id and not marked:
        raise _no_such(dead_letter_id)
    return marked


def _doors(deployment: Deployment) -> Doors:
    return Doors(deployment.addresses, lambda _: deployment.token(Role.ADMIN))


def _asked(doors: Doors, service: str | None) -> Sequence[str]:
    if service is None:
        return doors.services
    if service not in doors.services:
        raise CannotDo(f"{service!r} does not run here.", remedy=f"Choose from: {', '.join(doors.services)}.")
    return (service,)


def _no_such(dead_letter_id: str) -> CannotDo:
    return CannotDo(
        f"No dead letter of id {dead_letter_id} waits.", remedy="`summit dead-letters list` shows which do."
    )


def _legible(original: bytes) -> str:
    """The message as a person reads it best: JSON in lines, or else its text, or else its bytes."""
    try:
        found: Any = json.loads(original)
    except ValueError:
        return original.decode("utf-8", errors="backslashreplace").replace("\x00", "\\x00")
    return json.dumps(found, indent=2, ensure_ascii=False)
