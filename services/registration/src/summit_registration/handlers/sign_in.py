"""Somebody shows a link and a code, and may act for an invitee."""

from datetime import datetime

from pydantic import ConfigDict

from summit_contracts.values import Value
from summit_registration.domain.access import digest_of
from summit_registration.domain.errors.invitations import SignInRefused
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import SignedIn
from summit_registration.domain.ports import Unit
from summit_registration.handlers.request_sign_in_code import Secret


class SignIn(Value):
    """Let me in."""

    model_config = ConfigDict(extra="forbid")

    link: Secret
    """The secret of the invitation's link."""
    code: Secret


async def sign_in(command: SignIn, *, unit: Unit, now: datetime) -> SignedIn | SignInRefused:
    """Whom the caller may act for; a right code is used up, and a wrong one has cost an attempt.

    The refusal is returned, so that the transaction commits what the attempt cost; the door raises it afterwards.
    """
    invitation = await unit.invitations.hold_by_link(digest_of(command.link))
    if invitation is None:
        return SignInRefused()
    changed, outcome = invitation.sign_in(link=command.link, code=command.code, now=now)
    await unit.invitations.save(changed)
    action, who = (
        (Action.SIGNED_IN, outcome.role.value)
        if isinstance(outcome, SignedIn)
        else (Action.SIGN_IN_REFUSED, "link")
    )
    await unit.history.append(Entry.on(changed, action, at=now, by=f"{changed.invitee}/{who}"))
    return outcome
