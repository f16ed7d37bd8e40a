"""The language of a page: told by its address, kept in a cookie, guessed from the browser only where nothing was said."""

from collections.abc import Sequence
from typing import Final

from fastapi.routing import iter_route_contexts
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.values import Language
from summit_portal.shell.session import SAFE_METHODS

COOKIE: Final = "language"
COOKIE_SECONDS: Final = 365 * 24 * 3600
_PARTS_OF_HOME: Final = 2
"""Of an address that is a language and nothing else; what stands before the first stroke counts."""

BAR: Final[Sequence[tuple[Language, str]]] = (
    (Language.ARABIC, "العربية"),
    (Language.CHINESE, "中文"),
    (Language.ENGLISH, "English"),
    (Language.FRENCH, "Français"),
    (Language.RUSSIAN, "Русский"),
    (Language.SPANISH, "Español"),
)
"""In the order of the Organization, each in its own script."""


class LanguageConvertor(Convertor[str]):
    """The first part of a page's address: one of the six, so that no other address is taken for a page."""

    regex = "|".join(Language)

    def convert(self, value: str) -> str:
        """As it is; FastAPI makes the `Language` of it."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("language", LanguageConvertor())


def wished_for(request: Request) -> Language:
    """The language of whoever comes to an address without one: as last time, else as the browser says, else English."""
    kept = request.cookies.get(COOKIE, "")
    told = [
        part.partition(";")[0].strip().lower()
        for part in request.headers.get("accept-language", "").split(",")
    ]
    for candidate in (kept, *(one.partition("-")[0] for one in told)):
        if candidate in tuple(Language):
            return Language(candidate)
    return Language.ENGLISH


def remember(request: Request, answer: Response, language: str) -> None:
    """The browser brings this language the next time; it is told only where it does not know yet."""
    if request.cookies.get(COOKIE) != language:
        answer.set_cookie(COOKIE, language, max_age=COOKIE_SECONDS, httponly=True, samesite="lax")


def in_language(request: Request, language: Language, again: str = "") -> str:
    """The address of the same page in that language; of the page that the form stands on where this answers a form.

    `again` is the query with which that page shows again what the answer shows.
    """
    path, query = request.url.path, request.url.query
    if request.method not in SAFE_METHODS:
        page = _page_of_form(request)
        path, query = page, again or (query if page == path else "")
    return _address(language, path, query)


def address_in(request: Request, language: Language) -> str:
    """The very address that was asked, in that language."""
    return _address(language, request.url.path, request.url.query)


def _address(language: Language, path: str, query: str) -> str:
    _, _, rest = path.removeprefix("/").partition("/")
    asked = f"?{query}" if query else ""
    return f"/{language.value}/{rest}{asked}" if rest else f"/{language.value}{asked}"


def _page_of_form(request: Request) -> str:
    """The address itself where it can be opened, else the nearest above it that can; routes are compared, not addresses."""
    readable = {one.path for one in iter_route_contexts(request.app.routes) if "GET" in (one.methods or ())}
    parts, route = request.url.path.split("/"), request.scope["route"].path.split("/")
    while len(parts) > _PARTS_OF_HOME and "/".join(route) not in readable:
        parts.pop()
        route.pop()
    return "/".join(parts)
