"""How a focal point comes in: by the link of the invitation, and a code sent to the address on record."""

from typing import Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_chassis.identity import OpenToAll
from summit_contracts.fact import Service
from summit_portal.clients.services import Refused, Services
from summit_portal.pages.delegation.area import router
from summit_portal.shell.forms import Form
from summit_portal.shell.knocking import Knocking
from summit_portal.shell.languages import wished_for
from summit_portal.shell.lately import Lately
from summit_portal.shell.page import private_page
from summit_portal.shell.session import digest_of, sessions_of

links = APIRouter(include_in_schema=False)


@links.get("/invitation/{link}")
async def follow(request: Request, link: str, _: OpenToAll) -> RedirectResponse:
    """Whoever follows the link of a letter stands before the door, in their language."""
    place = f"/{wished_for(request).value}/delegation/sign-in?link={quote(link, safe='')}"
    return RedirectResponse(place, 303, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})


@router.get("/delegation/sign-in")
async def door(
    request: Request, _: OpenToAll, link: str = "", step: Literal["link", "code"] = "link"
) -> Response:
    """The first of two steps: which invitation; or the second, for who changes the language there."""
    return _shown(request, Form.filled(link=link), is_sent=bool(link) and step == "code")


@router.post("/delegation/sign-in/code")
async def ask_for_code(request: Request, _: OpenToAll, __: Knocking) -> Response:
    """A code is on its way, if the link is good; the page does not tell which links are."""
    form = Form.of(await request.form())
    link = _secret_of(form.value("link"))
    services: Services = request.app.state.services
    try:
        await services.post(Service.REGISTRATION, "/sign-in/codes", json={"link": link})
    except Refused as refused:
        form.refuse(refused)
        return _shown(request, form, status=422)
    return _shown(request, Form.filled(link=link), is_sent=True)


@router.post("/delegation/sign-in")
async def enter(request: Request, language: str, _: OpenToAll, __: Knocking) -> Response:
    """Who shows link and code acts for the invitee from here on, until the token ends; the same form sent twice does so once."""
    sent = await request.form()
    form, by = Form.of(sent), digest_of(sent)
    services: Services = request.app.state.services
    lately: Lately = request.app.state.lately
    shown = {"link": form.value("link"), "code": form.value("code").replace(" ", "")}
    try:
        answer = await lately.once(by, lambda: services.post(Service.REGISTRATION, "/sign-in", json=shown))
    except Refused as refused:
        form.refuse(refused)
        return _shown(request, form, status=422, is_sent=True)
    inside = RedirectResponse(f"/{language}/delegation", 303)
    sessions_of(request).sign_in(inside, answer.body["token"], by=by)
    return inside


def _secret_of(link: str) -> str:
    """The secret, where the whole address of the letter was pasted too."""
    return link.rstrip("/").rpartition("/")[2]


def _shown(request: Request, form: Form, *, status: int = 200, is_sent: bool = False) -> Response:
    again = urlencode({"link": form.value("link"), "step": "code" if is_sent else "link"})
    return private_page(
        request, "delegation/sign_in.html", status=status, again=again, form=form, is_sent=is_sent
    )
