"""How the secretariat signs in: by its organisation's provider, with authorization code and PKCE (ADR-0018).

State, nonce and verifier of a sign-in lie in a signed cookie of ten minutes; what comes back is compared with it before
anybody is asked. The way to the provider is a link and no form: what a form leads to is bound by `form-action`.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_chassis.identity import OpenToAll
from summit_contracts.fact import Service
from summit_portal.clients.provider import CodeRefused, Provider, ProviderAway
from summit_portal.clients.services import Refused, Unavailable
from summit_portal.shell.knocking import Knocking
from summit_portal.shell.languages import wished_for
from summit_portal.shell.page import private_page
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import sessions_of

router = APIRouter(include_in_schema=False)
pages = page_router()

BACK: Final = "/console/signed-in"
"""Where the provider sends people back to, below the portal's address."""
_SECONDS: Final = 600
_OURS: Final = re.compile(r"^/[a-z]{2}/console(/[\w/-]*)?(\?[\w.=&%+-]*)?$", re.ASCII)
_MOST: Final = 4096
_FAULTS: Final = {"staff-without-role": "roleless", "staff-provider-away": "away"}
"""What a refusal of registration is called on the page; everything else is a sign-in that is not believed."""


@dataclass(frozen=True)
class Attempt:
    """A sign-in that has begun: what the provider was asked with, and where the person wants to be."""

    state: str
    nonce: str
    verifier: str
    then: str

    @classmethod
    def begin(cls, then: str) -> "Attempt":
        """One that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), then)


class StaffSignIn:
    """The provider, if there is one, and the cookie that an attempt lies in."""

    def __init__(self, provider: Provider | None, key: str, *, is_secure: bool) -> None:
        self.provider = provider
        self._serializer = URLSafeTimedSerializer(key, salt="summit-portal-staff-sign-in")
        self._is_secure = is_secure
        self._cookie = "__Host-sign-in" if is_secure else "sign-in"

    def keep(self, response: Response, attempt: Attempt) -> None:
        """The browser holds the attempt for ten minutes."""
        held = [attempt.state, attempt.nonce, attempt.verifier, attempt.then]
        response.set_cookie(
            self._cookie,
            str(self._serializer.dumps(held)),
            max_age=_SECONDS,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )

    def of(self, request: Request) -> Attempt | None:
        """The attempt that the browser holds; none where it holds none of ours, or one that is too old."""
        try:
            return Attempt(*self._serializer.loads(request.cookies.get(self._cookie, ""), max_age=_SECONDS))
        except (BadData, TypeError):
            return None

    def forget(self, response: Response) -> None:
        """The attempt is over, whatever came of it."""
        response.delete_cookie(self._cookie, path="/", secure=self._is_secure, httponly=True, samesite="lax")


@router.get("/console/sign-in")
async def arrive(request: Request, _: OpenToAll) -> RedirectResponse:
    """Whoever comes from the provider to sign in goes on in their language."""
    return RedirectResponse(f"/{wished_for(request)}/console/sign-in/begin", 303)


@router.get(BACK)
async def return_from_provider(request: Request, _: OpenToAll) -> RedirectResponse:
    """Whoever comes back from the provider goes on in their language."""
    return RedirectResponse(f"/{wished_for(request)}{BACK}?{request.url.query}", 303)


@pages.get("/console/sign-in")
async def offer(
    request: Request, language: str, _: OpenToAll, then: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """How the secretariat signs in."""
    return _show(request, language, then)


@pages.get("/console/sign-in/begin")
async def begin(
    request: Request,
    language: str,
    _: OpenToAll,
    __: Knocking,
    then: Annotated[str, Query(alias="next")] = "",
) -> Response:
    """The browser goes to the provider, and holds what the provider was asked with."""
    staff = _staff(request)
    if staff.provider is None:
        return _show(request, language, then)
    attempt = Attempt.begin(_ours(then, language))
    try:
        place = await staff.provider.address(
            state=attempt.state, nonce=attempt.nonce, verifier=attempt.verifier
        )
    except ProviderAway:
        return _show(request, language, then, fault="away")
    answer = RedirectResponse(place, 303, {"Cache-Control": "no-store"})
    staff.keep(answer, attempt)
    return answer


@pages.get(BACK)
async def finish(  # what the provider may say, each by its name in the protocol
    request: Request,
    language: str,
    _: OpenToAll,
    __: Knocking,
    state: Annotated[str, Query(max_length=_MOST)] = "",
    code: Annotated[str, Query(max_length=_MOST)] = "",
    iss: Annotated[str | None, Query(max_length=_MOST)] = None,
) -> Response:
    """Somebody is signed in with the roles of their groups, if the provider vouches for the very sign-in that began here."""
    staff = _staff(request)
    attempt = staff.of(request)
    if staff.provider is None or attempt is None or not _is_answer(staff.provider, attempt, state, iss):
        return _over(staff, _show(request, language, fault="stale"))
    if not code:
        return _over(staff, _show(request, language, attempt.then, fault="declined"))
    try:
        id_token = await staff.provider.id_token(code, verifier=attempt.verifier)
        shown = {"id_token": id_token, "nonce": attempt.nonce}
        answer = await request.app.state.services.post(Service.REGISTRATION, "/sign-in/staff", json=shown)
    except CodeRefused:
        return _over(staff, _show(request, language, attempt.then, fault="stale"))
    except (ProviderAway, Unavailable):
        return _over(staff, _show(request, language, attempt.then, fault="away"))
    except Refused as refused:
        return _over(staff, _show(request, language, attempt.then, fault=_FAULTS.get(refused.slug, "stale")))
    signed_in = RedirectResponse(attempt.then, 303, {"Cache-Control": "no-store"})
    sessions_of(request).sign_in(signed_in, answer.body["token"])
    return _over(staff, signed_in)


def _is_answer(provider: Provider, attempt: Attempt, state: str, iss: str | None) -> bool:
    # Who answers is compared as well, so that no other provider's code is brought to ours. Source: RFC 9207.
    return hmac.compare_digest(attempt.state.encode(), state.encode()) and iss in (None, provider.issuer)


def _ours(then: str, language: str) -> str:
    """Where to go afterwards: a page of the console and nowhere else."""
    return then if _OURS.match(then) else f"/{language}/console"


def _over(staff: StaffSignIn, response: Response) -> Response:
    staff.forget(response)
    return response


def _show(request: Request, language: str, then: str = "", *, fault: str | None = None) -> Response:
    status = {None: 200, "away": 503}.get(fault, 403)
    return private_page(
        request,
        "console/sign_in.html",
        status=status,
        fault=fault,
        is_offered=_staff(request).provider is not None,
        then=_ours(then, language),
    )


def _staff(request: Request) -> StaffSignIn:
    found: Any = request.app.state.staff
    return found  # type: ignore[no-any-return]  # app.py puts it there
