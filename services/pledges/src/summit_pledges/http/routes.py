"""Pledges: begun, made, looked at, amended, followed until they are kept or taken back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.answers import Listing, listing
from summit_chassis.http import Created, etag, revision_named
from summit_chassis.identity import Caller
from summit_contracts.values import Code, EditionId, InviteeCode, Key
from summit_pledges.domain.history import Stage
from summit_pledges.domain.pledge import DraftPledge, Pledge
from summit_pledges.domain.ports import Sought, Unit
from summit_pledges.handlers import queries
from summit_pledges.handlers.accept_pledge import AcceptPledge, accept_pledge
from summit_pledges.handlers.acknowledge_pledge import AcknowledgePledge, acknowledge_pledge
from summit_pledges.handlers.amend_pledge import AmendPledge, amend_pledge
from summit_pledges.handlers.classify_pledge import ClassifyPledge, classify_pledge
from summit_pledges.handlers.discard_draft import DiscardDraft, discard_draft
from summit_pledges.handlers.draft_pledge import draft_pledge
from summit_pledges.handlers.fulfil_pledge import FulfilPledge, fulfil_pledge
from summit_pledges.handlers.make_pledge import MakePledge, make_pledge
from summit_pledges.handlers.report_progress import ReportProgress, report_progress
from summit_pledges.handlers.return_pledge import ReturnPledge, return_pledge
from summit_pledges.handlers.set_visibility import SetVisibility, set_visibility
from summit_pledges.handlers.withdraw_pledge import WithdrawPledge, withdraw_pledge
from summit_pledges.http.answers import AdviceAnswer, PledgeAnswer
from summit_pledges.http.doors import AnyReader, DeskOfficer, DeskOrNominator, DoorTo, actor, acts_for, reader
from summit_pledges.http.forms import (
    AdviceBody,
    AmendBody,
    ClassifyBody,
    DraftBody,
    Reasoned,
    ReportBody,
    ReturnBody,
)

router = APIRouter(prefix="/editions/{edition_id}/pledges", tags=["pledges"])


@router.post("", status_code=201, response_model=PledgeAnswer)
async def draft(
    request: Request, edition_id: EditionId, body: DraftBody, door: DoorTo, caller: DeskOrNominator
) -> Response:
    """A draft, or with `make` a pledge at once; the answer advises what could be said better."""
    if acts_for(caller, edition_id) is not None:
        caller.must_act_for(edition_id, body.pledger)
    command = DraftPledge(
        edition_id=edition_id,
        pledger=body.pledger,
        promise=body.promise,
        visibility=body.visibility.visibility(door.now()),
        held_back=body.held_back,
    )

    async def make(unit: Unit) -> Created:
        pledge = await draft_pledge(
            command,
            by=actor(caller),
            pledge_id=door.new_id(),
            is_made=body.make,
            unit=unit,
            now=door.now(),
        )
        answer = PledgeAnswer.of(pledge, reader(caller, edition_id))
        return Created(answer, f"/editions/{edition_id}/pledges/{pledge.pledge_id}", pledge.revision)

    return await door.create(request, caller, make)


@router.post("/advice")
async def advise(edition_id: EditionId, body: AdviceBody, door: DoorTo, _: DeskOrNominator) -> AdviceAnswer:
    """What is missing from the promise as far as it was typed; nothing is kept and nobody is told."""
    async with door.begin() as unit:
        return AdviceAnswer.of(await queries.advice_on(edition_id, body.promise, unit=unit))


@router.get("")
async def list_pledges(
    edition_id: EditionId,
    door: DoorTo,
    caller: AnyReader,
    pledger: InviteeCode | None = None,
    state: Stage | None = None,
    category: Code | None = None,
    need_id: Key | None = None,
    cursor: Key | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[PledgeAnswer]:
    """Pledges that the caller may know of, in the order of ids."""
    sought = Sought(pledger, state, category, need_id)
    seen_by = reader(caller, edition_id)
    async with door.begin() as unit:
        page = await queries.pledges(edition_id, sought, reader=seen_by, unit=unit, after=cursor, limit=limit)
    return listing(page, lambda pledge: PledgeAnswer.of(pledge, seen_by))


@router.get("/{pledge_id}")
async def show_pledge(
    response: Response, edition_id: EditionId, pledge_id: Key, door: DoorTo, caller: AnyReader
) -> PledgeAnswer:
    """One pledge; the ETag is what a change names in If-Match."""
    seen_by = reader(caller, edition_id)
    async with door.begin() as unit:
        pledge = await queries.pledge(edition_id, pledge_id, reader=seen_by, unit=unit)
    return _shown(response, pledge, caller)


@router.patch("/{pledge_id}")
async def amend(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    body: AmendBody,
    door: DoorTo,
    caller: DeskOrNominator,
) -> PledgeAnswer:
    """The draft, or the pledge, says this from now on, and is as open as this."""
    step = _step(request, edition_id, pledge_id, caller)
    async with door.begin() as unit:
        if body.promise is not None or body.held_back is not None:
            command = AmendPledge(**step, promise=body.promise, held_back=body.held_back)
            await amend_pledge(command, unit=unit, now=door.now())
            step = {**step, "expected_revision": None}
        if body.visibility is not None:
            opening = SetVisibility(**step, visibility=body.visibility.visibility(door.now()))
            await set_visibility(opening, unit=unit, now=door.now())
        pledge = await queries.pledge(edition_id, pledge_id, reader=reader(caller, edition_id), unit=unit)
    return _shown(response, pledge, caller)


@router.delete("/{pledge_id}", status_code=204)
async def discard(
    request: Request, edition_id: EditionId, pledge_id: Key, door: DoorTo, caller: DeskOrNominator
) -> None:
    """The draft is gone; a pledge that was made is withdrawn instead."""
    command = DiscardDraft(**_step(request, edition_id, pledge_id, caller))
    location = f"/editions/{edition_id}/pledges/{pledge_id}"
    await door.remove(location, lambda unit: discard_draft(command, unit=unit))


@router.post("/{pledge_id}/make")
async def make_it(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    door: DoorTo,
    caller: DeskOrNominator,
) -> PledgeAnswer:
    """The draft is a pledge; published if it is public."""
    command = MakePledge(**_step(request, edition_id, pledge_id, caller))
    async with door.begin() as unit:
        return _shown(response, await make_pledge(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/acknowledge")
async def acknowledge(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    door: DoorTo,
    caller: DeskOfficer,
) -> PledgeAnswer:
    """The secretariat has received it and looks at it."""
    command = AcknowledgePledge(**_step(request, edition_id, pledge_id, caller))
    async with door.begin() as unit:
        return _shown(response, await acknowledge_pledge(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/accept")
async def accept(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    door: DoorTo,
    caller: DeskOfficer,
) -> PledgeAnswer:
    """It counts as it stands, and its delivery is followed."""
    command = AcceptPledge(**_step(request, edition_id, pledge_id, caller))
    async with door.begin() as unit:
        return _shown(response, await accept_pledge(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/return")
async def return_it(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    body: ReturnBody,
    door: DoorTo,
    caller: DeskOfficer,
) -> PledgeAnswer:
    """The pledger is asked to say more."""
    command = ReturnPledge(**_step(request, edition_id, pledge_id, caller), **dict(body))
    async with door.begin() as unit:
        return _shown(response, await return_pledge(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/classify")
async def classify(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    body: ClassifyBody,
    door: DoorTo,
    caller: DeskOfficer,
) -> PledgeAnswer:
    """It is classed as a commitment, a readiness or a practice."""
    command = ClassifyPledge(**_step(request, edition_id, pledge_id, caller), **dict(body))
    async with door.begin() as unit:
        return _shown(response, await classify_pledge(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/withdraw")
async def withdraw(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    body: Reasoned,
    door: DoorTo,
    caller: DeskOrNominator,
) -> PledgeAnswer:
    """It holds no longer."""
    command = WithdrawPledge(**_step(request, edition_id, pledge_id, caller), reason=body.reason)
    async with door.begin() as unit:
        return _shown(response, await withdraw_pledge(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/progress")
async def report(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    body: ReportBody,
    door: DoorTo,
    caller: DeskOrNominator,
) -> PledgeAnswer:
    """One side says how much was delivered so far."""
    filed = body.report(actor(caller).side)
    command = ReportProgress(**_step(request, edition_id, pledge_id, caller), report=filed)
    async with door.begin() as unit:
        return _shown(response, await report_progress(command, unit=unit, now=door.now()), caller)


@router.post("/{pledge_id}/fulfil")
async def fulfil(
    request: Request,
    response: Response,
    edition_id: EditionId,
    pledge_id: Key,
    door: DoorTo,
    caller: DeskOfficer,
) -> PledgeAnswer:
    """It was kept: both sides have said so."""
    command = FulfilPledge(**_step(request, edition_id, pledge_id, caller))
    async with door.begin() as unit:
        return _shown(response, await fulfil_pledge(command, unit=unit, now=door.now()), caller)


def _step(request: Request, edition_id: str, pledge_id: str, caller: Caller) -> dict[str, object]:
    """What every step says: who, for whom, of which pledge, and decided on which revision."""
    return {
        "by": actor(caller),
        "edition_id": edition_id,
        "pledge_id": pledge_id,
        "acts_for": acts_for(caller, edition_id),
        "expected_revision": revision_named(request),
    }


def _shown(response: Response, pledge: Pledge, caller: Caller) -> PledgeAnswer:
    response.headers["etag"] = etag(pledge.revision)
    return PledgeAnswer.of(pledge, reader(caller, pledge.edition_id))
