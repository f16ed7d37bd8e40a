"""A token speaks for its account for a while; nothing else does, and nobody learns why."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import assume, given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from summit_chassis import identity, problems
from summit_chassis.identity import (
    SECRETARIAT,
    Caller,
    ForeignInvitee,
    Issuer,
    OpenToAll,
    Role,
    Verifier,
    allow,
    new_key,
)
from summit_testkit.clock import FixedClock

NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
KEY = new_key()
PUBLIC = KEY.as_dict(private=False)
VERIFIER = Verifier(json.dumps({"keys": [PUBLIC]}))
ISSUER = Issuer(KEY)


def token(*roles: Role, now: datetime = NOW, **options: Any) -> str:
    return ISSUER.issue("account-1", roles or [Role.NOMINATOR], now=now, **options)


def signed(header: dict[str, Any], claims: dict[str, Any], key: Any = KEY, algorithm: str = "Ed25519") -> str:
    return jwt.encode(header, claims, key, [algorithm])


def claims(**changes: Any) -> dict[str, Any]:
    stamp = int(NOW.timestamp())
    full = {"iss": "summit", "sub": "account-1", "roles": ["nominator"], "iat": stamp, "exp": stamp + 600}
    return {name: value for name, value in (full | changes).items() if value is not None}


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_says_who_asks() -> None:
    caller = VERIFIER.caller(token(Role.NOMINATOR, edition_id="uncops-2022", invitee="KE"), now=NOW)
    assert caller == Caller("account-1", frozenset({Role.NOMINATOR}), "uncops-2022", "KE")


def test_a_token_holds_until_it_expires_and_a_clock_may_be_half_a_minute_off() -> None:
    mine = token(valid_for=timedelta(minutes=10))
    for moment in (NOW + timedelta(minutes=10, seconds=29), NOW - timedelta(seconds=29)):
        assert VERIFIER.caller(mine, now=moment).account == "account-1"
    for moment in (NOW + timedelta(minutes=10, seconds=31), NOW - timedelta(seconds=31)):
        with pytest.raises(ValueError, match="not valid"):
            VERIFIER.caller(mine, now=moment)


def test_a_token_that_was_read_before_holds_no_longer_than_it_says() -> None:
    verifier, mine = Verifier(json.dumps({"keys": [PUBLIC]})), token(valid_for=timedelta(minutes=10))
    first = verifier.caller(mine, now=NOW)
    assert verifier.caller(mine, now=NOW + timedelta(minutes=10)) is first, "it was read twice"
    for moment in (NOW + timedelta(minutes=10, seconds=31), NOW - timedelta(seconds=31)):
        verifier.caller(mine, now=NOW)
        with pytest.raises(ValueError, match="not valid"):
            verifier.caller(mine, now=moment)


def test_of_many_tokens_only_the_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_KNOWN_TOKENS", 2)
    verifier, tokens = Verifier(json.dumps({"keys": [PUBLIC]})), [token() for _ in range(3)]
    first, *_, last = [verifier.caller(one, now=NOW) for one in tokens]
    assert verifier.caller(tokens[-1], now=NOW) is last
    again = verifier.caller(tokens[0], now=NOW)
    assert again == first
    assert again is not first


FORGED = {
    "another key": Issuer(new_key()).issue("account-1", [Role.ADMIN], now=NOW),
    "another key that calls itself ours": signed(
        {"alg": "Ed25519", "kid": KEY.thumbprint()}, claims(), new_key()
    ),
    "no signature": f"{part({'alg': 'none'})}.{part(claims())}.",
    "no signature, in capitals": f"{part({'alg': 'NONE', 'kid': KEY.thumbprint()})}.{part(claims())}.",
    "our public key as a shared secret": signed(
        {"alg": "HS256", "kid": KEY.thumbprint()},
        claims(),
        OctKey.import_key(json.dumps(PUBLIC)),
        "HS256",
    ),
    "our public point as a shared secret": signed(
        {"alg": "HS256", "kid": KEY.thumbprint()}, claims(), OctKey.import_key(str(PUBLIC["x"])), "HS256"
    ),
    "a header that is no object": f"{part([])}.{part(claims())}.AAAA",
    "claims that are no object": f"{token().split('.')[0]}.{part([1])}.{token().split('.')[2]}",
    "a role that there is not": signed({"alg": "Ed25519"}, claims(roles=["secretariat"])),
    "roles as one word": signed({"alg": "Ed25519"}, claims(roles="nominator")),
    "roles as a number": signed({"alg": "Ed25519"}, claims(roles=7)),
    "somebody else's issuer": signed({"alg": "Ed25519"}, claims(iss="elsewhere")),
    "no issuer": signed({"alg": "Ed25519"}, claims(iss=None)),
    "no account": signed({"alg": "Ed25519"}, claims(sub=None)),
    "no end": signed({"alg": "Ed25519"}, claims(exp=None)),
    "an end that is no number": signed({"alg": "Ed25519"}, claims(exp="tomorrow")),
    "not yet valid": signed({"alg": "Ed25519"}, claims(nbf=int(NOW.timestamp()) + 3600)),
    "nothing": "",
    "dots": "..",
    "five parts": "a.b.c.d.e",
    "another alphabet": "é.ü.中",
    "a megabyte": "A" * 1_000_000,
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_token_is_refused_without_a_reason(forged: str) -> None:
    with pytest.raises(ValueError, match=r"^the token is not valid$"):
        VERIFIER.caller(FORGED[forged], now=NOW)


@given(
    st.text(max_size=200)
    | st.tuples(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60)).map(".".join)
)
def test_whatever_is_shown_is_refused_the_same_way(shown: str) -> None:
    with pytest.raises(ValueError, match=r"^the token is not valid$"):
        VERIFIER.caller(shown, now=NOW)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_token_with_one_byte_changed_is_refused(place: int, byte: int) -> None:
    mine = token()
    place %= len(mine) - 1  # the last character has bits that mean nothing
    changed = mine[:place] + chr(byte) + mine[place + 1 :]
    assume(changed != mine)
    with pytest.raises(ValueError, match=r"^the token is not valid$"):
        VERIFIER.caller(changed, now=NOW)


@pytest.mark.parametrize("role", SECRETARIAT)
def test_the_secretariat_acts_for_everybody(role: Role) -> None:
    Caller("officer", frozenset({role})).must_act_for("uncops-2022", "KE")


@pytest.mark.parametrize(
    ("edition_id", "invitee"), [("uncops-2022", "RW"), ("uncops-2024", "KE"), (None, None)]
)
def test_a_nominator_acts_for_one_invitee_of_one_summit(edition_id: str | None, invitee: str | None) -> None:
    caller = Caller("focal point", frozenset({Role.NOMINATOR}), edition_id, invitee)
    with pytest.raises(ForeignInvitee):
        caller.must_act_for("uncops-2022", "KE")


@pytest.fixture
def http() -> httpx.AsyncClient:
    """A small application with guarded routes."""
    routes = APIRouter()

    @routes.get("/open")
    async def open_route(_: OpenToAll) -> str:
        return "anybody"

    @routes.get("/plans")
    async def plans(caller: Annotated[Caller, allow(Role.SCHEDULING)]) -> str:
        return caller.account

    @routes.get("/editions/{edition_id}/delegations/{invitee}")
    async def delegation(
        edition_id: str, invitee: str, caller: Annotated[Caller, allow(Role.NOMINATOR, Role.REGISTRATION)]
    ) -> str:
        return caller.account

    app = FastAPI()
    problems.install(app)
    app.include_router(routes)
    app.state.verifier = VERIFIER
    app.state.clock = FixedClock(NOW)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def answer(http: httpx.AsyncClient, path: str, bearer: str | None = None) -> tuple[int, str]:
    headers = {} if bearer is None else {"authorization": bearer}
    got = await http.get(path, headers=headers)
    body = got.json()
    return got.status_code, body if isinstance(body, str) else body["type"].removeprefix(
        "urn:summit:problem:"
    )


async def test_an_open_route_needs_no_token(http: httpx.AsyncClient) -> None:
    assert await answer(http, "/open") == (200, "anybody")


@pytest.mark.parametrize(
    "bearer", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", "bearer a b"]
)
async def test_who_is_not_signed_in_is_told_so(http: httpx.AsyncClient, bearer: str | None) -> None:
    assert await answer(http, "/plans", bearer) == (401, "not-signed-in")
    got = await http.get("/plans")
    assert got.headers["www-authenticate"] == "Bearer"


async def test_an_expired_token_does_not_sign_in(http: httpx.AsyncClient) -> None:
    old = token(Role.SCHEDULING, now=NOW - timedelta(days=1))
    assert await answer(http, "/plans", f"Bearer {old}") == (401, "not-signed-in")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SCHEDULING, Role.ADMIN)])
async def test_another_role_does_not_pass(http: httpx.AsyncClient, role: Role) -> None:
    assert await answer(http, "/plans", f"Bearer {token(role)}") == (403, "wrong-role")


@pytest.mark.parametrize("roles", [(Role.SCHEDULING,), (Role.ADMIN,), (Role.SUBSCRIBER, Role.SCHEDULING)])
async def test_one_right_role_is_enough(http: httpx.AsyncClient, roles: tuple[Role, ...]) -> None:
    assert await answer(http, "/plans", f"bearer {token(*roles)}") == (200, "account-1")


async def test_a_nominator_passes_for_its_own_invitee_only(http: httpx.AsyncClient) -> None:
    mine = f"Bearer {token(Role.NOMINATOR, edition_id='uncops-2022', invitee='KE')}"
    assert await answer(http, "/editions/uncops-2022/delegations/KE", mine) == (200, "account-1")
    assert await answer(http, "/editions/uncops-2022/delegations/RW", mine) == (403, "foreign-invitee")
    assert await answer(http, "/editions/uncops-2024/delegations/KE", mine) == (403, "foreign-invitee")
    assert await answer(http, "/editions/uncops-2022/delegations/ke", mine) == (403, "foreign-invitee")
    officer = f"Bearer {token(Role.REGISTRATION)}"
    assert await answer(http, "/editions/uncops-2022/delegations/RW", officer) == (200, "account-1")
