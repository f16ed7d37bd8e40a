"""An unfinished form is kept."""

from datetime import datetime

from summit_registration.domain.delegation import Change, Delegation
from summit_registration.domain.draft import Draft
from summit_registration.domain.history import Action
from summit_registration.domain.ports import Unit
from summit_registration.handlers.command import DelegationCommand
from summit_registration.handlers.workspace import keep, opened


class SaveDraft(DelegationCommand):
    """Keep the form as far as it is written."""

    draft: Draft


async def save_draft(command: SaveDraft, *, unit: Unit, now: datetime) -> Delegation:
    """The form is kept as it stands; nobody else learns of it.

    Raises:
        EditionUnknown, NotInvited: there is no workspace.
        DelegationChanged: somebody wrote in it since.
        AlreadyRegistered: the delegation is registered, and is amended instead.
    """
    workspace = await opened(command, unit=unit, now=now)
    change = Change(workspace.delegation.write(command.draft))
    return await keep(change, command, Action.DRAFT_SAVED, since=workspace, unit=unit)
