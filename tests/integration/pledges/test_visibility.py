"""What is not public yet is nowhere to be seen: not on the stream, not in lists, not in the register, not in counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_contracts.pledges import PledgeMade
from summit_contracts.registration import EditionPublished
from summit_pledges.app import service
from summit_pledges.handlers.release_embargoed import release_embargoed
from summit_pledges.settings import PledgesSettings
from summit_pledges.store.work import SqlUnit
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk, migrated
from summit_testkit.eventually import eventually
from summit_testkit.pledging import EDITION, PROMISE, begun, change, refusal

OFFSET = datetime(2022, 6, 1, 9, tzinfo=UTC) - datetime.now(UTC)
PRIVATE = {"openness": "private"}
WITH_MONEY = {
    **PROMISE,
    "amount": {"kind": "exact", "money": {"amount_minor": 100_000_00, "currency": "USD"}},
    "conditions": [{"kind": "agreement", "words": "subject to parliament"}],
}


async def seen(pledges: Desk, **who: Any) -> list[str]:
    """The pledges somebody finds, by every way there is."""
    listed = (await pledges.ask("GET", f"{EDITION}/pledges", **who)).json()["items"]
    register = await pledges.ask("GET", f"{EDITION}/pledges.csv?only_public=false", **who)
    found = [one["pledge_id"] for one in listed]
    assert [line.split(",")[0] for line in register.text.splitlines()[1:]] == found
    return found


async def test_a_private_pledge_publishes_nothing_until_it_is_made_public(pledges: Desk) -> None:
    key = (await begun(pledges, make=True, visibility=PRIVATE))["pledge_id"]
    headers = {"if-match": '"2"'}
    acknowledged = await pledges.ask("POST", f"{EDITION}/pledges/{key}/acknowledge", headers=headers)
    assert acknowledged.status_code == 200, acknowledged.text
    assert await pledges.facts() == []
    assert await seen(pledges) == await seen(pledges, as_invitee="KE") == [key]
    for other in ({"as_invitee": "NO"}, {"roles": (Role.SUBSCRIBER,)}, {"roles": (Role.REGISTRATION,)}):
        assert await seen(pledges, **other) == []
        assert (await pledges.ask("GET", f"{EDITION}/pledges/{key}", **other)).status_code == 404
    counts = (await pledges.ask("GET", f"{EDITION}/counts")).json()
    assert (counts["pledges"], counts["by_state"], counts["by_category"]) == (0, {}, {})
    assert (await pledges.ask("GET", f"{EDITION}/totals")).json() == []
    opened = await change(pledges, key, 3, visibility={"openness": "public"})
    assert opened.status_code == 200, opened.text
    (fact,) = [fact.data for fact in await pledges.facts()]
    assert isinstance(fact, PledgeMade)
    assert fact.state == "acknowledged"
    assert await seen(pledges, as_invitee="NO") == [key]
    assert (await pledges.ask("GET", f"{EDITION}/counts")).json()["pledges"] == 1
    back = await change(pledges, key, 4, visibility=PRIVATE)
    assert refusal(back) == (409, "pledge-is-public")


async def test_a_private_pledge_that_is_withdrawn_is_never_heard_of(pledges: Desk) -> None:
    key = (await begun(pledges, make=True, visibility=PRIVATE))["pledge_id"]
    path = f"{EDITION}/pledges/{key}/withdraw"
    withdrawn = await pledges.ask("POST", path, as_invitee="KE", json={}, headers={"if-match": '"2"'})
    assert withdrawn.json()["state"] == "withdrawn"
    assert await pledges.facts() == []


async def test_a_draft_is_its_authors_business_alone(pledges: Desk) -> None:
    own = (await begun(pledges))["pledge_id"]
    recorded = await pledges.ask("POST", f"{EDITION}/pledges", json={"pledger": "KE", "promise": PROMISE})
    of_the_desk = recorded.json()["pledge_id"]

    async def drafts(**who: Any) -> list[str]:
        listed = (await pledges.ask("GET", f"{EDITION}/pledges?state=draft", **who)).json()["items"]
        return [one["pledge_id"] for one in listed]

    assert await drafts(as_invitee="KE") == [own]
    assert await drafts() == [of_the_desk]
    assert await drafts(as_invitee="NO") == []
    assert (await pledges.ask("GET", f"{EDITION}/pledges/{own}")).status_code == 404
    made = await pledges.ask("POST", f"{EDITION}/pledges/{own}/make", headers={"if-match": '"1"'})
    assert made.status_code == 404


async def test_what_is_held_back_is_neither_published_nor_shown(pledges: Desk) -> None:
    key = (await begun(pledges, make=True, promise=WITH_MONEY, held_back=["amount", "conditions"]))[
        "pledge_id"
    ]
    (fact,) = [fact.data for fact in await pledges.facts()]
    assert isinstance(fact, PledgeMade)
    assert (fact.promise.amount, fact.promise.conditions) == (None, ())
    assert set(fact.held_back) == {"amount", "conditions"}
    other = (await pledges.ask("GET", f"{EDITION}/pledges/{key}", as_invitee="NO")).json()
    own = (await pledges.ask("GET", f"{EDITION}/pledges/{key}", as_invitee="KE")).json()
    assert (other["promise"]["amount"], other["promise"]["conditions"]) == (None, [])
    assert own["promise"]["amount"]["money"]["currency"] == "USD"
    for path, told in (("pledges.csv", False), ("pledges.csv?only_public=false", True)):
        register = (await pledges.ask("GET", f"{EDITION}/{path}", as_invitee="KE")).text
        assert ("subject to parliament" in register) is told
    totals = (await pledges.ask("GET", f"{EDITION}/totals", as_invitee="KE")).json()
    assert totals[0]["by_currency"] == {}
    hidden = await change(pledges, key, 2, held_back=["amount", "conditions", "words"])
    assert refusal(hidden) == (409, "pledge-is-public")
    shown = await change(pledges, key, 2, held_back=["amount"])
    assert shown.status_code == 200, shown.text
    amended = (await pledges.facts())[-1].data
    assert "subject to parliament" in amended.model_dump_json()
    assert "USD" not in amended.model_dump_json()


def embargo(until: datetime) -> dict[str, str]:
    return {"openness": "embargoed", "until_at": until.isoformat()}


async def released(pledges: Desk, now: datetime) -> int:
    async with pledges.database.transaction() as transaction:
        return await release_embargoed(unit=SqlUnit(transaction), now=now)


async def test_the_worker_publishes_an_embargoed_pledge_once_its_moment_has_come(
    databases: Databases, edition_published: EditionPublished
) -> None:
    url, until = await migrated(service, databases), datetime.now(UTC) + OFFSET + timedelta(hours=1)
    async with desk(service, PledgesSettings, databases, url=url, offset=OFFSET) as before:
        await before.hear(edition_published)
        key = (await begun(before, make=True, visibility=embargo(until)))["pledge_id"]
        await begun(before, make=True, visibility=embargo(until + timedelta(days=1)))
        assert await before.facts() == []
    own: dict[str, Any] = {"embargo_watch": timedelta(milliseconds=50), "offset": OFFSET + timedelta(hours=2)}
    async with desk(service, PledgesSettings, databases, role="serve", url=url, **own) as pledges:

        async def is_published() -> None:
            assert [fact.type.split(".")[2] for fact in await pledges.facts()] == ["pledge_made"]

        await eventually(is_published)
        (fact,) = await pledges.facts()
        assert isinstance(fact.data, PledgeMade)
        assert (fact.data.pledge_id, fact.time >= until) == (key, True)
        assert await seen(pledges, as_invitee="NO") == [key]


async def test_an_embargo_that_has_not_passed_hides_a_pledge_from_all_others(pledges: Desk) -> None:
    until = datetime(2022, 9, 1, 15, tzinfo=UTC)
    key = (await begun(pledges, make=True, visibility=embargo(until)))["pledge_id"]
    assert await released(pledges, until - timedelta(microseconds=1)) == 0
    assert await pledges.facts() == []
    assert await seen(pledges, as_invitee="NO") == []
    assert await seen(pledges, as_invitee="KE") == [key]
    assert await released(pledges, until) == 1
    assert await released(pledges, until) == 0
    assert len(await pledges.facts()) == 1
    assert await seen(pledges, as_invitee="NO") == [key]


async def test_neither_a_draft_nor_what_was_withdrawn_is_released(pledges: Desk) -> None:
    until = datetime(2022, 9, 1, 15, tzinfo=UTC)
    await begun(pledges, visibility=embargo(until))
    key = (await begun(pledges, make=True, visibility=embargo(until)))["pledge_id"]
    path = f"{EDITION}/pledges/{key}/withdraw"
    await pledges.ask("POST", path, as_invitee="KE", json={}, headers={"if-match": '"2"'})
    assert await released(pledges, until + timedelta(days=1)) == 0
    assert await pledges.facts() == []


@pytest.mark.parametrize(
    "visibility",
    [
        {"openness": "embargoed", "until_at": "2022-05-01T00:00:00Z"},
        {"openness": "embargoed"},
        {"openness": "public", "until_at": "2022-09-01T00:00:00Z"},
    ],
)
async def test_an_embargo_without_a_coming_end_is_refused(pledges: Desk, visibility: dict[str, str]) -> None:
    body = {"pledger": "KE", "promise": PROMISE, "visibility": visibility}
    answer = await pledges.ask("POST", f"{EDITION}/pledges", as_invitee="KE", json=body)
    assert answer.status_code == 422, answer.text
