"""What cannot be promised, and changes that come twice, too late or without saying of what: refused, and nothing happened."""

from typing import Any

import pytest

from summit_testkit.desk import Desk
from summit_testkit.pledging import EDITION, PROMISE, begun, draft, kinds, refusal, step


async def test_a_stale_change_is_refused_and_one_without_a_revision_too(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    assert refusal(await step(pledges, key, "withdraw", 1, of="KE")) == (412, "pledge-changed")
    unnamed = await pledges.ask("POST", f"{EDITION}/pledges/{key}/acknowledge")
    assert refusal(unnamed) == (412, "if-match-needed")
    assert await kinds(pledges) == ["pledge_made"]


async def test_a_creation_that_is_repeated_is_made_once(pledges: Desk) -> None:
    headers = {"idempotency-key": "one"}
    asked: dict[str, Any] = {"as_invitee": "KE", "headers": headers}
    first = await pledges.ask("POST", f"{EDITION}/pledges", json=draft(make=True), **asked)
    again = await pledges.ask("POST", f"{EDITION}/pledges", json=draft(make=True), **asked)
    other = await pledges.ask("POST", f"{EDITION}/pledges", json=draft(), **asked)
    assert again.json() == first.json()
    assert refusal(other) == (422, "idempotency-key-reused")
    assert await kinds(pledges) == ["pledge_made"]


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        pytest.param({"capability": "submarine"}, "capability-unknown", id="capability"),
        pytest.param({"category": "training"}, "category-differs", id="category"),
        pytest.param(
            {"quantity": {"kind": "exact", "count": 2, "unit": "furlong"}}, "term-unknown", id="unit"
        ),
        pytest.param({"partners": [{"invitee": "KE"}]}, "partner-is-the-pledger", id="partner"),
        pytest.param({"conditons": []}, "invalid-request", id="a field nobody knows"),
        pytest.param({"partners": [{"invitee": "RW", "shares": 1}]}, "invalid-request", id="one further in"),
        pytest.param({"words": "two\x00units"}, "invalid-request", id="a NUL character"),
        pytest.param(
            {"sources": [{"reference": "a\x00b", "kind": "press"}]}, "invalid-request", id="NUL, source"
        ),
        pytest.param({"need_id": "no-such-need"}, "need-unknown", id="need"),
    ],
)
async def test_what_cannot_be_promised_is_refused(pledges: Desk, changed: dict[str, Any], slug: str) -> None:
    answer = await pledges.ask(
        "POST", f"{EDITION}/pledges", as_invitee="KE", json=draft(promise={**PROMISE, **changed})
    )
    assert answer.status_code in (404, 422), answer.text
    assert refusal(answer)[1] == slug
    assert answer.json()["remedy"]


async def test_a_register_number_is_given_once(pledges: Desk) -> None:
    numbered = {**PROMISE, "reference": "P900"}
    await begun(pledges, promise=numbered)
    again = await pledges.ask(
        "POST", f"{EDITION}/pledges", as_invitee="NO", json={"pledger": "NO", "promise": numbered}
    )
    assert refusal(again) == (409, "reference-taken")
    key = (await begun(pledges))["pledge_id"]
    amended = await pledges.ask(
        "PATCH",
        f"{EDITION}/pledges/{key}",
        as_invitee="KE",
        json={"promise": numbered},
        headers={"if-match": '"1"'},
    )
    assert refusal(amended) == (409, "reference-taken")
