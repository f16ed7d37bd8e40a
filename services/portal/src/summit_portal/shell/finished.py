"""Finished pages: what is the same for every visitor without a session is made once, and not anew for each of them.

A finished page is shown as long as the read model has not moved since it was begun, and for a second at most, because a page also
tells how late it is. What is anybody's own is never kept: a visitor with a session passes by, and so does an answer that sets a
cookie of a session or says that nobody may store it.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from summit_portal.shell.languages import COOKIE, remember
from summit_portal.shell.session import sessions_of

LIFETIME_SECONDS: Final = 1.0
MOST_PAGES: Final = 512
MOST_BYTES: Final = 24 * 2**20
"""Of each of the two shelves: pages, and pages with a filter, of which anybody can ask for as many as they like."""
_REVALIDATE: Final = "no-cache"
_OF_A_BODY: Final = (b"content-length", b"content-type", b"content-disposition")

Key = tuple[str, str]
"""An address, and that part of its query which matters."""
Make = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Finished:
    """An answer without anything of whom it was made for."""

    status: int
    body: bytes
    headers: Sequence[tuple[bytes, bytes]]
    etag: str
    revision: int
    """How far the read model was before it was begun."""
    made_at: float

    language: str | None
    """The one that whoever is shown it will be remembered to read."""
    route: Any
    """What answered, for whoever counts answers."""

    def holds_for(self, revision: int, arrived_at: float) -> bool:
        """Whether somebody may be shown it who came at that moment, when the read model was that far.

        Whoever waited while it was made is shown it, however long that took.
        """
        age = time.monotonic() - self.made_at
        return self.revision >= revision and (age < LIFETIME_SECONDS or arrived_at <= self.made_at)


class Shelf:
    """So many finished pages, and so many bytes; what was not asked for the longest goes first."""

    def __init__(self, *, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most_pages = most_pages
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Key, Finished] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._pages)

    def get(self, key: Key) -> Finished | None:
        """What was finished last for that address; it need not hold any more."""
        if found := self._pages.get(key):
            self._pages.move_to_end(key)
        return found

    def put(self, key: Key, page: Finished) -> None:
        """It is there, and what is too much is not."""
        self._drop(key)
        if len(page.body) > self._most_bytes // 4:
            return
        self._pages[key] = page
        self.bytes += len(page.body)
        while len(self._pages) > self._most_pages or self.bytes > self._most_bytes:
            self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        if gone := self._pages.pop(key, None):
            self.bytes -= len(gone.body)


class FinishedPages:
    """What one process has finished. However many ask for a page at once, one of them has it made."""

    def __init__(self, revision: Callable[[], Awaitable[int]], *, most_pages: int = MOST_PAGES) -> None:
        self._revision = revision
        self.plain, self.filtered = Shelf(most_pages=most_pages), Shelf(most_pages=most_pages)
        self._making: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def at_hand(self, path: str, query: str) -> Finished | None:
        """The page of that address, if it is finished and still holds."""
        key, arrived_at = (path, query), time.monotonic()
        found = self._shelf(key).get(key)
        if found and found.holds_for(await self._revision(), arrived_at):
            return found
        return None

    def _shelf(self, key: Key) -> Shelf:
        return self.filtered if key[1] else self.plain

    async def answer(self, request: Request, make: Make, known: Sequence[str]) -> Response:
        """The page, as it is now; `known` names the parameters that make a difference to it."""
        if request.method != "GET" or sessions_of(request).are_brought_by(request):
            return await make(request)
        asked, key = _asked(request, known)
        arrived_at = time.monotonic()
        revision = await self._revision()
        shelf = self._shelf(key)
        found = shelf.get(key)
        if found is None or not found.holds_for(revision, arrived_at):
            turn = self._making.setdefault(key, asyncio.Lock())
            async with turn:
                found = shelf.get(key)
                if found is None or not found.holds_for(revision, arrived_at):
                    answer = await make(asked)
                    found = _finished(answer, revision, asked)
                    if found is None:
                        return answer
                    shelf.put(key, found)
        return shown(found, request)


class AtHand:
    """Stands before the routes: whoever asks for a page that is finished is shown it without looking for who makes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The finished page is shown, or the routes answer."""
        if scope["type"] == "http" and scope["method"] == "GET":
            request = Request(scope)
            if not sessions_of(request).are_brought_by(request):
                pages: FinishedPages = request.app.state.finished
                found = await pages.at_hand(scope["path"], scope["query_string"].decode("latin-1"))
                if found:
                    scope["route"] = found.route
                    await shown(found, request)(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def _asked(request: Request, known: Sequence[str]) -> tuple[Request, Key]:
    """The request without what makes no difference, so that the page it is answered with does not show it either."""
    path, said = request.scope["path"], request.scope["query_string"]
    query = ""
    if said:
        given = dict(parse_qsl(said.decode("latin-1")))
        query = urlencode([(name, given[name]) for name in known if given.get(name)])
    if query.encode() == said:
        return request, (path, query)
    return Request({**request.scope, "query_string": query.encode()}, request.receive), (path, query)


def _finished(answer: Response, revision: int, asked: Request) -> Finished | None:
    """The answer without its visitor; none where it cannot be parted from them, or is none that lasts."""
    cookies = answer.headers.getlist("set-cookie")
    is_somebodys = any(not one.startswith(f"{COOKIE}=") for one in cookies)
    if answer.status_code != 200 or is_somebodys or "no-store" in answer.headers.get("cache-control", ""):
        return None
    body = bytes(answer.body)
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = [one for one in answer.raw_headers if one[0] not in (b"set-cookie", b"cache-control")]
    headers += [(b"etag", etag.encode()), (b"cache-control", _REVALIDATE.encode())]
    return Finished(
        answer.status_code,
        body,
        headers,
        etag,
        revision,
        time.monotonic(),
        asked.path_params.get("language"),
        asked.scope.get("route"),
    )


def shown(page: Finished, request: Request) -> Response:
    """The page for this visitor; nothing but its name where they have it already."""
    if _is_known(page.etag, request.headers.get("if-none-match", "")):
        answer = Response(status_code=304)
        answer.raw_headers = [one for one in page.headers if one[0] not in _OF_A_BODY]
    else:
        answer = Response(page.body, page.status)
        answer.raw_headers = list(page.headers)
    if page.language:
        remember(request, answer, page.language)
    return answer


def _is_known(etag: str, said: str) -> bool:
    """Whether the visitor's browser says that it has this very page.

    Source: RFC 9110, section 13.1.2: weak comparison.
    """
    return bool(said) and any(one.strip().removeprefix("W/") in ("*", etag) for one in said.split(","))
