"""The register of pledges as a whole: taken in, given out, added up, counted; and the words it is made of."""

from fastapi import APIRouter, Request, Response

from summit_chassis.http import Created
from summit_chassis.identity import OpenToAll
from summit_contracts.values import Code, EditionId, InviteeCode
from summit_pledges.domain.errors.sheets import SheetNotReadable
from summit_pledges.domain.ports import Sought, Unit
from summit_pledges.domain.readers import PUBLIC_READER
from summit_pledges.handlers import queries
from summit_pledges.handlers.desk import TAXONOMY
from summit_pledges.handlers.import_pledges import ImportPledges, import_pledges
from summit_pledges.http.answers import CountsAnswer, ImportedAnswer, TotalAnswer
from summit_pledges.http.doors import AnyReader, Counter, DeskOfficer, DoorTo, actor, reader
from summit_pledges.http.words import TaxonomyAnswer

router = APIRouter(tags=["register"])
_CSV = {"text/csv": {"schema": {"type": "string"}}}


@router.post(
    "/editions/{edition_id}/pledges/import",
    status_code=201,
    response_model=ImportedAnswer,
    openapi_extra={"requestBody": {"required": True, "content": _CSV}},
)
async def take_in(request: Request, edition_id: EditionId, door: DoorTo, caller: DeskOfficer) -> Response:
    """Every row of the register is a pledge that the secretariat recorded; all of them, or none."""
    text = _text_of(await request.body())
    command = ImportPledges(by=actor(caller), edition_id=edition_id, text=text)

    async def make(unit: Unit) -> Created:
        imported = await import_pledges(command, unit=unit, new_key=door.new_id, now=door.now())
        return Created(ImportedAnswer.of(imported), f"/editions/{edition_id}/pledges.csv")

    return await door.create(request, caller, make)


def _text_of(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = body[: failure.start].count(b"\n") + 1
        raise SheetNotReadable(f"Line {line} is not UTF-8.") from None
    if "\x00" in text:
        raise SheetNotReadable(f"Line {text[: text.index(chr(0))].count(chr(10)) + 1} has a NUL character.")
    return text


@router.get("/editions/{edition_id}/pledges.csv", response_class=Response, responses={200: {"content": _CSV}})
async def give_out(
    edition_id: EditionId,
    door: DoorTo,
    caller: AnyReader,
    pledger: InviteeCode | None = None,
    category: Code | None = None,
    only_public: bool = True,
) -> Response:
    """The register of pledges that hold or were kept; with `only_public=false` also what only the caller may see."""
    seen_by = PUBLIC_READER if only_public else reader(caller, edition_id)
    sought = Sought(pledger=pledger, category=category)
    async with door.begin() as unit:
        text = await queries.sheet(edition_id, sought, reader=seen_by, unit=unit)
    headers = {"content-disposition": f'attachment; filename="pledges-{edition_id}.csv"'}
    return Response(text, media_type="text/csv", headers=headers)


@router.get("/editions/{edition_id}/totals")
async def add_up(edition_id: EditionId, door: DoorTo, _: AnyReader) -> list[TotalAnswer]:
    """What is promised in public, by capability: at least and at most."""
    async with door.begin() as unit:
        return [TotalAnswer.of(one) for one in await queries.totals(edition_id, unit=unit)]


@router.get("/editions/{edition_id}/counts")
async def count(edition_id: EditionId, door: DoorTo, _: Counter) -> CountsAnswer:
    """What pledges themselves count, for comparing with facts."""
    async with door.begin() as unit:
        return CountsAnswer.of(await queries.census(edition_id, unit=unit))


@router.get("/taxonomy")
async def show_taxonomy(_: OpenToAll) -> TaxonomyAnswer:
    """The words that needs, pledges and compacts are made of, in six languages."""
    return TaxonomyAnswer.of(TAXONOMY)
