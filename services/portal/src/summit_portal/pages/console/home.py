"""Where the secretariat begins: the summits there are, and one of them at a glance."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.values import EditionId
from summit_portal.pages.console.desk import STAFF, back_to, desk
from summit_portal.shell.heard import edition_of, reader_of
from summit_portal.shell.page import page
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()


@router.get("/console")
async def console(request: Request, _: Annotated[Person, STAFF]) -> Response:
    """The one summit there is; a choice where there are more."""
    editions = await reader_of(request).editions()
    if len(editions) == 1:
        return back_to(editions[0].edition_id)
    return page(request, "console/choice.html", editions=editions)


@router.get("/console/{edition_id}")
async def home(request: Request, edition_id: EditionId, person: Annotated[Person, STAFF]) -> Response:
    """The summit in figures."""
    edition = await edition_of(request, edition_id)
    counts = await reader_of(request).counts(edition_id)
    return desk(request, person, edition, "home", counts=counts)
