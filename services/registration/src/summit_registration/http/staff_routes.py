"""How the secretariat signs in: what its identity provider says is exchanged for a token of ours."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from summit_chassis.answers import Answer, Body
from summit_chassis.identity import Issuer, OpenToAll, Role
from summit_registration.domain.errors.staff import StaffSignInNotOffered
from summit_registration.domain.staff import Staff
from summit_registration.http.doors import DoorTo

router = APIRouter(tags=["staff"])


class StaffSignIn(Body):
    """What the provider gave, and what it was asked with."""

    id_token: Annotated[str, Field(min_length=1, max_length=16_384)]
    nonce: Annotated[str, Field(min_length=16, max_length=200)]


class StaffSignedInAnswer(Answer):
    """A token to act with."""

    token: str
    roles: list[Role]
    expires_at: datetime


@router.post("/sign-in/staff")
async def enter(request: Request, body: StaffSignIn, door: DoorTo, _: OpenToAll) -> StaffSignedInAnswer:
    """A token with the roles that the account's groups give, for whoever the provider vouches for."""
    provider: Staff | None = request.app.state.staff
    roles_of_groups: Mapping[str, str] = request.app.state.staff_groups
    life: timedelta = request.app.state.staff_token_life
    if provider is None:
        raise StaffSignInNotOffered
    now = door.now()
    vouched = await provider.vouched(body.id_token, nonce=body.nonce, now=now)
    roles = sorted(Role(role) for role in vouched.roles(roles_of_groups))
    issuer: Issuer = request.app.state.issuer
    token = issuer.issue(f"secretariat/{vouched.subject}", roles, now=now, valid_for=life)
    return StaffSignedInAnswer(token=token, roles=roles, expires_at=now + life)
