"""Invitations, their deadlines, and how a focal point signs in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.answers import Answer, Listing, listing
from summit_chassis.http import Created
from summit_chassis.identity import Issuer, OpenToAll, Role
from summit_contracts.errors import Refusal
from summit_contracts.values import EditionId, InviteeCode
from summit_registration.domain.errors.invitations import LinkUnknown, TooManyCodes
from summit_registration.domain.ports import Unit
from summit_registration.handlers import queries
from summit_registration.handlers.decline_invitation import DeclineInvitation, decline_invitation
from summit_registration.handlers.extend_deadline import ExtendDeadline, extend_deadline
from summit_registration.handlers.issue_invitations import IssueInvitations, issue_invitations
from summit_registration.handlers.request_sign_in_code import RequestSignInCode, request_sign_in_code
from summit_registration.handlers.sign_in import SignIn, sign_in
from summit_registration.http.doors import DoorTo, MintOf, Registrar, RegistrarOrNominator
from summit_registration.http.schemas import (
    ExtensionBody,
    InvitationAnswer,
    InvitationsBody,
    IssuedAnswer,
    Reasoned,
    SignedInAnswer,
)

router = APIRouter(tags=["invitations"])


@router.post("/editions/{edition_id}/invitations", status_code=201, response_model=IssuedAnswer)
async def issue(
    request: Request,
    edition_id: EditionId,
    body: InvitationsBody,
    door: DoorTo,
    mint: MintOf,
    caller: Registrar,
) -> Response:
    """Each addressee is invited and gets a link by mail."""
    command = IssueInvitations(by=caller.account, edition_id=edition_id, **dict(body))

    async def make(unit: Unit) -> Created:
        outcome = await issue_invitations(command, unit=unit, mint=mint, now=door.now())
        answer = IssuedAnswer(issued=outcome.issued, renewed=outcome.renewed, left_alone=outcome.left_alone)
        return Created(answer, f"/editions/{edition_id}/invitations")

    return await door.create(request, caller, make)


@router.get("/editions/{edition_id}/invitations")
async def list_invitations(
    edition_id: EditionId,
    door: DoorTo,
    _: Registrar,
    cursor: InviteeCode | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[InvitationAnswer]:
    """Everybody who was invited, in the order of codes."""
    async with door.begin() as unit:
        return listing(
            await queries.invitations(edition_id, unit=unit, after=cursor, limit=limit), InvitationAnswer.of
        )


@router.post("/editions/{edition_id}/invitations/{invitee}/decline")
async def decline(
    edition_id: EditionId, invitee: InviteeCode, body: Reasoned, door: DoorTo, caller: RegistrarOrNominator
) -> InvitationAnswer:
    """The invitee sends nobody."""
    command = DeclineInvitation(by=caller.account, edition_id=edition_id, invitee=invitee, reason=body.reason)
    async with door.begin() as unit:
        return InvitationAnswer.of(await decline_invitation(command, unit=unit, now=door.now()))


@router.post("/editions/{edition_id}/invitations/{invitee}/deadlines")
async def extend(
    edition_id: EditionId, invitee: InviteeCode, body: ExtensionBody, door: DoorTo, caller: Registrar
) -> InvitationAnswer:
    """This invitee has more time for one step; the caller answers for it."""
    command = ExtendDeadline(by=caller.account, edition_id=edition_id, invitee=invitee, **dict(body))
    async with door.begin() as unit:
        return InvitationAnswer.of(await extend_deadline(command, unit=unit, now=door.now()))


class CodeAnswer(Answer):
    """The same for every link, known or not: nobody learns here which links exist."""

    detail: str = "If the link is good, a code is on its way to the address on record."


@router.post("/sign-in/codes", status_code=202)
async def request_code(body: RequestSignInCode, door: DoorTo, mint: MintOf, _: OpenToAll) -> CodeAnswer:
    """A code goes to the address on record; a link alone opens nothing."""
    try:
        async with door.begin() as unit:
            await request_sign_in_code(body, unit=unit, mint=mint, now=door.now())
    except (LinkUnknown, TooManyCodes):
        return CodeAnswer()
    return CodeAnswer()


@router.post("/sign-in")
async def enter(request: Request, body: SignIn, door: DoorTo, _: OpenToAll) -> SignedInAnswer:
    """A token for the focal point who shows link and code."""
    now = door.now()
    async with door.begin() as unit:
        outcome = await sign_in(body, unit=unit, now=now)
    if isinstance(outcome, Refusal):
        raise outcome  # after the commit, so that the attempt is counted
    issuer: Issuer = request.app.state.issuer
    valid_for = request.app.state.token_life
    token = issuer.issue(
        f"{outcome.invitee}/{outcome.role.value}",
        [Role.NOMINATOR],
        now=now,
        valid_for=valid_for,
        edition_id=outcome.edition_id,
        invitee=outcome.invitee,
    )
    return SignedInAnswer(
        token=token, edition_id=outcome.edition_id, invitee=outcome.invitee, expires_at=now + valid_for
    )
