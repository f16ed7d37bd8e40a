"""The secretariat signs in at the portal by its provider, and whatever is forged or stale on the way ends there."""

import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from summit_cli.machine import Machine
from summit_cli.system import System

BEGIN = "/ru/console/sign-in/begin"


@pytest_asyncio.fixture(loop_scope="session")
async def browser(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that was never here before and goes where it is sent."""
    portal = system.deployment.addresses["portal"]
    async with httpx.AsyncClient(
        base_url=portal, timeout=30, follow_redirects=True, headers={"accept-language": "fr-CH, en;q=0.5"}
    ) as one:
        yield one


async def sent_to_provider(browser: httpx.AsyncClient) -> dict[str, str]:
    """What the provider is asked when a sign-in begins."""
    answer = await browser.get(BEGIN, follow_redirects=False)
    assert answer.status_code == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def test_a_link_of_the_local_provider_leads_to_the_console_in_ones_own_language(
    browser: httpx.AsyncClient, machine: Machine
) -> None:
    arrived = await browser.get(machine.issuer.link("registration"))
    assert arrived.status_code == 200, arrived.text
    assert arrived.url.path.startswith("/fr/console")
    assert "Se déconnecter" in arrived.text
    assert "sign-in" not in browser.cookies, (
        "state, nonce and verifier are forgotten when the sign-in is over"
    )


async def test_the_provider_is_asked_with_pkce_and_with_what_nobody_can_guess(
    browser: httpx.AsyncClient,
) -> None:
    first, second = await sent_to_provider(browser), await sent_to_provider(browser)
    assert (first["response_type"], first["code_challenge_method"]) == ("code", "S256")
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 32
        assert first[name] != second[name]


async def test_whoever_is_not_signed_in_is_brought_to_the_page_they_wanted(
    browser: httpx.AsyncClient, machine: Machine
) -> None:
    wanted = "/es/console/dead-letters?replayed=2&service=portal"
    refused = await browser.get(wanted)
    assert refused.url.path == "/es/console/sign-in"
    begin = re.search(r'href="(/es/console/sign-in/begin\?next=[^"]+)"', refused.text)
    assert begin
    signed_in_there = await browser.get(machine.issuer.link("admin"), follow_redirects=False)
    assert signed_in_there.status_code == 303
    arrived = await browser.get(unescape(begin[1]))
    assert arrived.url.raw_path.decode() == wanted
    assert "Cerrar la sesión" in arrived.text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/console", "/en/../console", "/en/console\\evil"]
)
async def test_nobody_is_led_elsewhere_after_signing_in(browser: httpx.AsyncClient, elsewhere: str) -> None:
    page = await browser.get("/en/console/sign-in", params={"next": elsewhere})
    assert page.status_code == 200
    assert "evil" not in page.text.split("<main")[1]
    assert 'sign-in/begin?next=/en/console"' in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "x" * 32},
        {"state": ""},
        {"iss": "http://127.0.0.1:1"},
        {"code": "never-given"},
    ],
    ids=str,
)
async def test_what_does_not_answer_this_sign_in_signs_nobody_in(
    browser: httpx.AsyncClient, machine: Machine, changed: dict[str, str]
) -> None:
    await browser.get(machine.issuer.link("admin"), follow_redirects=False)
    asked = await sent_to_provider(browser)
    answer = {"state": asked["state"], "code": "never-given", "iss": machine.issuer.url, **changed}
    seen = await browser.get("/console/signed-in", params=answer)
    assert seen.status_code == 403
    assert (await browser.get("/en/console")).url.path == "/en/console/sign-in"


async def test_a_code_of_another_browser_signs_nobody_in(
    browser: httpx.AsyncClient, machine: Machine, system: System
) -> None:
    """Somebody is made to open the end of another's sign-in: the browser began none, or one with another state."""
    async with httpx.AsyncClient(base_url=str(browser.base_url), timeout=30) as attacker:
        await attacker.get(machine.issuer.link("pledges"))
        begun = await attacker.get(BEGIN)
        back = await attacker.get(begun.headers["location"])
        stolen = back.headers["location"]
    for _ in range(2):
        seen = await browser.get(stolen)
        assert seen.status_code == 403
        await sent_to_provider(browser)


async def test_breaking_off_at_the_provider_is_told(browser: httpx.AsyncClient, machine: Machine) -> None:
    asked = await sent_to_provider(browser)
    told = {"state": asked["state"], "error": "access_denied", "iss": machine.issuer.url}
    seen = await browser.get("/en/console/signed-in", params=told)
    assert seen.status_code == 403
    assert "The sign-in was broken off." in seen.text
