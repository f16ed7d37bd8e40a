"""An edition file becomes the edition that holds."""

from dataclasses import dataclass
from datetime import datetime

from summit_contracts.registration import EditionPublished
from summit_registration.domain import edition_file
from summit_registration.domain.errors.editions import InviteesLeftOut
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import InvitationState
from summit_registration.domain.ports import Published, Unit
from summit_registration.handlers.command import Command


class ApplyEdition(Command):
    """Publish what this file says."""

    text: str
    """The edition as TOML (`domain.edition_file`)."""


@dataclass(frozen=True, slots=True)
class AppliedEdition:
    """What came of it."""

    published: Published
    is_changed: bool
    """False where the file says what was published already: then nothing happened."""


async def apply_edition(command: ApplyEdition, *, unit: Unit, now: datetime) -> AppliedEdition:
    """The edition is published in a new revision, unless the last one says the same.

    Raises:
        EditionFileInvalid: the file has faults, all of them listed.
        InviteesLeftOut: somebody who holds an invitation is no longer named.
    """
    edition = edition_file.read(command.text)
    before = await unit.editions.hold(edition.edition_id)
    if before is not None and before.edition == edition:
        return AppliedEdition(before, is_changed=False)
    invitations = await unit.invitations.hold_all(edition.edition_id)
    left_out = [
        code
        for code, invitation in invitations.items()
        if invitation.state is InvitationState.ISSUED and edition.invitee(code) is None
    ]
    if left_out:
        raise InviteesLeftOut(left_out)
    published = Published(edition, before.revision + 1 if before else 1)
    await unit.editions.save(published)
    unit.stage(EditionPublished(edition_id=edition.edition_id, revision=published.revision, edition=edition))
    await unit.history.append(
        Entry(
            edition_id=edition.edition_id,
            at=now,
            by=command.by,
            action=Action.EDITION_PUBLISHED,
            revision=published.revision,
        )
    )
    return AppliedEdition(published, is_changed=True)
