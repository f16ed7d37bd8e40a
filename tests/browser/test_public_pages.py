"""What is particular about the public pages: the language bar, what was played, filters without JavaScript, the rules."""

import re

from playwright.async_api import Browser, Page, expect

from summit_testkit.browser.looking import WIDTHS
from summit_testkit.browser.stage import Stage


async def test_the_language_bar_is_in_the_organizations_order_and_stays_on_the_page(page: Page) -> None:
    await page.goto("/en/uncops-2022/pledges?category=police")
    bar = page.locator("nav.languages a")
    assert await bar.all_text_contents() == ["العربية", "中文", "English", "Français", "Русский", "Español"]
    await bar.nth(3).click()
    await expect(page).to_have_url(re.compile(r"/fr/uncops-2022/pledges\?category=police$"))


async def test_the_language_is_remembered_and_else_guessed_from_the_browser(
    browser: Browser, stage: Stage
) -> None:
    context = await browser.new_context(base_url=stage.portal, locale="es-AR")
    first = await context.new_page()
    await first.goto("/")
    assert first.url.endswith("/es")
    await first.goto("/ru/stream")
    await first.goto("/")
    assert first.url.endswith("/ru")
    await context.close()


async def test_the_inline_start_is_on_the_right_in_arabic(page: Page) -> None:
    await page.goto("/ar")
    box = await page.locator(".brand").bounding_box()
    assert box
    assert box["x"] > WIDTHS[-1] / 2
    await page.goto("/en")
    box = await page.locator(".brand").bounding_box()
    assert box
    assert box["x"] < WIDTHS[-1] / 2


async def test_the_skip_link_brings_the_keyboard_to_the_content(page: Page) -> None:
    await page.goto("/en/uncops-2022/compacts")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()


async def test_pledges_are_filtered_without_javascript(plain_page: Page) -> None:
    await plain_page.goto("/en/uncops-2022/pledges")
    rows = plain_page.locator("table").last.locator("tbody tr")
    everything = await rows.count()
    await plain_page.select_option("#category", index=1)
    await plain_page.get_by_role("button", name="Filter").click()
    await expect(plain_page).to_have_url(re.compile("category=[^&]"))
    await plain_page.wait_for_load_state()  # until then some of the rows are not there yet
    assert 0 < await rows.count() < everything
    assert await plain_page.input_value("#category") != ""


async def test_what_was_played_is_seen(page: Page) -> None:
    await page.goto("/en")
    figures = await page.locator(".figures").inner_text()
    assert "Delegations\n12" in figures
    assert "Bilateral meetings asked for\n30" in figures
    await page.goto("/en/uncops-2022/participants")
    assert await page.locator(".tiles li").count() == 193
    assert 0 < await page.locator(".tiles li.comes").count() <= 12


async def test_the_page_obeys_its_own_rules(page: Page) -> None:
    answer = await page.goto("/en")
    assert answer
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert await page.evaluate("document.querySelectorAll('[style], style, script:not([src])').length") == 0
