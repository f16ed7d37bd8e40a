"""What people do at a browser by hand, whether it runs scripts or not: each takes the page and leaves it where they would be."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from summit_testkit.browser.stage import Stage
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider
from summit_testkit.scenarios.focal_point import next_code
from summit_testkit.scenarios.outsider import link_in
from summit_testkit.scenarios.summit import FIRST_DAY


async def come_in(page: Page, outsider: Outsider, code: str, name: str) -> None:
    """A focal point has followed the link of its invitation and typed the code that came by mail."""
    await heard(page, outsider)
    link = link_in(await outsider.letter(code, "invitation"))
    before = len(outsider.letters_to(code))
    await page.goto(f"/invitation/{link}")
    await page.get_by_role("button", name="Send me a code").click()
    await page.get_by_label("Code from the letter").fill(await next_code(outsider, code, before))
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/en/delegation")
    named = page.get_by_role("heading", level=1).filter(has_text=name)
    await seen_at(page, page.url, named)  # once everybody who is asked for it has heard of the summit


async def heard(page: Page, outsider: Outsider) -> None:
    """The portal knows the summit."""

    async def is_known() -> None:
        answer = await page.goto(f"/en/{outsider.edition_id}")
        assert answer
        assert answer.status == 200

    await eventually(is_known)


async def fill_in_delegation(page: Page, head: str, email: str) -> None:
    """The form has a head of delegation; nothing is sent yet."""
    await page.get_by_role("link", name="Delegation and wishes").click()
    person = page.get_by_role("group", name="Person 1")
    await person.get_by_label("Name", exact=True).fill(head)
    await person.get_by_label("E-mail").fill(email)


async def all_is_kept(page: Page, outsider: Outsider, code: str, *typed: str) -> None:
    """What scripts keep by themselves a moment after the last key is kept, and the form says on what it stands now."""
    path = f"{outsider.path}/delegations/{code}"

    async def is_kept() -> None:
        held = (await outsider.done("registration", "GET", path, invitee=code))["delegation"]
        assert [one for one in typed if one not in str(held["draft"])] == []
        assert await page.input_value("#revision") == str(held["revision"])

    await eventually(is_kept)


async def wish_for(page: Page, name: str, topic: str) -> None:
    """The form asks for a meeting on the first day."""
    wish = page.get_by_role("group", name="Wish 1")
    await wish.get_by_label("With", exact=True).select_option(label=name)
    await wish.get_by_label("Topic").fill(topic)
    await wish.get_by_role("checkbox").nth(0).check()
    assert await wish.get_by_role("checkbox").nth(0).get_attribute("value") == FIRST_DAY


@dataclass(frozen=True)
class Desk:
    """Somebody of the secretariat, who sits down at one desk after the other in the same browser."""

    page: Page
    stage: Stage
    edition_id: str

    async def sit_down(self, desk: str, *sections: str) -> None:
        """Signed in by the provider as that desk; the sections of the summit's pages were clicked one after the other."""
        await self.page.goto(self.stage.machine.issuer.link(desk))
        await self.page.goto(f"/en/console/{self.edition_id}")
        for section in sections:
            await self.page.get_by_role("link", name=section, exact=True).first.click()

    async def approve(self, person: str) -> None:
        """The person is accredited."""
        await self.sit_down("registration", "Registrations")
        await self.page.get_by_role("checkbox", name=f"Choose {person}").check()
        await self.page.get_by_role("button", name="Approve").click()
        await expect(self.page.get_by_role("status")).to_contain_text("1 nomination was decided.")
        await self.page.get_by_role("link", name="Accredited").click()
        await expect(self.page.get_by_text(person)).to_be_visible()

    async def publish_timetable(self) -> None:
        """A timetable was solved, and holds."""
        await self.sit_down("scheduling", "Timetable", "Solve")
        await self.page.get_by_label("Seconds it may take").fill("2")
        await self.page.get_by_role("button", name="Solve", exact=True).click()
        await self.page.wait_for_url("**/solves/*")
        publish = self.page.get_by_role("button", name="Publish")
        await seen_at(self.page, self.page.url, publish, within=40)
        await publish.click()
        await expect(self.page.get_by_role("status")).to_contain_text("This timetable holds from now on")

    async def accept_pledge(self, pledger: str, capability: str) -> None:
        """The pledge that was made counts."""
        await self.sit_down("pledges", "Pledges")
        row = self.page.get_by_role("row").filter(has_text=pledger)
        await row.get_by_role("link", name=capability).click()
        for step in ("Acknowledge", "Accept"):
            await self.page.get_by_role("button", name=step, exact=True).click()
            await expect(self.page.get_by_text("It is done.")).to_be_visible()

    async def read_letter(self, invitee: str, letter: str) -> None:
        """What was said to the invitee is on the screen, in another language than it was said in."""
        await self.sit_down("protocol", "Letters")
        await self.page.get_by_label("To", exact=True).select_option(label=invitee)
        await self.page.get_by_role("button", name="Show").click()
        await self.page.wait_for_url("**to=*")
        written = self.page.get_by_role("row").get_by_role("link", name=letter).first
        await seen_at(self.page, self.page.url, written)
        await written.click()
        await self.page.locator("main").get_by_role("link", name="中文").click()
        await expect(self.page.locator("article.mail[lang=zh]")).to_be_visible()

    async def replay_dead_letter(self, subject: str) -> None:
        """What cannot be applied was tried once more, and waits again."""
        await self.sit_down("admin", "Dead letters")
        await self.page.get_by_role("link", name=subject).first.click()
        await self.page.wait_for_url("**/dead-letters/*/*")
        place, attempts = self.page.url, self.page.locator("dt:text-is('Attempts') + dd")
        before = int(await attempts.inner_text())
        await self.page.get_by_role("button", name="Apply it again", exact=True).click()
        await expect(self.page.get_by_role("status")).to_contain_text("1 message is applied again")
        tried = self.page.locator(f"dt:text-is('Attempts') + dd:text-is('{before + 1}')")
        await seen_at(self.page, place, tried)
        await expect(self.page.locator("dt:text-is('Asked for again by') + dd")).to_contain_text("admin")


async def seen_at(page: Page, place: str, what: Locator, *, within: float = 20) -> None:
    """The page at that address shows it, if need be after being loaded again for so many seconds."""

    async def is_there() -> None:
        await page.goto(place)
        await expect(what).to_be_visible(timeout=500)

    await eventually(is_there, within=within)
