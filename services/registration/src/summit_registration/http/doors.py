"""What every route of registration is handed: a door to one transaction, the mint, and who is calling."""

from typing import Annotated

from fastapi import Depends, Request

from summit_chassis.http import Door
from summit_chassis.identity import SECRETARIAT, Caller, Role, allow
from summit_registration.domain.ports import Mint, Unit


async def _door(request: Request) -> Door[Unit]:
    door: Door[Unit] = request.app.state.door
    return door


async def _mint(request: Request) -> Mint:
    mint: Mint = request.app.state.mint
    return mint


DoorTo = Annotated[Door[Unit], Depends(_door)]
MintOf = Annotated[Mint, Depends(_mint)]
Registrar = Annotated[Caller, allow(Role.REGISTRATION)]
"""The secretariat's desk for registration."""
RegistrarOrNominator = Annotated[Caller, allow(Role.REGISTRATION, Role.NOMINATOR)]
"""The desk, or the nominator of the invitee in the path."""
Reader = Annotated[Caller, allow(Role.REGISTRATION, Role.PROTOCOL, Role.NOMINATOR)]
"""Who may know the members of a delegation: the desks that decide about them, and a nominator for its own invitee."""
Accreditor = Annotated[Caller, allow(Role.REGISTRATION, Role.PROTOCOL)]
"""Who decides who may enter."""
Counter = Annotated[Caller, allow(*SECRETARIAT, Role.SERVICE)]
