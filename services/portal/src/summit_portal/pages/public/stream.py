"""The event stream for other systems: how one subscribes, which facts there are, and their schemas."""

from inspect import getdoc
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from summit_chassis.identity import OpenToAll
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream
from summit_contracts.schemas import schema_of
from summit_portal.readmodel.happenings import Happenings
from summit_portal.shell.heard import reader_of
from summit_portal.shell.page import page
from summit_portal.shell.routing import OpenRoute, public_router

router = public_router()
schemas = APIRouter(prefix="/schemas", tags=["contracts"], route_class=OpenRoute)

_SHOWN = 10
_PUBLIC = tuple(fact for fact in FACTS if fact.STREAM is not Stream.PERSONAL)


@router.get("/stream")
async def stream(request: Request, _: OpenToAll) -> Response:
    """How another system subscribes, and every public fact with what it says."""
    facts = [(fact.schema_name(), fact.TYPE, fact.SUBJECT, _first_sentence(fact)) for fact in _PUBLIC]
    summits = await reader_of(request).editions()
    summit = summits[0] if summits else None
    log: Happenings = request.app.state.happenings
    latest = await log.latest(summit.edition_id, most=_SHOWN) if summit else ()
    return page(request, "public/stream.html", facts=facts, summit=summit, latest=latest, shown=_SHOWN)


@schemas.get("")
async def all_schemas(_: OpenToAll) -> dict[str, str]:
    """The address of each fact's schema, by the fact's CloudEvents type."""
    return {fact.TYPE: f"/schemas/{fact.schema_name()}.json" for fact in _PUBLIC}


@schemas.get("/{name}.json", response_class=JSONResponse)
async def schema(name: str, _: OpenToAll) -> Response:
    """The JSON Schema (2020-12) of a public fact in its envelope."""
    fact = next((one for one in _PUBLIC if one.schema_name() == name), None)
    if fact is None:
        raise HTTPException(404, "There is no such public fact; `/schemas` lists them.")
    return JSONResponse(schema_of(fact), media_type="application/schema+json")


def _first_sentence(fact: type[Any]) -> str:
    return (getdoc(fact) or "").partition("\n\n")[0].replace("\n", " ")
