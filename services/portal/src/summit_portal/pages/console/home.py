"""Where the secretariat begins: the summits there are, and one of them at a glance."""

from typing import Annotated, Final

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.values import EditionId
from summit_portal.pages.console.desk import STAFF, back_to, desk
from summit_portal.readmodel.happenings import Happenings
from summit_portal.shell.heard import edition_of, reader_of
from summit_portal.shell.page import page
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()

_MOST_FACTS: Final = 50


@router.get("/console")
async def console(request: Request, _: Annotated[Person, STAFF]) -> Response:
    """The one summit there is; a choice where there are more."""
    editions = await reader_of(request).editions()
    if len(editions) == 1:
        return back_to(editions[0].edition_id)
    return page(request, "console/choice.html", editions=editions)


@router.get("/console/{edition_id}")
async def home(request: Request, edition_id: EditionId, person: Annotated[Person, STAFF]) -> Response:
    """The summit in figures, which move while one looks."""
    edition = await edition_of(request, edition_id)
    figures = (await reader_of(request).figures(edition_id)).model_dump()
    return desk(request, person, edition, "home", figures=figures)


@router.get("/console/{edition_id}/facts")
async def facts(request: Request, edition_id: EditionId, person: Annotated[Person, STAFF]) -> Response:
    """Every fact of the summit as it comes, after the latest that were there."""
    edition = await edition_of(request, edition_id)
    log: Happenings = request.app.state.happenings
    latest = await log.latest(edition_id, most=_MOST_FACTS)
    return desk(request, person, edition, "facts", latest=latest, most=_MOST_FACTS)
