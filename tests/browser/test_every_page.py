"""Every page of every area, as the portal's routes list them: fit for everybody in six languages, and used by keyboard.

A new page is looked at without anybody writing it down here. It has to be found by following links; only what is no page of its
own is left out, with the reason.
"""

import os
from collections.abc import Mapping

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from summit_contracts.values import Language
from summit_testkit.browser.looking import (
    WIDTHS,
    findings,
    foreign_words,
    never_reached,
    overflow,
    reached_by_keyboard,
)
from summit_testkit.browser.stage import Stage
from summit_testkit.browser.walk import Pattern, Viewer, addresses, every_page

NO_PAGES = {
    "/{rest:path}": "says that there is no such page; looked at below",
    "/console/sign-in/begin": "sends the browser to the provider",
    "/console/signed-in": "the provider sends the browser back to it",
    "/console/{edition_id}/solves/{solve_id}/progress": "is a part of a page",
    "/calendar/{edition_id}/{secret}/agenda.ics": "is for calendars",
    "/delegation/agenda.pdf": "is for printers",
}
PAGES = every_page(leaving_out=NO_PAGES)
_JUDGED_WHOLE = Language if os.environ.get("SUMMIT_THOROUGH") else (Language.ARABIC,)
"""Languages in which axe-core judges everything: Arabic asks most of a page. In the others, what words can change."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def places(stage: Stage, viewers: Mapping[Viewer, BrowserContext]) -> Mapping[Pattern, str]:
    """An address of each page."""
    return await addresses(PAGES, viewers, stage.edition_id)


@pytest_asyncio.fixture(loop_scope="session")
async def tab(request: pytest.FixtureRequest, viewers: Mapping[Viewer, BrowserContext]) -> Page:
    """A tab of whom the page is for."""
    pattern: Pattern = request.node.callspec.params["pattern"]
    return await viewers[pattern.viewer].new_page()


@pytest.mark.parametrize("pattern", PAGES, ids=lambda one: one.path or "/")
async def test_the_page_is_fit_for_everybody(
    pattern: Pattern, places: Mapping[Pattern, str], tab: Page, axe: str
) -> None:
    assert pattern in places, "no link leads to this page"
    faults: list[str] = []
    for language in Language:
        answer = await tab.goto(f"/{language}{places[pattern]}")
        assert answer
        assert answer.status == 200
        faults += [f"{language}: {one}" for one in await looked_at(tab, language, axe)]
    assert not faults, "\n".join(faults)
    await tab.close()


async def looked_at(tab: Page, language: Language, axe: str) -> list[str]:
    """What is wrong with the page that is open, in this language."""
    wanted = (language.value, "rtl" if language is Language.ARABIC else "ltr")
    found = (await tab.get_attribute("html", "lang"), await tab.get_attribute("html", "dir"))
    faults = [] if found == wanted else [f"{found} instead of {wanted}"]
    faults += await foreign_words(tab, language)
    for width in WIDTHS:
        await tab.set_viewport_size({"width": width, "height": 900})
        faults += [f"at {width} pixels: {one}" for one in await overflow(tab)]
    return faults + await findings(tab, axe, only_words=language not in _JUDGED_WHOLE)


@pytest.mark.parametrize("pattern", PAGES, ids=lambda one: one.path or "/")
async def test_all_of_the_page_is_reached_by_keyboard_and_shows_the_focus(
    pattern: Pattern, places: Mapping[Pattern, str], tab: Page
) -> None:
    await tab.goto(f"/en{places[pattern]}")
    reached = await reached_by_keyboard(tab)
    assert reached[0] == "a #main"
    assert [one for one in reached if "cannot be seen" in one] == []
    assert await never_reached(tab) == []
    await tab.close()


@pytest.mark.parametrize("language", Language)
async def test_the_next_places_at_the_desk_are_fit_for_everybody(
    stage: Stage, viewers: Mapping[Viewer, BrowserContext], language: Language, axe: str
) -> None:
    tab = await viewers[Viewer.SECRETARIAT].new_page()
    await tab.goto(f"/{language}/console/{stage.edition_id}/walk-ins")
    for place, code in enumerate(("FR", "SE")):
        await tab.locator(f"select[name=party] >> nth={place}").select_option(code)
    await tab.locator("main form button").click()
    await expect(tab.locator("button[name=place]")).not_to_have_count(0)
    assert await looked_at(tab, language, axe) == []
    await tab.close()


@pytest.mark.parametrize("language", Language)
async def test_a_refused_form_is_fit_for_everybody_and_is_told_in_every_language(
    stage: Stage, viewers: Mapping[Viewer, BrowserContext], language: Language, axe: str
) -> None:
    tab = await viewers[Viewer.SECRETARIAT].new_page()
    await tab.goto(f"/en/console/{stage.edition_id}/what-ifs")
    await tab.locator("input[name=room_from]").fill("09:00")
    await tab.locator("button[value=try]").click()
    await expect(tab.locator("main .fault")).to_have_count(3)
    await tab.locator(f".languages button[lang={language}]").click()
    await expect(tab.locator(f"html[lang={language}] main .fault")).to_have_count(3)
    assert await tab.input_value("input[name=room_from]") == "09:00"
    assert await looked_at(tab, language, axe) == []
    reached = await reached_by_keyboard(tab)
    assert [one for one in reached if "cannot be seen" in one] == []
    assert await never_reached(tab) == []
    await tab.close()


@pytest.mark.parametrize("language", Language)
async def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(
    page: Page, language: Language, axe: str
) -> None:
    answer = await page.goto(f"/{language}/uncops-2022/nowhere/at/all")
    assert answer
    assert answer.status == 404
    assert await looked_at(page, language, axe) == []
