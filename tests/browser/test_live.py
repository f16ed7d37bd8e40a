"""What moves while one looks, and goes on where it ended."""

import os
import signal

from playwright.async_api import Page, expect

from summit_chassis.identity import Role
from summit_contracts.fact import Fact
from summit_testkit.browser.stage import Stage
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, form
from summit_testkit.scenarios.outsider import edition_id_for

_FOLLOW = """address => {
  window.seen = [];
  const source = new EventSource(address);
  source.onmessage = ({data}) => window.seen.push(JSON.parse(data).event_id);
}"""


async def opened(stage: Stage, test: str) -> Outsider:
    """A summit of the test's own."""
    outsider = Outsider(stage.system.deployment, stage.machine.mailbox, edition_id_for(test))
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR", "NO"]))
    return outsider


async def shown(page: Page, address: str) -> None:
    """The page is on the screen; the portal has heard of the summit."""

    async def is_there() -> None:
        answer = await page.goto(address)
        assert answer
        assert answer.status == 200

    await eventually(is_there)


async def test_figures_move_while_one_looks_and_nobody_reloads(stage: Stage, page: Page) -> None:
    outsider = await opened(stage, "figures move")
    await shown(page, f"/en/{outsider.edition_id}")
    await page.evaluate("window.sameDocument = true")

    async def says(count: str) -> None:
        assert await page.text_content("[data-figure=delegations]") == count

    await says("0")
    await outsider.register("KE", form("KE"))
    await eventually(lambda: says("1"))
    assert await page.evaluate("window.sameDocument")


async def test_the_secretariat_watches_facts_come_and_holds_them_still_without_missing_any(
    stage: Stage, page: Page
) -> None:
    outsider = await opened(stage, "facts come")
    await stage.sign_in(page.context, outsider.token(Role.PROTOCOL))
    await shown(page, f"/en/console/{outsider.edition_id}/facts")
    rows = page.get_by_role("row").filter(has_text="delegation_registered")
    await expect(rows).to_have_count(0)
    beside = await page.context.new_page()
    await beside.goto(f"/en/console/{outsider.edition_id}")
    delegations = beside.locator("[data-figure=delegations]")
    await expect(delegations).to_have_text("0")
    await outsider.register("KE", form("KE"))
    await expect(rows).to_have_count(1)
    await expect(delegations).to_have_text("1")
    await beside.close()

    hold = page.get_by_role("button", name="Hold still")
    await hold.click()
    await expect(hold).to_have_attribute("aria-pressed", "true")
    for code in ("FR", "NO"):
        await outsider.register(code, form(code))

    async def all_are_heard() -> None:
        answer = await page.request.get(f"/en/console/{outsider.edition_id}/facts")
        assert (await answer.text()).count("delegation_registered") == 3

    await eventually(all_are_heard)
    await expect(rows).to_have_count(1)
    await hold.click()
    await expect(rows).to_have_count(3)


async def test_a_killed_portal_costs_a_follower_no_fact(stage: Stage, page: Page) -> None:
    outsider = await opened(stage, "a killed portal")
    await shown(page, f"/en/{outsider.edition_id}")
    await page.evaluate(_FOLLOW, f"/live/{outsider.edition_id}/facts?after=0")

    async def all_seen() -> list[str]:
        found: list[str] = await page.evaluate("window.seen")
        heard = {one.id for one in await outsider.facts(Fact)}
        assert len(found) == len(set(found))
        assert set(found) == heard
        return found

    before = await eventually(all_seen)
    os.kill(stage.system.supervisor.kept["portal"].pid, signal.SIGKILL)
    for code in ("KE", "FR", "NO"):
        await outsider.register(code, form(code))
    after = await eventually(all_seen, within=60)
    assert len(after) >= len(before) + 3
    await stage.system.supervisor.ready(within=60)
