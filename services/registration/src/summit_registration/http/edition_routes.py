"""Editions, their history, and what registration counts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from summit_chassis.answers import Listing, listing
from summit_chassis.identity import SECRETARIAT, OpenToAll
from summit_chassis.outbox import FactTooLarge
from summit_contracts.values import EditionId, InviteeCode
from summit_registration.domain.errors.editions import EditionFault, EditionFileInvalid
from summit_registration.domain.history import OF_THE_SECRETARIAT
from summit_registration.handlers import queries
from summit_registration.handlers.apply_edition import ApplyEdition, apply_edition
from summit_registration.http.doors import Counter, DoorTo, Reader, Registrar
from summit_registration.http.schemas import (
    AppliedEditionAnswer,
    CountsAnswer,
    EditionAnswer,
    EntryAnswer,
)

router = APIRouter(tags=["editions"])

Place = Annotated[int, Query(ge=0, le=2**63 - 1)]
"""A place in the history, as the database counts them."""


@router.post(
    "/editions",
    status_code=201,
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/toml": {"schema": {"type": "string"}}}}
    },
)
async def apply(
    request: Request, response: Response, door: DoorTo, caller: Registrar
) -> AppliedEditionAnswer:
    """The edition that the file describes holds from now on; 200 where it did already."""
    command = ApplyEdition(by=caller.account, text=_text_of(await request.body()))
    try:
        async with door.begin() as unit:
            applied = await apply_edition(command, unit=unit, now=door.now())
    except FactTooLarge:
        says, remedy = "The edition is too large to be told.", "Shorten its texts, or reserve fewer rooms."
        raise EditionFileInvalid([EditionFault(1, "", says, remedy)]) from None
    edition = applied.published.edition
    response.status_code = 201 if applied.is_changed else 200
    response.headers["location"] = f"/editions/{edition.edition_id}"
    return AppliedEditionAnswer(
        edition_id=edition.edition_id,
        revision=applied.published.revision,
        is_changed=applied.is_changed,
        invitees=len(edition.invitees),
    )


def _text_of(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = body[: failure.start].count(b"\n") + 1
        fault = EditionFault(line, "", "The text is not UTF-8.", "Save the file in UTF-8.")
        raise EditionFileInvalid([fault]) from None


@router.get("/editions")
async def list_editions(door: DoorTo, _: OpenToAll) -> list[str]:
    """The names of all editions."""
    async with door.begin() as unit:
        return list(await queries.editions(unit=unit))


@router.get("/editions/{edition_id}")
async def show_edition(edition_id: EditionId, door: DoorTo, _: OpenToAll) -> EditionAnswer:
    """The edition in its last revision; it is public."""
    async with door.begin() as unit:
        published = await queries.edition(edition_id, unit=unit)
    return EditionAnswer(edition_id=edition_id, revision=published.revision, edition=published.edition)


@router.get("/editions/{edition_id}/counts")
async def count(edition_id: EditionId, door: DoorTo, _: Counter) -> CountsAnswer:
    """What registration itself counts, for comparing with its facts."""
    async with door.begin() as unit:
        return CountsAnswer.of(await queries.census(edition_id, unit=unit))


@router.get("/editions/{edition_id}/history")
async def list_history(
    edition_id: EditionId,
    door: DoorTo,
    _: Registrar,
    cursor: Place | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[EntryAnswer]:
    """Who did what when and why, oldest first."""
    async with door.begin() as unit:
        return listing(
            await queries.history(edition_id, unit=unit, after=cursor, limit=limit), EntryAnswer.of
        )


@router.get("/editions/{edition_id}/delegations/{invitee}/history")
async def list_history_of_invitee(
    edition_id: EditionId,
    invitee: InviteeCode,
    door: DoorTo,
    caller: Reader,
    cursor: Place | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[EntryAnswer]:
    """What was done about one invitee, oldest first; to the invitee without what the secretariat does among itself."""
    without = () if caller.is_any_of(SECRETARIAT) else OF_THE_SECRETARIAT
    async with door.begin() as unit:
        page = await queries.history(
            edition_id, unit=unit, invitee=invitee, after=cursor, limit=limit, without=without
        )
    return listing(page, EntryAnswer.of)
