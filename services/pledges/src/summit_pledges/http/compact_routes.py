"""Compacts: intentions, adherences and withdrawals; who stands how."""

from fastapi import APIRouter, Request, Response

from summit_chassis.http import Created, etag, revision_named
from summit_chassis.identity import Caller
from summit_contracts.promises import Side
from summit_contracts.values import Code, EditionId, InviteeCode
from summit_pledges.domain.compact import Adherence
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.readers import Reader
from summit_pledges.handlers import queries
from summit_pledges.handlers.adhere_to_compact import (
    AdhereToCompact,
    BeginCompact,
    IntendCompact,
    adhere_to_compact,
    begin_compact,
    intend_compact,
)
from summit_pledges.handlers.withdraw_from_compact import WithdrawFromCompact, withdraw_from_compact
from summit_pledges.http.answers import AdherenceAnswer
from summit_pledges.http.doors import AnyReader, DeskOfficer, DeskOrNominator, DoorTo, actor, reader
from summit_pledges.http.forms import AdherenceBody, IntentionBody, LeaveBody

router = APIRouter(prefix="/editions/{edition_id}/compacts/{compact}", tags=["compacts"])


@router.get("/adherences")
async def list_adherences(
    edition_id: EditionId, compact: Code, door: DoorTo, caller: AnyReader
) -> list[AdherenceAnswer]:
    """Who stands how to the compact, as far as it is public or the caller's own, in the order of codes."""
    seen_by = reader(caller, edition_id)
    async with door.begin() as unit:
        found = await queries.adherences(edition_id, compact, unit=unit)
    return [
        AdherenceAnswer.of(one, is_inside=_is_inside(seen_by, one))
        for one in found
        if one.is_known or _is_inside(seen_by, one)
    ]


@router.post("/intentions", status_code=201, response_model=AdherenceAnswer)
async def intend(
    request: Request,
    edition_id: EditionId,
    compact: Code,
    body: IntentionBody,
    door: DoorTo,
    caller: DeskOrNominator,
) -> Response:
    """The invitee has given notice that it intends to adhere; published if it agrees to be counted."""
    caller.must_act_for(edition_id, body.adherent)
    command = IntendCompact(by=actor(caller), edition_id=edition_id, compact=compact, **dict(body))

    async def make(unit: Unit) -> Created:
        return _created(await intend_compact(command, unit=unit))

    return await door.create(request, caller, make)


@router.post("/adherences", status_code=201, response_model=AdherenceAnswer)
async def adhere(
    request: Request,
    edition_id: EditionId,
    compact: Code,
    body: AdherenceBody,
    door: DoorTo,
    caller: DeskOfficer,
) -> Response:
    """The secretariat has received the invitee's instrument; also for another version of the text or another reservation."""
    command = AdhereToCompact(
        by=actor(caller),
        edition_id=edition_id,
        compact=compact,
        adherent=body.adherent,
        instrument=body.as_instrument(),
        expected_revision=revision_named(request) if "if-match" in request.headers else None,
    )

    async def make(unit: Unit) -> Created:
        return _created(await adhere_to_compact(command, unit=unit))

    return await door.create(request, caller, make)


@router.post("/adherences/{invitee}/begin")
async def begin(
    request: Request,
    response: Response,
    edition_id: EditionId,
    compact: Code,
    invitee: InviteeCode,
    door: DoorTo,
    caller: DeskOfficer,
) -> AdherenceAnswer:
    """The papers are in process; nothing is published."""
    command = BeginCompact(**_step(request, edition_id, compact, invitee, caller))
    async with door.begin() as unit:
        return _shown(response, await begin_compact(command, unit=unit))


@router.post("/adherences/{invitee}/withdraw")
async def withdraw(
    request: Request,
    response: Response,
    edition_id: EditionId,
    compact: Code,
    invitee: InviteeCode,
    body: LeaveBody,
    door: DoorTo,
    caller: DeskOrNominator,
) -> AdherenceAnswer:
    """The invitee adheres no longer, or does not intend to."""
    command = WithdrawFromCompact(**_step(request, edition_id, compact, invitee, caller), **dict(body))
    async with door.begin() as unit:
        return _shown(response, await withdraw_from_compact(command, unit=unit))


def _is_inside(seen_by: Reader, adherence: Adherence) -> bool:
    return seen_by.side is Side.SECRETARIAT or seen_by.invitee == adherence.adherent


def _step(
    request: Request, edition_id: str, compact: str, adherent: str, caller: Caller
) -> dict[str, object]:
    """What every change says: who, of whose adherence to what, and decided on which revision."""
    return {
        "by": actor(caller),
        "edition_id": edition_id,
        "compact": compact,
        "adherent": adherent,
        "expected_revision": revision_named(request),
    }


def _created(adherence: Adherence) -> Created:
    location = f"/editions/{adherence.edition_id}/compacts/{adherence.compact}/adherences"
    return Created(AdherenceAnswer.of(adherence, is_inside=True), location, adherence.revision)


def _shown(response: Response, adherence: Adherence) -> AdherenceAnswer:
    response.headers["etag"] = etag(adherence.revision)
    return AdherenceAnswer.of(adherence, is_inside=True)
