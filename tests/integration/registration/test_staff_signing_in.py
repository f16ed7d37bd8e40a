"""The secretariat signs in by its identity provider, and registration believes nothing that is not signed for it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from summit_cli.servers.issuer import Issuer
from summit_cli.servers.login_links import DESKS
from summit_registration.app import service
from summit_registration.settings import RegistrationSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import SIGNING_KEY, Desk, desk, emptied
from summit_testkit.forms import refusal
from summit_testkit.staff import BACK, CLIENT, Browser

OFFSET = datetime(2022, 6, 1, 9, tzinfo=UTC) - datetime.now(UTC)


def now() -> datetime:
    return datetime.now(UTC) + OFFSET


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    links: Path = tmp_path_factory.mktemp("links")
    with Issuer(
        links, client_id=CLIENT, redirect_uri=BACK, sign_in_url="http://127.0.0.1:8000/", now=now
    ) as one:
        yield one


def a_desk(databases: Databases, url: str, **staff: Any) -> AbstractAsyncContextManager[Desk]:
    own = {"token_signing_key": SIGNING_KEY, **staff}
    return desk(service, RegistrationSettings, databases, url=url, offset=OFFSET, **own)


@pytest.fixture
async def registration(databases: Databases, issuer: Issuer) -> AsyncIterator[Desk]:
    url = await emptied(service, databases)
    groups = dict(DESKS)
    async with a_desk(
        databases, url, staff_issuer=issuer.url, staff_client_id=CLIENT, staff_groups=groups
    ) as one:
        yield one


async def shown(registration: Desk, id_token: str, nonce: str) -> httpx.Response:
    return await registration.ask(
        "POST", "/sign-in/staff", json={"id_token": id_token, "nonce": nonce}, anonymous=True
    )


@pytest.mark.parametrize("group", sorted(DESKS))
async def test_a_group_gives_its_role_and_no_other(registration: Desk, issuer: Issuer, group: str) -> None:
    browser = Browser(issuer)
    answer = await shown(registration, await browser.id_token(group), browser.nonce)
    assert answer.status_code == 200, answer.text
    assert answer.json()["roles"] == [DESKS[group]]
    headers = {"authorization": f"Bearer {answer.json()['token']}"}
    seen = await registration.ask("GET", "/editions/none-2022/counts", anonymous=True, headers=headers)
    assert refusal(seen) == (404, "edition-unknown"), "whoever is signed in gets as far as the question"
    left = datetime.fromisoformat(answer.json()["expires_at"]) - now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


async def test_an_id_token_for_another_sign_in_is_not_believed(registration: Desk, issuer: Issuer) -> None:
    token = await Browser(issuer).id_token("admin")
    assert refusal(await shown(registration, token, "n" * 24)) == (403, "staff-not-vouched-for")


def forged(issuer: Issuer, key: Any = None, algorithm: str = "ES256", **changed: Any) -> str:
    """What the issuer could have said, with changes, signed with its own key unless another is given."""
    key = key or issuer._key
    moment = int(now().timestamp())
    claims = {
        "iss": issuer.url,
        "sub": "somebody",
        "aud": CLIENT,
        "iat": moment,
        "exp": moment + 60,
        "nonce": "n" * 24,
        "groups": ["admin"],
        **changed,
    }
    header = {"alg": algorithm, "kid": issuer._key.thumbprint()}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header, told, key, [algorithm])


async def test_what_the_issuer_signs_for_us_and_now_is_believed(registration: Desk, issuer: Issuer) -> None:
    assert (await shown(registration, forged(issuer), "n" * 24)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 1_000_000_000},
        {"iat": None},
        {"sub": None},
        {"groups": "admin"},
    ],
    ids=str,
)
async def test_what_is_not_for_us_or_not_for_now_is_not_believed(
    registration: Desk, issuer: Issuer, changed: dict[str, Any]
) -> None:
    token = forged(issuer, **changed)
    assert refusal(await shown(registration, token, "n" * 24)) == (403, "staff-not-vouched-for")


async def test_another_signature_is_not_believed(registration: Desk, issuer: Issuer) -> None:
    stranger = ECKey.generate_key("P-256")
    shared = OctKey.import_key(str(issuer._key.as_dict(private=False)["x"]) * 2)
    unsigned = "eyJhbGciOiJub25lIn0.e30."
    for token in (forged(issuer, stranger), forged(issuer, shared, "HS256"), unsigned, "nonsense", "a.b.c"):
        assert refusal(await shown(registration, token, "n" * 24)) == (403, "staff-not-vouched-for")


@pytest.mark.parametrize("groups", [[], ["canteen"], ["secretariat.admin"], None])
async def test_who_is_in_no_group_of_ours_has_no_role(
    registration: Desk, issuer: Issuer, groups: Any
) -> None:
    token = forged(issuer, groups=groups)
    assert refusal(await shown(registration, token, "n" * 24)) == (403, "staff-without-role")


async def test_a_provider_that_does_not_answer_lets_nobody_in(databases: Databases, issuer: Issuer) -> None:
    url = await emptied(service, databases)
    groups = dict(DESKS)
    async with a_desk(
        databases, url, staff_issuer="http://127.0.0.1:1", staff_client_id=CLIENT, staff_groups=groups
    ) as lonely:
        assert refusal(await shown(lonely, forged(issuer), "n" * 24)) == (409, "staff-provider-away")
    async with a_desk(databases, url) as without:
        assert refusal(await shown(without, forged(issuer), "n" * 24)) == (409, "staff-sign-in-not-offered")
