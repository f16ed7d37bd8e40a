"""Needs: published, changed, closed, read with what is left of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.answers import Listing, listing
from summit_chassis.http import Created, etag, revision_named
from summit_contracts.values import EditionId, Key
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers import queries
from summit_pledges.handlers.publish_need import (
    ChangeNeed,
    CloseNeed,
    PublishNeed,
    change_need,
    close_need,
    publish_need,
)
from summit_pledges.http.answers import NeedAnswer
from summit_pledges.http.doors import AnyReader, DeskOfficer, DoorTo, actor
from summit_pledges.http.forms import NeedBody

router = APIRouter(prefix="/editions/{edition_id}/needs", tags=["needs"])


@router.post("", status_code=201, response_model=NeedAnswer)
async def publish(
    request: Request, edition_id: EditionId, body: NeedBody, door: DoorTo, caller: DeskOfficer
) -> Response:
    """The need is open, and everybody hears of it."""
    command = PublishNeed(by=actor(caller), edition_id=edition_id, need_id=door.new_id(), need=body.need)

    async def make(unit: Unit) -> Created:
        need = await publish_need(command, unit=unit)
        return Created(NeedAnswer.of(need), f"/editions/{edition_id}/needs/{need.need_id}", need.revision)

    return await door.create(request, caller, make)


@router.get("")
async def list_needs(
    edition_id: EditionId,
    door: DoorTo,
    _: AnyReader,
    cursor: Key | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[NeedAnswer]:
    """Every need that was published, open or closed, in the order of ids."""
    async with door.begin() as unit:
        page = await queries.needs(edition_id, unit=unit, after=cursor, limit=limit)
    return listing(page, NeedAnswer.of)


@router.get("/{need_id}")
async def show_need(
    response: Response, edition_id: EditionId, need_id: Key, door: DoorTo, _: AnyReader
) -> NeedAnswer:
    """One need, and what of it nobody has promised in public."""
    async with door.begin() as unit:
        need, gap = await queries.need(edition_id, need_id, unit=unit)
    response.headers["etag"] = etag(need.revision)
    return NeedAnswer.of(need, gap)


@router.put("/{need_id}")
async def change(
    request: Request,
    response: Response,
    edition_id: EditionId,
    need_id: Key,
    body: NeedBody,
    door: DoorTo,
    caller: DeskOfficer,
) -> NeedAnswer:
    """The need says this instead."""
    command = ChangeNeed(
        by=actor(caller),
        edition_id=edition_id,
        need_id=need_id,
        need=body.need,
        expected_revision=revision_named(request),
    )
    async with door.begin() as unit:
        return _shown(response, await change_need(command, unit=unit))


@router.post("/{need_id}/close")
async def close(
    request: Request,
    response: Response,
    edition_id: EditionId,
    need_id: Key,
    door: DoorTo,
    caller: DeskOfficer,
) -> NeedAnswer:
    """Nobody can pledge to it any more."""
    command = CloseNeed(
        by=actor(caller),
        edition_id=edition_id,
        need_id=need_id,
        expected_revision=revision_named(request),
    )
    async with door.begin() as unit:
        return _shown(response, await close_need(command, unit=unit))


def _shown(response: Response, need: PublishedNeed) -> NeedAnswer:
    response.headers["etag"] = etag(need.revision)
    return NeedAnswer.of(need)
