"""The pages of the secretariat, below `/{language}/console`."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from summit_chassis.identity import OpenToAll
from summit_portal.shell.page import page
from summit_portal.shell.routing import page_router

router = page_router()


@router.get("/console")
async def console(request: Request, _: OpenToAll) -> HTMLResponse:
    """Where the secretariat begins."""
    return page(request, "console/home.html")
