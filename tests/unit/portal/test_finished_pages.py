"""Finished pages: one for all who ask while nothing changes, never anybody's own, and never too many."""

import asyncio
from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from summit_portal.shell import finished
from summit_portal.shell.finished import Finished, FinishedPages, Shelf
from summit_portal.shell.session import Sessions

FILTERS = ("category", "state")
SESSIONS = Sessions("k" * 32, is_secure=False)


class House:
    """A portal with one page, which tells how often it was made and what was asked for."""

    def __init__(self, *, most_pages: int = 100, page: Response | None = None) -> None:
        self.page = page
        self.revision = 1
        self.made = 0
        self.says = ""
        self.pages = FinishedPages(self.now, most_pages=most_pages)
        self.has_begun, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()

    async def now(self) -> int:
        """How far the read model is."""
        return self.revision

    async def make(self, request: Request) -> Response:
        """The page; it takes as long as a test wants."""
        self.made += 1
        self.has_begun.set()
        await asyncio.sleep(0)
        await self.goes_on.wait()
        return self.page or HTMLResponse(f"{request.url.path}?{request.url.query} {self.says}")

    async def visit(
        self, path: str = "/en", query: str = "", *, method: str = "GET", **headers: str
    ) -> Response:
        """What a visitor is answered."""
        sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": sent,
            "server": ("portal.test", 80),
            "path_params": {"language": path[1:3]},
            "app": SimpleNamespace(state=SimpleNamespace(sessions=SESSIONS)),
        }
        return await self.pages.answer(Request(scope), self.make, FILTERS)


def cookie_of_a_session() -> str:
    answer = Response()
    SESSIONS.sign_in(answer, "a token")
    return answer.headers["set-cookie"].partition(";")[0]


async def test_a_thousand_who_come_at_once_cause_one_page_to_be_made() -> None:
    house = House()
    answers = await asyncio.gather(*(house.visit() for _ in range(1000)))
    assert house.made == 1
    assert {bytes(one.body) for one in answers} == {b"/en? "}


async def test_a_page_is_made_anew_once_the_read_model_moved() -> None:
    house = House()
    await house.visit()
    house.revision, house.says = 2, "news"
    assert b"news" in bytes((await house.visit()).body)
    assert house.made == 2


async def test_what_was_begun_before_the_read_model_moved_is_not_shown_to_who_came_after() -> None:
    house = House()
    early = asyncio.create_task(house.visit())
    await house.has_begun.wait()
    house.revision, house.says = 2, "news"
    late = await house.visit()
    await early
    assert b"news" in bytes(late.body)


async def test_a_page_that_is_too_old_is_made_anew_though_nothing_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finished, "LIFETIME_SECONDS", 0.0)
    house = House()
    await house.visit()
    await house.visit()
    assert house.made == 2


async def test_whoever_waited_for_a_page_is_shown_it_however_long_it_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finished, "LIFETIME_SECONDS", 0.0)
    house = House()
    await asyncio.gather(*(house.visit() for _ in range(100)))
    assert house.made == 1


async def test_somebody_with_a_session_is_neither_shown_a_finished_page_nor_leaves_one() -> None:
    house = House()
    house.says = "yours alone"
    await house.visit(cookie=cookie_of_a_session())
    await house.visit(cookie="summit=not-ours")
    assert len(house.pages.plain) == 0
    house.says = "everybody's"
    assert b"yours alone" not in bytes((await house.visit()).body)
    house.says = "yours alone"
    assert b"yours alone" in bytes((await house.visit(cookie=cookie_of_a_session())).body)


@pytest.mark.parametrize(
    "own",
    [
        Response("x", headers={"set-cookie": cookie_of_a_session()}),
        Response("x", headers={"cache-control": "no-store"}),
        Response("x", status_code=404),
    ],
    ids=["sets-a-session", "not-to-be-stored", "no-such-page"],
)
async def test_an_answer_that_is_somebodys_own_or_no_page_is_not_kept(own: Response) -> None:
    house = House(page=own)
    assert await house.visit() is own
    assert len(house.pages.plain) == 0


async def test_the_language_is_remembered_for_each_visitor_and_not_with_the_page() -> None:
    house = House()
    assert "language=en" in (await house.visit()).headers["set-cookie"]
    assert "set-cookie" not in (await house.visit(cookie="language=en")).headers
    assert "language=en" in (await house.visit(cookie="language=fr")).headers["set-cookie"]
    assert house.made == 1


async def test_parameters_that_make_no_difference_make_no_page_and_are_not_shown() -> None:
    house = House()
    answers = [
        await house.visit(query=f"state=made&utm={number}&category=&x[]=%00") for number in range(1000)
    ]
    assert house.made == 1
    assert {bytes(one.body) for one in answers} == {b"/en?state=made "}
    assert bytes((await house.visit(query="zzz=1")).body) == b"/en? "


async def test_values_that_nobody_means_drive_out_no_page_that_people_read() -> None:
    house = House(most_pages=10)
    await house.visit()
    for number in range(1000):
        await house.visit(query=f"category={number}")
    assert len(house.pages.filtered) == 10
    await house.visit()
    assert house.made == 1001


async def test_whoever_has_the_page_already_is_told_no_more_than_that() -> None:
    house = House()
    first = await house.visit()
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for said in (etag, f'"other", W/{etag}', "*"):
        again = await house.visit(if_none_match=said, cookie="language=en")
        assert (again.status_code, bytes(again.body)) == (304, b"")
        assert again.headers["etag"] == etag
        assert "content-length" not in again.headers
    assert (await house.visit(if_none_match='"other"')).status_code == 200
    house.revision, house.says = 2, "news"
    assert (await house.visit(if_none_match=etag)).status_code == 200


async def test_somebody_who_leaves_while_it_is_made_takes_the_page_from_nobody() -> None:
    house = House()
    house.goes_on.clear()
    impatient = asyncio.create_task(house.visit())
    await house.has_begun.wait()
    others = [asyncio.create_task(house.visit()) for _ in range(10)]
    await asyncio.sleep(0)
    impatient.cancel()
    house.goes_on.set()
    assert {one.status_code for one in await asyncio.gather(*others)} == {200}
    assert house.made == 2


def test_a_shelf_holds_so_many_pages_and_bytes_and_loses_what_was_not_asked_for_the_longest() -> None:
    shelf = Shelf(most_pages=4, most_bytes=100)

    def page(size: int) -> Finished:
        return Finished(200, b"x" * size, (), '"e"', 1, 0.0, None, None)

    for name in "abcd":
        shelf.put((name, ""), page(10))
    shelf.get(("a", ""))
    shelf.put(("e", ""), page(10))
    assert shelf.get(("b", "")) is None
    assert shelf.get(("a", ""))
    for number in range(100):
        shelf.put((str(number), ""), page(25))
        assert len(shelf) <= 4
        assert shelf.bytes <= 100
    shelf.put(("too large", ""), page(26))
    assert shelf.get(("too large", "")) is None
