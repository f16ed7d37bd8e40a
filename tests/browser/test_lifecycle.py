"""A whole summit by hand: invited, registered, approved, accepted, placed, in the calendar, pledged, seen by everybody."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from icalendar import Calendar
from playwright.async_api import Browser, Page, expect

from summit_testkit.browser.chromium import PATIENCE
from summit_testkit.browser.people import Desk, all_is_kept, come_in, fill_in_delegation, seen_at, wish_for
from summit_testkit.browser.stage import Stage
from summit_testkit.paper import text_of
from summit_testkit.scenarios import Outsider, SummitFile
from summit_testkit.scenarios.outsider import edition_id_for
from summit_testkit.scenarios.summit import FIRST_DAY

NewPage = Callable[[bool], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def somebody(browser: Browser, stage: Stage) -> AsyncIterator[NewPage]:
    """A page of somebody who was never here before, with or without scripts."""
    contexts = []

    async def arrived(has_scripts: bool) -> Page:
        context = await browser.new_context(
            base_url=stage.portal, locale="en", java_script_enabled=has_scripts
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return await context.new_page()

    yield arrived
    for context in contexts:
        await context.close()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with-scripts", "without-scripts"])
async def test_a_summit_is_lived_by_hand_from_the_invitation_to_the_public_pledge(
    stage: Stage, somebody: NewPage, has_scripts: bool, request: pytest.FixtureRequest
) -> None:
    outsider = Outsider(
        stage.system.deployment, stage.machine.mailbox, edition_id_for(f"by-hand-{request.node.name}")
    )
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "NO"]))
    kenya, norway, staff, public = [await somebody(has_scripts) for _ in range(4)]
    desk = Desk(staff, stage, outsider.edition_id)
    await register_without_wishes(norway, outsider, has_scripts)
    await register_with_a_wish(kenya, outsider, has_scripts)
    await desk.approve("Head of KE")
    await accept(norway)
    await desk.publish_timetable()
    await read_agenda(kenya)
    await pledge(kenya, has_scripts)
    await see_the_pledge(public, outsider, "Reçue")
    await desk.accept_pledge("Kenya", "Formed police unit")
    await see_the_pledge(public, outsider, "Acceptée")
    await desk.read_letter("Kenya", "Timetable")
    await desk.replay_dead_letter(stage.poison)


async def register_without_wishes(page: Page, outsider: Outsider, has_scripts: bool) -> None:
    await come_in(page, outsider, "NO", "Norway")
    await fill_in_delegation(page, "Head of NO", "head@no.example")
    if has_scripts:
        await all_is_kept(page, outsider, "NO", "Head of NO", "head@no.example")
    await page.get_by_role("button", name="Send to the Secretariat").click()
    await expect(page.get_by_role("status")).to_contain_text("The form was received.")


async def register_with_a_wish(page: Page, outsider: Outsider, has_scripts: bool) -> None:
    """The form is left half filled in, found again as it was, and sent."""
    await come_in(page, outsider, "KE", "Kenya")
    await fill_in_delegation(page, "Head of KE", "head@ke.example")
    if has_scripts:
        await all_is_kept(page, outsider, "KE", "Head of KE", "head@ke.example")
    else:
        await page.get_by_role("button", name="Keep it for later").click()
    await expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    await page.get_by_role("link", name="What is to be done").click()
    await expect(page.get_by_text("Begun, not sent yet")).to_be_visible()
    await page.get_by_role("link", name="Delegation and wishes").click()
    person = page.get_by_role("group", name="Person 1")
    await expect(person.get_by_label("Name", exact=True)).to_have_value("Head of KE")
    await wish_for(page, "Norway", "Formed police units")
    if has_scripts:
        await all_is_kept(page, outsider, "KE", "Formed police units", FIRST_DAY)
    await page.get_by_role("button", name="Send to the Secretariat").click()
    await expect(page.get_by_role("status")).to_contain_text("The form was received.")
    await expect(page.locator("main")).to_contain_text("1 wish")


async def accept(page: Page) -> None:
    asked = page.get_by_role("link", name="Kenya")
    await seen_at(page, "/en/delegation/bilaterals", asked)
    await asked.click()
    await page.get_by_role("button", name="Accept the meeting").click()
    await expect(page.get_by_text("Agreed; not placed yet")).to_be_visible()


async def read_agenda(page: Page) -> None:
    """As a list, as a grid, on paper, and as a calendar program reads it."""
    await seen_at(page, "/en/delegation/agenda", page.get_by_role("link", name="Norway"), within=40)
    await page.get_by_role("link", name="As a grid of days").click()
    await expect(page.get_by_role("link", name="Norway")).to_be_visible()
    printed = await page.request.get("/en/delegation/agenda.pdf")
    assert "Norway" in text_of(await printed.body())
    await page.get_by_role("button", name="Make an address for calendar programs").click()
    feed = await page.request.get(await page.get_by_role("link", name="agenda.ics").inner_text())
    events = Calendar.from_ical(await feed.text()).walk("VEVENT")
    assert ["Norway" in str(event["SUMMARY"]) for event in events] == [True]


async def pledge(page: Page, has_scripts: bool) -> None:
    """Advice is asked for and followed, and the pledge made."""
    await page.get_by_role("link", name="Pledges").click()
    await page.get_by_role("link", name="Begin a pledge").click()
    await page.get_by_label("What you pledge").select_option(label="Formed police unit")
    await page.get_by_label("Number", exact=True).fill("2")
    await page.get_by_label("New, or promised before").select_option(label="New")
    advice = page.locator("#advice")
    if not has_scripts:
        await page.get_by_role("button", name="What would be asked?").click()
    await expect(advice).to_contain_text("Time-bound:")
    await page.get_by_label("Last day").fill("2023-06-30")
    if has_scripts:
        await expect(advice).not_to_contain_text("Time-bound:")
    await page.get_by_role("button", name="Make the pledge").click()
    await expect(page.get_by_text("The pledge is made.")).to_be_visible()


async def see_the_pledge(page: Page, outsider: Outsider, state: str) -> None:
    """Everybody reads the pledge in French, and in which state it is."""
    place = f"/fr/{outsider.edition_id}/pledges"
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Unité de police constituée"))
    await seen_at(page, place, row.filter(has_text="Kenya").filter(has_text=state))
