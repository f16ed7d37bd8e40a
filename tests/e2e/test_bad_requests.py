"""What nobody should send, sent: each gets an answer that says what is wrong, and changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import DelegationRegistered
from summit_testkit.scenarios import Outsider, SummitFile, form, wish

MOST = 1_000_000


@dataclass(frozen=True)
class Bad:
    """A request that must be refused, and how."""

    status: int
    slug: str
    json: Any = None
    content: bytes | None = None
    code: str = "KE"


def without_head() -> dict[str, Any]:
    return {"members": [{**one, "function": "member"} for one in form("KE")["members"]]}


def two_heads() -> dict[str, Any]:
    return {"members": [{**one, "function": "head"} for one in form("KE")["members"]]}


def named(name: str) -> dict[str, Any]:
    given = form("KE")
    given["members"][0]["person"]["name"] = name
    return given


BAD = {
    "an unknown invitee": Bad(404, "not-invited", form("XX"), code="XX"),
    "two heads": Bad(422, "not-one-head", two_heads()),
    "no head": Bad(422, "not-one-head", without_head()),
    "over quota": Bad(409, "over-quota", form("KE", members=4)),
    "a wish for oneself": Bad(422, "wish-for-oneself", form("KE", wish("KE"))),
    "a wish for a stranger": Bad(422, "counterpart-unknown", form("KE", wish("XX"))),
    "a NUL in a name": Bad(422, "invalid-request", named("A\x00B")),
    "a NUL in the body": Bad(422, "invalid-request", content=b'{"members": [\x00]}'),
    "no JSON": Bad(422, "invalid-request", content=b"members: many"),
    "a megabyte": Bad(413, "body-too-large", named("A" * MOST)),
    "a field that does not exist": Bad(422, "invalid-request", form("KE") | {"wishlist": []}),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_a_bad_form_is_answered_clearly_and_changes_nothing(outsider: Outsider, bad: Bad) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "RW"]))
    path = f"{outsider.path}/delegations/{bad.code}"
    sent: dict[str, Any] = {"content": bad.content} if bad.content is not None else {"json": bad.json}
    refused = await outsider.ask(
        "registration", "POST", path, headers={"content-type": "application/json"}, **sent
    )
    assert says(refused, bad.status, bad.slug)
    counts = await outsider.done("registration", "GET", f"{outsider.path}/counts")
    assert (counts["registered"], counts["members"], counts["wishes"]) == (0, 0, 0)
    await outsider.register("RW", form("RW"))
    heard = await outsider.fact(DelegationRegistered)
    assert heard.data.invitee == "RW"


def says(refused: httpx.Response, status: int, slug: str) -> bool:
    """The answer is a problem of this kind that says in words what is wrong."""
    assert refused.headers["content-type"] == "application/problem+json", refused.text
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (status, f"urn:summit:problem:{slug}")
    assert problem["title"]
    assert problem["detail"]
    return True


async def test_nobody_registers_after_the_deadline(outsider: Outsider) -> None:
    late = SummitFile(outsider.edition_id, states=["KE"], nominate_by_at="2022-05-31T18:00:00")
    await outsider.open(late)
    path = f"{outsider.path}/delegations/KE"
    refused = await outsider.ask("registration", "POST", path, invitee="KE", json=form("KE"))
    assert says(refused, 409, "registration-closed")
    assert "2022-05-31" in refused.json()["detail"]


WHO: dict[str, tuple[Callable[[Outsider], str], int, str]] = {
    "nobody": (lambda _: "", 401, "not-signed-in"),
    "a forger": (lambda it: it.token(Role.ADMIN)[:-8] + "AAAAAAAA", 401, "not-signed-in"),
    "rubbish": (lambda _: "abc", 401, "not-signed-in"),
    "another desk": (lambda it: it.token(Role.PLEDGES), 403, "wrong-role"),
    "another delegation": (lambda it: it.token(invitee="RW"), 403, "foreign-invitee"),
}


@pytest.mark.parametrize("who", WHO.values(), ids=WHO.keys())
async def test_nobody_acts_for_another(
    outsider: Outsider, who: tuple[Callable[[Outsider], str], int, str]
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "RW"]))
    make_token, status, slug = who
    path = f"{outsider.path}/delegations/KE"
    refused = await outsider.ask("registration", "POST", path, token=make_token(outsider), json=form("KE"))
    assert says(refused, status, slug)


async def test_a_change_decided_on_an_old_version_is_refused(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await outsider.register("KE", form("KE"))
    path = f"{outsider.path}/delegations/KE"
    seen = await outsider.ask("registration", "GET", path, invitee="KE")
    current = {"if-match": seen.headers["etag"]}
    changed = {"members": form("KE", members=3)["members"]}
    assert (
        await outsider.ask("registration", "PATCH", path, invitee="KE", headers=current, json=changed)
    ).is_success
    stale = await outsider.ask("registration", "POST", f"{path}/confirm", invitee="KE", headers=current)
    assert stale.status_code == 412, stale.text
    unnamed = await outsider.ask("registration", "POST", f"{path}/confirm", invitee="KE")
    assert says(unnamed, 412, "if-match-needed")


async def test_a_key_that_comes_with_another_body_is_refused(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    path, headers = f"{outsider.path}/delegations/KE", {"idempotency-key": "one"}
    asked: dict[str, Any] = {"invitee": "KE", "headers": headers}
    first = await outsider.ask("registration", "POST", path, json=form("KE"), **asked)
    again = await outsider.ask("registration", "POST", path, json=form("KE"), **asked)
    other = await outsider.ask("registration", "POST", path, json=form("KE", members=1), **asked)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert says(other, 422, "idempotency-key-reused")
