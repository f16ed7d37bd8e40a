"""Who tries too often is asked to wait, in their language; whoever knocks from elsewhere is answered."""

import re

import httpx

from summit_portal.shell.knocking import Doorkeeper
from summit_testkit.desk import Desk


async def ask_for_code(portal: Desk, language: str) -> httpx.Response:
    """The answer to the form on the page, sent as a browser does."""
    path = f"/{language}/delegation/sign-in"
    page = await portal.ask("GET", path, anonymous=True)
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', page.text))
    sent = {"csrf": csrf, "link": "a guess"}
    return await portal.ask("POST", f"{path}/code", anonymous=True, data=sent)


async def test_who_tries_too_often_is_asked_to_wait_in_their_language(strict_portal: Desk) -> None:
    for _ in range(3):
        assert (await ask_for_code(strict_portal, "fr")).status_code == 503  # registration is not there
    late = await ask_for_code(strict_portal, "fr")
    assert late.status_code == 429
    assert "Réessayez dans une minute" in late.text
    assert 1 <= int(late.headers["retry-after"]) <= 61


async def test_a_calendar_program_that_asks_too_often_is_told_so_too(strict_portal: Desk) -> None:
    feed = "/en/calendar/uncops-2022/" + "s" * 43 + "/agenda.ics"
    answers = [(await strict_portal.ask("GET", feed, anonymous=True)).status_code for _ in range(4)]
    assert answers == [503, 503, 503, 429]


async def test_pages_are_shown_to_whoever_tries_too_often(strict_portal: Desk) -> None:
    for _ in range(4):
        await ask_for_code(strict_portal, "en")
    assert (await strict_portal.ask("GET", "/en/delegation/sign-in", anonymous=True)).status_code == 200


async def test_each_household_is_counted_by_itself() -> None:
    doorkeeper = Doorkeeper(per_minute=1)
    first = ["192.0.2.1", "192.0.2.2", "2001:db8:1:1::1", "2001:db8:1:2::1"]
    assert [await doorkeeper.seconds_to_wait(one) for one in first] == [0, 0, 0, 0]
    again = ["192.0.2.1", "2001:db8:1:1:ffff::2"]
    assert all([await doorkeeper.seconds_to_wait(one) for one in again])
