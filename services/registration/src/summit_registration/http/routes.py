"""Delegations: drafted, registered, confirmed, amended, withdrawn; their members and wishes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.answers import Listing, listing
from summit_chassis.http import Created, etag, revision_named
from summit_chassis.identity import Caller
from summit_contracts.values import EditionId, InviteeCode, Key
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.draft import Draft
from summit_registration.domain.ports import Unit
from summit_registration.handlers import queries
from summit_registration.handlers.accredit_delegate import AccreditDelegate, accredit_delegate
from summit_registration.handlers.add_wishes import AddWishes, add_wishes
from summit_registration.handlers.amend_delegation import AmendDelegation, amend_delegation
from summit_registration.handlers.confirm_delegation import ConfirmDelegation, confirm_delegation
from summit_registration.handlers.refuse_delegate import RefuseDelegate, refuse_delegate
from summit_registration.handlers.register_delegation import RegisterDelegation
from summit_registration.handlers.register_delegation import register_delegation as register
from summit_registration.handlers.replace_member import ReplaceMember, replace_member
from summit_registration.handlers.save_draft import SaveDraft, save_draft
from summit_registration.handlers.withdraw_delegation import WithdrawDelegation, withdraw_delegation
from summit_registration.http.doors import Accreditor, DoorTo, MintOf, Reader, Registrar, RegistrarOrNominator
from summit_registration.http.schemas import (
    AmendmentForm,
    DelegationAnswer,
    Reasoned,
    RefusalBody,
    RegistrationForm,
    SuccessorForm,
    WishesForm,
    WorkspaceAnswer,
)

router = APIRouter(prefix="/editions/{edition_id}/delegations", tags=["delegations"])


@router.get("")
async def list_delegations(
    edition_id: EditionId,
    door: DoorTo,
    caller: Registrar,
    cursor: InviteeCode | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[DelegationAnswer]:
    """Every delegation that was registered once, in the order of codes."""
    async with door.begin() as unit:
        page = await queries.delegations(edition_id, unit=unit, after=cursor, limit=limit)
    return listing(page, lambda one: DelegationAnswer.of(one, to=caller))


@router.get("/{invitee}")
async def show_workspace(
    response: Response, edition_id: EditionId, invitee: InviteeCode, door: DoorTo, caller: Reader
) -> WorkspaceAnswer:
    """The delegation so far, with its terms; the ETag is what a change names in If-Match."""
    async with door.begin() as unit:
        workspace = await queries.open_workspace(edition_id, invitee, unit=unit, now=door.now())
    response.headers["etag"] = etag(workspace.delegation.revision)
    return WorkspaceAnswer.of(workspace, to=caller)


@router.put("/{invitee}/draft")
async def keep_draft(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    body: Draft,
    door: DoorTo,
    caller: RegistrarOrNominator,
) -> DelegationAnswer:
    """The unfinished form is kept as it stands."""
    named = revision_named(request) if "if-match" in request.headers else None
    command = SaveDraft(
        by=caller.account, edition_id=edition_id, invitee=invitee, expected_revision=named, draft=body
    )
    async with door.begin() as unit:
        return _shown(response, caller, await save_draft(command, unit=unit, now=door.now()))


@router.post("/{invitee}", status_code=201, response_model=DelegationAnswer)
async def register_delegation(
    request: Request,
    edition_id: EditionId,
    invitee: InviteeCode,
    body: RegistrationForm,
    door: DoorTo,
    mint: MintOf,
    caller: RegistrarOrNominator,
) -> Response:
    """The delegation is nominated, and each of its wishes is on its way to the counterpart."""
    command = RegisterDelegation(by=caller.account, edition_id=edition_id, invitee=invitee, **dict(body))

    async def make(unit: Unit) -> Created:
        delegation = await register(command, unit=unit, mint=mint, now=door.now())
        location = f"/editions/{edition_id}/delegations/{invitee}"
        return Created(DelegationAnswer.of(delegation, to=caller), location, delegation.revision)

    return await door.create(request, caller, make)


@router.patch("/{invitee}")
async def amend(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    body: AmendmentForm,
    door: DoorTo,
    mint: MintOf,
    caller: RegistrarOrNominator,
) -> DelegationAnswer:
    """The delegation is as the form has it now; the difference stands in its history and in the fact."""
    command = AmendDelegation(**_change(request, edition_id, invitee, caller.account), **dict(body))
    async with door.begin() as unit:
        return _shown(response, caller, await amend_delegation(command, unit=unit, mint=mint, now=door.now()))


@router.post("/{invitee}/confirm")
async def confirm(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    door: DoorTo,
    caller: RegistrarOrNominator,
) -> DelegationAnswer:
    """The members are final but for amendments."""
    command = ConfirmDelegation(**_change(request, edition_id, invitee, caller.account))
    async with door.begin() as unit:
        return _shown(response, caller, await confirm_delegation(command, unit=unit, now=door.now()))


@router.post("/{invitee}/withdraw")
async def withdraw(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    body: Reasoned,
    door: DoorTo,
    caller: RegistrarOrNominator,
) -> DelegationAnswer:
    """The delegation does not come; its bilaterals are void."""
    command = WithdrawDelegation(**_change(request, edition_id, invitee, caller.account), reason=body.reason)
    async with door.begin() as unit:
        return _shown(response, caller, await withdraw_delegation(command, unit=unit, now=door.now()))


@router.post("/{invitee}/wishes")
async def wish(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    body: WishesForm,
    door: DoorTo,
    mint: MintOf,
    caller: RegistrarOrNominator,
) -> DelegationAnswer:
    """More bilaterals are asked for."""
    command = AddWishes(**_change(request, edition_id, invitee, caller.account), wishes=body.wishes)
    async with door.begin() as unit:
        return _shown(response, caller, await add_wishes(command, unit=unit, mint=mint, now=door.now()))


@router.post("/{invitee}/members/{member_id}/replace")
async def replace(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    member_id: Key,
    body: SuccessorForm,
    door: DoorTo,
    caller: RegistrarOrNominator,
) -> DelegationAnswer:
    """Somebody else takes the place, and whatever hangs on it."""
    change = _change(request, edition_id, invitee, caller.account)
    command = ReplaceMember(**change, member_id=member_id, **dict(body))
    async with door.begin() as unit:
        return _shown(response, caller, await replace_member(command, unit=unit, now=door.now()))


@router.post("/{invitee}/members/{member_id}/accredit")
async def accredit(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    member_id: Key,
    door: DoorTo,
    caller: Accreditor,
) -> DelegationAnswer:
    """The member may enter."""
    command = AccreditDelegate(**_change(request, edition_id, invitee, caller.account), member_id=member_id)
    async with door.begin() as unit:
        return _shown(response, caller, await accredit_delegate(command, unit=unit, now=door.now()))


@router.post("/{invitee}/members/{member_id}/refuse")
async def refuse(
    request: Request,
    response: Response,
    edition_id: EditionId,
    invitee: InviteeCode,
    member_id: Key,
    body: RefusalBody,
    door: DoorTo,
    caller: Accreditor,
) -> DelegationAnswer:
    """The member may not enter, for this reason."""
    change = _change(request, edition_id, invitee, caller.account)
    command = RefuseDelegate(**change, member_id=member_id, reason=body.reason)
    async with door.begin() as unit:
        return _shown(response, caller, await refuse_delegate(command, unit=unit, now=door.now()))


def _change(request: Request, edition_id: str, invitee: str, account: str) -> dict[str, object]:
    """What every change of a delegation says: who, which one, and decided on which revision."""
    return {
        "by": account,
        "edition_id": edition_id,
        "invitee": invitee,
        "expected_revision": revision_named(request),
    }


def _shown(response: Response, caller: Caller, delegation: Delegation) -> DelegationAnswer:
    response.headers["etag"] = etag(delegation.revision)
    return DelegationAnswer.of(delegation, to=caller)
