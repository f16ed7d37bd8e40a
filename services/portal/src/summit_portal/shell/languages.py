"""The language of a page: told by its address, kept in a cookie, guessed from the browser only where nothing was said."""

from collections.abc import Sequence
from typing import Final

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.values import Language

COOKIE: Final = "language"
COOKIE_SECONDS: Final = 365 * 24 * 3600

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


def in_language(request: Request, language: Language) -> str:
    """The address of the same page in that language."""
    path = request.url.path
    _, _, rest = path.removeprefix("/").partition("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/{language.value}/{rest}{query}" if rest else f"/{language.value}{query}"
