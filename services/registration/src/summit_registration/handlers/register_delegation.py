"""A finished form is sent: the delegation is nominated, and its wishes are on their way."""

from datetime import datetime

from summit_contracts.values import Language
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.people import Nominees
from summit_registration.domain.ports import Mint, Unit
from summit_registration.domain.wishes import WishForms
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class RegisterDelegation(DelegationCommand):
    """Nominate these people and ask for these bilaterals."""

    members: Nominees
    wishes: WishForms = ()
    language: Language | None = None
    """The language letters are written in; none means the invitation's."""


async def register_delegation(
    command: RegisterDelegation, *, unit: Unit, mint: Mint, now: datetime
) -> Delegation:
    """The delegation is nominated.

    Raises:
        EditionUnknown, NotInvited: there is no workspace.
        DelegationChanged: somebody wrote in it since.
        Refusal: as `Delegation.register` says.
    """
    workspace = await opened(command, unit=unit, now=now, wishes=command.wishes)
    change = workspace.delegation.register(
        command.members,
        command.wishes,
        language=command.language,
        terms=workspace.terms,
        new_key=mint.key,
    )
    return await keep(change, command, Action.DELEGATION_REGISTERED, since=workspace, unit=unit)
