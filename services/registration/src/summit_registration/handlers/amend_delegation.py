"""A registered delegation is changed: fields, people who come in addition, people who stay away."""

from datetime import datetime

from summit_contracts.values import Language, LongText
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.people import Nominees
from summit_registration.domain.ports import Mint, Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class AmendDelegation(DelegationCommand):
    """The delegation is to be as this form has it, whole: who is not in it has left, who has no member_id is new."""

    members: Nominees
    language: Language | None = None
    """None leaves it as it was."""
    reason: LongText | None = None
    """For the history."""


async def amend_delegation(command: AmendDelegation, *, unit: Unit, mint: Mint, now: datetime) -> Delegation:
    """The delegation is as the form has it; nothing happens where it was.

    Raises:
        EditionUnknown, NotInvited, NotRegistered: there is nothing to amend.
        DelegationChanged: it has been changed since.
        Refusal: as `Delegation.amend` says.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = workspace.delegation.amend(
        command.members, language=command.language, terms=workspace.terms, new_key=mint.key
    )
    return await keep(
        change, command, Action.DELEGATION_AMENDED, since=workspace, unit=unit, why=command.reason
    )
