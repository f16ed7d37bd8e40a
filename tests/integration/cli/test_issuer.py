"""The local issuer is as strict as a real one, and its links work once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from summit_cli.servers.issuer import Issuer
from summit_testkit.staff import BACK, CLIENT, Browser, said_back


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[Issuer]:
    with Issuer(
        tmp_path, client_id=CLIENT, redirect_uri=BACK, sign_in_url="http://127.0.0.1:8000/console/sign-in"
    ) as running:
        yield running


@pytest.fixture
def browser(issuer: Issuer) -> Browser:
    return Browser(issuer)


async def test_a_link_a_code_and_its_verifier_give_an_id_token_once(browser: Browser) -> None:
    entered = await browser.enter("pledges")
    assert (entered.status_code, entered.headers["location"]) == (
        303,
        "http://127.0.0.1:8000/console/sign-in",
    )
    code = await browser.code()
    first, second = await browser.exchange(code), await browser.exchange(code)
    assert first.status_code == 200
    assert (second.status_code, second.json()) == (400, {"error": "invalid_grant"})
    assert (await browser.authorize()).status_code == 401, "whoever signed in has used it up"


async def test_of_two_who_open_one_link_at_once_one_is_let_in(issuer: Issuer) -> None:
    link = issuer.link("admin")
    answers = await asyncio.gather(*(Browser(issuer).open(link) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [303, *[410] * 5]


async def test_a_link_outlives_the_issuer_that_gave_it(issuer: Issuer) -> None:
    link = issuer.link("registration")
    issuer.stop()
    issuer.start()
    assert (await Browser(issuer).open(link)).status_code == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "http://127.0.0.1:8000/console/signed-in/"},
        {"redirect_uri": "http://evil.example/console/signed-in"},
        {"client_id": "somebody"},
    ],
)
async def test_nobody_is_sent_to_another_address(browser: Browser, changed: dict[str, str]) -> None:
    await browser.enter("admin")
    answer = await browser.authorize(**changed)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
    ],
)
async def test_what_is_not_asked_for_properly_gets_no_code(
    browser: Browser, changed: dict[str, str | None], error: str
) -> None:
    await browser.enter("admin")
    answer = await browser.authorize(**changed)
    said = said_back(answer)
    assert (said["error"], said["state"], "code" in said) == (error, browser.state, False)


async def test_a_code_without_its_verifier_opens_nothing_and_is_used_up(browser: Browser) -> None:
    await browser.enter("admin")
    code = await browser.code()
    for verifier in ("x" * 43, "", browser.verifier):
        answer = await browser.exchange(code, code_verifier=verifier)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


async def test_a_code_goes_to_the_address_it_was_given_for(browser: Browser) -> None:
    await browser.enter("admin")
    answer = await browser.exchange(await browser.code(), redirect_uri="http://127.0.0.1:9/")
    assert answer.json() == {"error": "invalid_grant"}
