"""A registered delegation asks for more bilaterals."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.ports import Mint, Unit
from summit_registration.domain.wishes import WishForm
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class AddWishes(DelegationCommand):
    """Ask for these bilaterals, too."""

    wishes: Annotated[tuple[WishForm, ...], Field(min_length=1, max_length=200)]


async def add_wishes(command: AddWishes, *, unit: Unit, mint: Mint, now: datetime) -> Delegation:
    """The wishes are on their way to scheduling; the last ones of the delegation are the new ones.

    Raises:
        EditionUnknown, NotInvited, NotRegistered: nobody is there who could wish.
        DelegationChanged: the delegation has been changed since.
        Refusal: as `Delegation.wish` says; then none is accepted.
    """
    workspace = await opened(command, unit=unit, now=now, wishes=command.wishes)
    change = workspace.delegation.wish(command.wishes, terms=workspace.terms, new_key=mint.key)
    return await keep(change, command, Action.WISHES_ADDED, since=workspace, unit=unit)
