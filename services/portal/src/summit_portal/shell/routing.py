"""Addresses of pages: each begins with its language, and whatever goes wrong there is told as a page in that language."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_chassis.problems import refused as status_of_refusal
from summit_chassis.speech import speaking, spoken
from summit_contracts.errors import Refusal
from summit_contracts.values import Language
from summit_portal.clients.services import Refused, Unavailable, answering
from summit_portal.shell.finished import FinishedPages
from summit_portal.shell.page import private_page
from summit_portal.shell.retelling import change_of
from summit_portal.shell.session import SAFE_METHODS, ForgedForm, NotSignedIn, SentAgain, must_be_ours

SIGN_IN = {"console": "console/sign-in", "delegation": "delegation/sign-in"}
"""Where each area sends whoever is not signed in, below the language."""
_PARTS_BEFORE_AREA = 2


class PageRoute(APIRoute):
    """A page: spoken in the language of its address, changed only by forms of ours, and never answered with bare JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request to this page."""
        inner = super().get_route_handler()

        async def answer(request: Request) -> Response:
            with speaking(Language(request.path_params["language"])):
                try:
                    await must_be_ours(request)
                    with answering(await change_of(request)):
                        return await inner(request)
                except Exception as fault:
                    found = told(request, fault)
                    if found is None:
                        raise
                    return found

        return answer


class OpenRoute(APIRoute):
    """Something that is the same for everybody: made once while nothing changes, however many ask."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request to it."""
        make = super().get_route_handler()
        params = get_flat_params(self.dependant)
        known = sorted(one.alias for one in params if isinstance(one.field_info, Query))

        async def answer(request: Request) -> Response:
            finished: FinishedPages = request.app.state.finished
            return await finished.answer(request, make, known)

        return answer


class PublicRoute(OpenRoute, PageRoute):
    """A page that is the same for everybody who is not signed in."""


def page_router() -> APIRouter:
    """A router for pages; their addresses are given without the language: `@router.get("/console")`."""
    return _pages(PageRoute)


def public_router() -> APIRouter:
    """The same for pages that everybody may see, and that show everybody the same."""
    return _pages(PublicRoute)


def _pages(route_class: type[APIRoute]) -> APIRouter:
    return APIRouter(prefix="/{language:language}", route_class=route_class, include_in_schema=False)


def told(request: Request, fault: Exception) -> Response | None:
    """The page that tells a person what went wrong; none for what nobody foresaw."""
    match fault:
        case NotSignedIn():
            return _to_sign_in(request)
        case SentAgain():
            return RedirectResponse(f"/{spoken().value}/delegation", 303)
        case ForgedForm():
            return error(request, 403, "forged-form")
        case Refused():
            return error(request, fault.status, fault.slug, detail=fault.detail, remedy=fault.remedy)
        case Unavailable():
            return error(request, 503, "unavailable")
        case Refusal():
            status = status_of_refusal(fault).status_code
            return error(request, status, fault.slug, detail=fault.detail, remedy=fault.remedy)
        case RequestValidationError():
            return error(request, 422, "invalid-request")
        case HTTPException(status_code=429):
            waiting = error(request, 429, "too-many-requests")
            waiting.headers.update(fault.headers or {})
            return waiting
        case HTTPException(status_code=status):
            return error(request, status, "no-such-page" if status == 404 else "refused")
        case _:
            return None


def error(
    request: Request, status: int, slug: str, *, detail: str | None = None, remedy: str | None = None
) -> Response:
    """A page about what went wrong; `detail` and `remedy` are the owner's words."""
    return private_page(
        request, "error.html", status=status, slug=slug, detail=detail, remedy=remedy, code=status
    )


def _to_sign_in(request: Request) -> Response:
    parts = request.url.path.split("/")
    area = parts[_PARTS_BEFORE_AREA] if len(parts) > _PARTS_BEFORE_AREA else ""
    place = f"/{spoken().value}/{SIGN_IN.get(area, SIGN_IN['delegation'])}"
    if request.method in SAFE_METHODS:
        query = f"?{request.url.query}" if request.url.query else ""
        place += f"?next={quote(request.url.path + query)}"
    return RedirectResponse(place, 303)
