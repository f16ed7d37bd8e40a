"""What every route of pledges is handed: a door to one transaction, who is calling, and what that one may see."""

from typing import Annotated

from fastapi import Depends, Request

from summit_chassis.http import Door
from summit_chassis.identity import SECRETARIAT, Caller, Role, allow
from summit_contracts.promises import Side
from summit_pledges.domain.history import Actor
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.readers import DESK, PUBLIC_READER, Reader, focal_point_of

_DESK_ROLES = (Role.PLEDGES, Role.ADMIN)


async def _door(request: Request) -> Door[Unit]:
    door: Door[Unit] = request.app.state.door
    return door


DoorTo = Annotated[Door[Unit], Depends(_door)]
DeskOfficer = Annotated[Caller, allow(Role.PLEDGES)]
"""The secretariat's desk for pledges."""
DeskOrNominator = Annotated[Caller, allow(Role.PLEDGES, Role.NOMINATOR)]
"""The desk, or the nominator of the pledger."""
AnyReader = Annotated[Caller, allow(*SECRETARIAT, Role.NOMINATOR, Role.SUBSCRIBER, Role.SERVICE)]
"""Everybody who works with the summit, each as far as it may see."""
Counter = Annotated[Caller, allow(*SECRETARIAT, Role.SERVICE)]


def actor(caller: Caller) -> Actor:
    """The side the caller takes steps for: the desk is the secretariat, a nominator is the pledger."""
    is_desk = caller.is_any_of(_DESK_ROLES)
    return Actor(Side.SECRETARIAT if is_desk else Side.PLEDGER, caller.account)


def reader(caller: Caller, edition_id: str) -> Reader:
    """What the caller may see: the desk everything but others' drafts, a nominator its own invitee's, others what is public."""
    if caller.is_any_of(_DESK_ROLES):
        return DESK
    if caller.is_any_of((Role.NOMINATOR,)) and caller.edition_id == edition_id and caller.invitee:
        return focal_point_of(caller.invitee)
    return PUBLIC_READER


def acts_for(caller: Caller, edition_id: str) -> str | None:
    """The invitee a nominator acts for in this edition; none for the desk.

    Raises:
        ForeignInvitee: the nominator is another edition's.
    """
    if caller.is_any_of(_DESK_ROLES):
        return None
    caller.must_act_for(edition_id, caller.invitee or "")
    return caller.invitee
