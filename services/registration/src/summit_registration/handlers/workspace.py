"""What nearly every step needs first and last: an invitee's terms and delegation, and a change kept with its history."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from summit_contracts.errors import EditionUnknown
from summit_registration.domain.delegation import Change, Delegation
from summit_registration.domain.errors.invitations import NotInvited
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.ports import Published, Unit
from summit_registration.domain.terms import Terms
from summit_registration.domain.wishes import WishForm
from summit_registration.handlers.command import DelegationCommand


class Workspace(NamedTuple):
    """What an invitation opens: the terms, and the delegation as far as it has come."""

    terms: Terms
    delegation: Delegation


async def published(edition_id: str, *, unit: Unit) -> Published:
    """The edition as it was published last.

    Raises:
        EditionUnknown: it never was.
    """
    found = await unit.editions.get(edition_id)
    if found is None:
        raise EditionUnknown(edition_id)
    return found


async def held(
    edition_id: str, invitee: str, *, unit: Unit, now: datetime, wishes: Iterable[WishForm] = ()
) -> Workspace:
    """The workspace, held for a change: until the transaction ends nobody else changes anything of this invitee.

    Its terms know who of those that the wishes ask for has withdrawn.

    Raises:
        EditionUnknown, NotInvited: there is none.
    """
    invitation = await unit.invitations.hold(edition_id, invitee)
    edition = (await published(edition_id, unit=unit)).edition
    if invitation is None:
        raise NotInvited(invitee)
    asked = {code for wish in wishes for code in wish.counterparts}
    delegation, withdrawn = await unit.delegations.hold(edition_id, invitee, asked)
    return Workspace(Terms(edition, invitation, now, withdrawn), delegation or Delegation.blank(invitation))


async def opened(
    command: DelegationCommand, *, unit: Unit, now: datetime, wishes: Iterable[WishForm] = ()
) -> Workspace:
    """The workspace a command is about, held, in the revision that it was decided on.

    Raises:
        EditionUnknown, NotInvited: there is none.
        DelegationChanged: the delegation has been changed since.
    """
    workspace = await held(command.edition_id, command.invitee, unit=unit, now=now, wishes=wishes)
    workspace.delegation.check_revision(command.expected_revision)
    return workspace


async def keep(
    change: Change,
    command: DelegationCommand,
    action: Action,
    *,
    since: Workspace,
    unit: Unit,
    why: str | None = None,
    subject: str | None = None,
) -> Delegation:
    """The change is saved, its facts are staged, and the history says who made it; nothing, where nothing changed."""
    if change.after.revision == since.delegation.revision:
        return change.after
    await unit.delegations.save(change.after)
    unit.stage(*change.facts)
    entry = Entry.on(
        change.after,
        action,
        at=since.terms.now,
        by=command.by,
        why=why,
        subject=subject,
        fields=change.fields,
    )
    await unit.history.append(entry)
    return change.after
