"""The secretariat's console in six languages: every page of it is reached by links, and each is fit for everybody."""

import re
from collections.abc import Mapping

import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from playwright.async_api import Page

from summit_chassis.identity import SECRETARIAT, Role
from summit_cli.play.doors import client_of
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.values import Language
from summit_portal.pages.console.contents import CONSOLE
from summit_testkit.browser.looking import faults_of, reached_by_keyboard
from summit_testkit.browser.stage import Stage
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Visitor

JUDGED = (Language.ARABIC, Language.ENGLISH)
"""In which languages axe-core judges every page: its rules look at structure, of which there are two, one for each direction."""
_LANGUAGE = "/{language:language}"
_PARAMETER = re.compile(r"\{[^}]+\}")
NO_PAGES = ("/sign-in", "/sign-in/begin", "/signed-in", "/progress")
"""Ways in and parts of pages, which nobody looks at alone."""


def routes() -> dict[str, re.Pattern[str]]:
    """Every page of the console by its route, and what its address looks like in English."""
    paths = [
        route.path.removeprefix(_LANGUAGE)
        for router in CONSOLE
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path.startswith(_LANGUAGE)
    ]
    pages = [path for path in paths if not path.endswith(NO_PAGES) and path != "/console"]
    return {path: re.compile("/en" + _PARAMETER.sub("[^/]+", path)) for path in pages}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def addresses(stage: Stage) -> Mapping[str, str]:
    """One address below the language for each page of the console, found by following links as an administrator."""
    await _something_to_see(stage)
    wanted, found = routes(), dict[str, str]()
    async with Visitor(stage.portal) as visitor:
        await visitor.open(stage.machine.issuer.link("admin"))
        ahead, seen = [f"/en/console/{stage.edition_id}"], set[str]()
        while ahead and len(found) < len(wanted):
            address = ahead.pop(0)
            if address in seen:
                continue
            seen.add(address)
            route = next(
                (name for name, one in wanted.items() if one.fullmatch(address.partition("?")[0])), ""
            )
            if not route or route in found:
                continue
            links = (await visitor.open(address)).links.values()
            assert visitor.status == 200, f"{address}: {visitor.page.text}"
            found.setdefault(route, address.removeprefix("/en"))
            ahead += [one for one in links if one.startswith("/en/console") and one not in seen]
    return found


async def _something_to_see(stage: Stage) -> None:
    """Two timetables, one of them solved again and not published, and a dead letter."""
    deployment = stage.system.deployment
    subject = f"summit.{stage.edition_id}.registration.delegation_registered.v1.KE"
    async with deployment.broker("registration") as broker:
        await broker.jetstream().publish(subject, b"{", headers={"content-type": CONTENT_TYPE})
    async with client_of(deployment.addresses["scheduling"]) as client:
        client.headers["authorization"] = f"Bearer {deployment.token(*SECRETARIAT, Role.ADMIN)}"
        path = f"/editions/{stage.edition_id}"
        for verb in ("publish", None):
            asked = await client.post(
                f"{path}/solves", json={"seconds": 2}, headers={"idempotency-key": f"k-{verb}"}
            )
            solve = f"{path}/solves/{asked.raise_for_status().json()['solve_id']}"

            async def is_solved(solve: str = solve) -> None:
                assert (await client.get(solve)).json()["state"] == "solved"

            await eventually(is_solved, within=60)
            if verb:
                (await client.post(f"{solve}/{verb}", headers={"idempotency-key": "k"})).raise_for_status()


async def test_every_page_of_the_console_is_reached_by_links(addresses: Mapping[str, str]) -> None:
    assert sorted(set(routes()) - set(addresses)) == []


@pytest.mark.parametrize("language", Language)
async def test_a_page_of_the_console_has_its_direction_and_script_and_stands_in_nobodys_way(
    page: Page, axe: str, stage: Stage, addresses: Mapping[str, str], language: Language
) -> None:
    await page.goto(stage.machine.issuer.link("admin"))
    faults: list[str] = []
    for address in addresses.values():
        faults += await faults_of(page, axe if language in JUDGED else None, language, address)
    assert not faults, "\n".join(faults)


async def test_every_page_of_the_console_is_used_by_keyboard(
    page: Page, stage: Stage, addresses: Mapping[str, str]
) -> None:
    await page.goto(stage.machine.issuer.link("admin"))
    faults: list[str] = []
    for address in addresses.values():
        await page.goto(f"/en{address}")
        reached = await reached_by_keyboard(page, most=40)
        faults += [f"{address}: {one}" for one in reached if "cannot be seen" in one]
        assert reached[0] == "a #main"
    assert not faults, "\n".join(faults)
