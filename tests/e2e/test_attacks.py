"""What somebody tries who means no good, at the portal and beside it; each attempt gets nothing and changes nothing."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from summit_testkit.scenarios import Outsider, SummitFile, Visitor, form, wish

SignIn = Callable[..., Awaitable[Visitor]]
CONFIRM = "/en/delegation/confirm"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TEMPLATE = "{{ 7 * 191 }}${7*191}{% raw %}"


@pytest.mark.parametrize("brought", ["", "A" * 43], ids=["nothing", "a guess"])
async def test_a_form_without_the_secret_of_its_session_changes_nothing(
    outsider: Outsider, sign_in: SignIn, brought: str
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    await outsider.register("KE", form("KE"))
    visitor = await sign_in("KE")
    refused = await visitor.send(CONFIRM, {"csrf": brought} if brought else {})
    assert refused.status_code == 403, refused.text
    assert (await state_of(outsider))["state"] == "nominated"


async def test_a_form_of_another_site_changes_nothing_even_with_the_secret(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    await outsider.register("KE", form("KE"))
    visitor = await sign_in("KE")
    own = next(one for one in visitor.page.forms if one.action.endswith("/confirm"))
    sent = {name: values[-1] for name, values in own.fields.items()}
    refused = await visitor.send(own.action, sent, **{"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403, refused.text
    assert (await state_of(outsider))["state"] == "nominated"
    assert (await visitor.send(own.action, sent)).status_code == 303
    assert (await state_of(outsider))["state"] == "confirmed"


async def test_what_people_typed_is_shown_as_they_typed_it_and_does_nothing(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    typed = form("KE", wish("FR", topic=f"{MARKUP} {TEMPLATE}"))
    typed["members"][0]["person"]["name"] = f"{MARKUP} {TEMPLATE}"
    await outsider.register("KE", typed)
    visitor = await sign_in("KE")
    for path in ("/en/delegation", "/en/delegation/form"):
        await visitor.open(path)
        assert "&lt;script&gt;alert(1)" in visitor.html
        assert "<script>alert" not in visitor.html
        assert "<img src=x" not in visitor.html
        assert "1337" not in visitor.html


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/schemas/..%2f..%2f..%2fetc%2fpasswd.json",
        "/schemas/%00.json",
        "/en/..%2f..%2fetc/passwd",
    ],
)
async def test_a_path_that_climbs_leads_nowhere(outsider: Outsider, path: str) -> None:
    async with httpx.AsyncClient(base_url=outsider.deployment.addresses["portal"]) as browser:
        answer = await browser.send(
            httpx.Request("GET", f"{outsider.deployment.addresses['portal']}{path}"), follow_redirects=False
        )
    assert answer.status_code in (400, 404, 422), answer.text
    assert "root:" not in answer.text


async def test_every_page_forbids_what_it_does_not_need(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    visitor = await sign_in("KE")
    for path in ("/en", "/en/delegation", "/en/delegation/sign-in", "/en/nowhere"):
        headers = (await visitor.fetch(path)).headers
        rules = headers["content-security-policy"]
        assert "default-src 'none'" in rules
        assert "frame-ancestors 'none'" in rules
        assert "unsafe" not in rules
        assert headers["x-content-type-options"] == "nosniff"


async def state_of(outsider: Outsider) -> dict[str, object]:
    """Kenya's delegation as registration has it."""
    seen = await outsider.done("registration", "GET", f"{outsider.path}/delegations/KE")
    found: dict[str, object] = seen.get("delegation", seen)
    return found
