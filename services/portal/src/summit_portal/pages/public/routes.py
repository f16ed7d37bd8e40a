"""The pages that everybody may see."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from summit_chassis.identity import OpenToAll
from summit_portal.readmodel.reader import Reader
from summit_portal.shell.page import page
from summit_portal.shell.routing import page_router

router = page_router()
last = page_router()


@router.get("")
async def home(request: Request, _: OpenToAll) -> HTMLResponse:
    """The summits there are; each at a glance."""
    reader: Reader = request.app.state.reader
    return page(request, "public/home.html", editions=await reader.editions())


@last.get("/{rest:path}")
async def nowhere(rest: str, _: OpenToAll) -> HTMLResponse:
    """There is no such page, and it says so in the language of its address."""
    raise HTTPException(404, rest)
