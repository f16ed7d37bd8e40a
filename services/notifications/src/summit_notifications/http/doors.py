"""What every route of notifications is handed: a door to one transaction, and who is calling."""

from typing import Annotated

from fastapi import Depends, Request

from summit_chassis.http import Door
from summit_chassis.identity import SECRETARIAT, Caller, Role, allow
from summit_notifications.domain.ports import Unit


async def _door(request: Request) -> Door[Unit]:
    door: Door[Unit] = request.app.state.door
    return door


DoorTo = Annotated[Door[Unit], Depends(_door)]
Reader = Annotated[Caller, allow(*SECRETARIAT, Role.NOMINATOR)]
"""The secretariat, or a nominator for the letters to its own invitee."""
Operator = Annotated[Caller, allow(Role.ADMIN)]
Counter = Annotated[Caller, allow(*SECRETARIAT, Role.SERVICE)]
Staff = Annotated[Caller, allow(*SECRETARIAT)]
