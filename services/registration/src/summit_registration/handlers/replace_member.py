"""Somebody else takes a member's place."""

from datetime import datetime

from summit_contracts.values import Key, LongText, Rank
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.history import Action
from summit_registration.domain.people import Person
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class ReplaceMember(DelegationCommand):
    """This person comes in the place of that one."""

    member_id: Key
    successor: Person
    rank: Rank | None = None
    """None means the predecessor's."""
    reason: LongText | None = None
    """For the history."""


async def replace_member(command: ReplaceMember, *, unit: Unit, now: datetime) -> Delegation:
    """The place has another holder, who has to be accredited; its id, function and days stay.

    Raises:
        EditionUnknown, NotInvited, NotRegistered, MemberUnknown: there is no such place.
        DelegationChanged: the delegation has been changed since.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = workspace.delegation.replace_member(
        command.member_id, command.successor, rank=command.rank, terms=workspace.terms
    )
    return await keep(
        change,
        command,
        Action.MEMBER_REPLACED,
        since=workspace,
        unit=unit,
        why=command.reason,
        subject=command.member_id,
    )
