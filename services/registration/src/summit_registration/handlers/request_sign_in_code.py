"""Somebody who holds an invitation's link asks for a code; it goes to the address on record."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from summit_contracts.values import Value
from summit_registration.domain.access import FocalRole, digest_of
from summit_registration.domain.errors.invitations import LinkUnknown
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.ports import Mint, Unit

Secret = Annotated[str, Field(min_length=6, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class RequestSignInCode(Value):
    """Send a code to whom this link was sent."""

    model_config = ConfigDict(extra="forbid")

    link: Secret
    """The secret of the invitation's link."""
    role: FocalRole = FocalRole.NOMINATOR


async def request_sign_in_code(command: RequestSignInCode, *, unit: Unit, mint: Mint, now: datetime) -> None:
    """A code is on its way; the one before is void.

    Raises:
        LinkUnknown: no invitation has the link, it has run out, or nobody is on record for the role.
        TooManyCodes: too many were asked for within an hour.
    """
    invitation = await unit.invitations.hold_by_link(digest_of(command.link))
    if invitation is None:
        raise LinkUnknown
    changed, facts = invitation.request_code(command.role, link=command.link, code=mint.code(), now=now)
    await unit.invitations.save(changed)
    unit.stage(*facts)
    entry = Entry.on(
        changed,
        Action.SIGN_IN_CODE_REQUESTED,
        at=now,
        by=f"{changed.invitee}/link",
        subject=command.role,
    )
    await unit.history.append(entry)
