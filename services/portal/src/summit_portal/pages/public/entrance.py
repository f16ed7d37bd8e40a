"""Where people arrive without a language, what browsers fetch besides pages, and the way out."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_chassis.identity import OpenToAll
from summit_portal.shell.assets import YEAR, assets
from summit_portal.shell.languages import wished_for
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import sessions_of

router = APIRouter(include_in_schema=False)
pages = page_router()


@router.get("/")
async def enter(request: Request, _: OpenToAll) -> RedirectResponse:
    """Whoever comes without a language is sent to the first page in theirs."""
    return RedirectResponse(f"/{wished_for(request).value}", 303, {"Vary": "Cookie, Accept-Language"})


@router.get("/static/{digest}/{name}")
async def static(digest: str, name: str, _: OpenToAll) -> Response:
    """A file that browsers may keep for a year: another content has another address."""
    asset = assets().get(name)
    if asset is None or asset.digest != digest:
        raise HTTPException(404, "There is no such file.")
    return Response(
        asset.content,
        media_type=asset.media_type,
        headers={"Cache-Control": YEAR, "X-Content-Type-Options": "nosniff"},
    )


@pages.post("/sign-out")
async def sign_out(request: Request, language: str, _: OpenToAll) -> RedirectResponse:
    """The browser has forgotten who was signed in."""
    answer = RedirectResponse(f"/{language}", 303)
    sessions_of(request).sign_out(answer)
    return answer
