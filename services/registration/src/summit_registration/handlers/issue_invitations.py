"""Invitees are invited, each with a link that reaches its focal point."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_contracts.editions import Edition, EditionInvitee
from summit_contracts.errors import EditionUnknown
from summit_contracts.fact import Fact
from summit_contracts.registration import ContactsNamed
from summit_contracts.values import EditionId, InviteeCode, Value
from summit_registration.domain.contacts import contacts_of
from summit_registration.domain.errors.invitations import InviteeUnknown
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import FocalPoints, Invitation
from summit_registration.domain.ports import Mint, Unit
from summit_registration.handlers.command import Command


class Addressee(Value):
    """An invitee, and whom its invitation goes to."""

    invitee: InviteeCode
    focal: FocalPoints


class IssueInvitations(Command):
    """Invite these."""

    edition_id: EditionId
    addressees: Annotated[tuple[Addressee, ...], Field(min_length=1, max_length=1000)]
    is_renewal: bool = False
    """Whether who is invited already gets a new link and these focal points, and who declined is invited again;
    otherwise both are left alone."""


@dataclass(slots=True)
class IssuedInvitations:
    """Who got what."""

    issued: list[str]
    renewed: list[str]
    left_alone: list[str]


async def issue_invitations(
    command: IssueInvitations, *, unit: Unit, mint: Mint, now: datetime
) -> IssuedInvitations:
    """Each addressee has an invitation; links leave in personal facts only.

    Raises:
        EditionUnknown: no such edition was published.
        InviteeUnknown: the edition does not name one of them; then nobody is invited.
        SendsNoDelegation: one of them is a principal; then nobody is invited.
    """
    published = await unit.editions.hold(command.edition_id)
    if published is None:
        raise EditionUnknown(command.edition_id)
    existing = dict(await unit.invitations.hold_all(command.edition_id))
    outcome = IssuedInvitations([], [], [])
    saved: dict[str, Invitation] = {}
    entries: list[Entry] = []
    for addressee in command.addressees:
        row = _row(addressee.invitee, published.edition)
        before = existing.get(row.code)
        link = mint.link_secret()
        if before is None:
            after, facts = Invitation.issue(published.edition, row, addressee.focal, link=link, now=now)
            outcome.issued.append(row.code)
        elif command.is_renewal:
            after, facts = before.renew(published.edition, addressee.focal, link=link, now=now)
            outcome.renewed.append(row.code)
        else:
            outcome.left_alone.append(row.code)
            continue
        saved[row.code] = existing[row.code] = after
        unit.stage(
            *await _contacts(before, after, unit=unit), *facts
        )  # whom to write to, before what to write
        action = Action.INVITATION_RENEWED if before else Action.INVITATION_ISSUED
        entries.append(Entry.on(after, action, at=now, by=command.by))
    await unit.invitations.save(*saved.values())
    await unit.history.append(*entries)
    return outcome


def _row(code: str, edition: Edition) -> EditionInvitee:
    row = edition.invitee(code)
    if row is None:
        raise InviteeUnknown(code, [one.code for one in edition.invitees])
    return row


async def _contacts(before: Invitation | None, after: Invitation, *, unit: Unit) -> tuple[Fact, ...]:
    """Whom letters go to from now on, where that is somebody else than before."""
    delegation = await unit.delegations.get(after.edition_id, after.invitee) if before else None
    members, language = (delegation.members, delegation.language) if delegation else ((), None)
    contacts = contacts_of(after, members, language=language)
    if before is not None and contacts == contacts_of(before, members, language=language):
        return ()
    return (ContactsNamed(edition_id=after.edition_id, invitee=after.invitee, contacts=contacts),)
