"""The pages of a delegation, below `/{language}/delegation`."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from summit_chassis.identity import OpenToAll
from summit_portal.shell.page import page
from summit_portal.shell.routing import page_router

router = page_router()


@router.get("/delegation")
async def workspace(request: Request, _: OpenToAll) -> HTMLResponse:
    """Where a delegation begins."""
    return page(request, "delegation/home.html")
