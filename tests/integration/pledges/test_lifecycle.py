"""A pledge from the first draft until it is kept, over HTTP and in PostgreSQL; wrong roles, stale changes, late comers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import EditionPublished
from summit_pledges.app import service
from summit_pledges.settings import PledgesSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

BASE = "/editions/uncops-2022"
PROMISE: dict[str, Any] = {
    "taxonomy": 1,
    "category": "police",
    "capability": "formed_police_unit",
    "quantity": {"kind": "exact", "count": 2, "unit": "unit"},
    "timeline": {"kind": "by", "by_on": "2023-06-30"},
    "additionality": "new",
}
SOURCE = {"reference": "Note verbale of 1 June 2022", "kind": "official_note"}
REPORT = {"as_of_on": "2022-06-01", "is_complete": True, "references": ["Record 7"]}


def draft(**more: Any) -> dict[str, Any]:
    return {"pledger": "KE", "promise": PROMISE, **more}


async def step(
    pledges: Desk, pledge_id: str, name: str, revision: int, as_invitee: str | None = None, **body: Any
) -> httpx.Response:
    headers = {"if-match": f'"{revision}"'}
    return await pledges.ask(
        "POST", f"{BASE}/pledges/{pledge_id}/{name}", as_invitee=as_invitee, json=body, headers=headers
    )


async def begun(pledges: Desk, *, as_invitee: str | None = "KE", **more: Any) -> dict[str, Any]:
    answer = await pledges.ask("POST", f"{BASE}/pledges", as_invitee=as_invitee, json=draft(**more))
    assert answer.status_code == 201, answer.text
    pledge: dict[str, Any] = answer.json()
    return pledge


async def kinds(pledges: Desk) -> list[str]:
    return [fact.type.split(".")[2] for fact in await pledges.facts()]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[1]


async def test_a_pledge_is_drafted_made_clarified_accepted_and_kept(pledges: Desk) -> None:
    pledge = await begun(pledges)
    assert (pledge["state"], pledge["advice"], pledge["revision"]) == ("draft", ["need_unnamed"], 1)
    key = pledge["pledge_id"]
    assert await kinds(pledges) == []
    taken = [
        await step(pledges, key, "make", 1, "KE"),
        await step(pledges, key, "acknowledge", 2),
        await step(pledges, key, "return", 3, asks=["by_when_missing"], question="Which quarter?"),
    ]
    assert [one.json()["state"] for one in taken] == ["made", "acknowledged", "returned"]
    answer = await pledges.ask(
        "PATCH",
        f"{BASE}/pledges/{key}",
        as_invitee="KE",
        json={"promise": {**PROMISE, "timeline": {"kind": "by", "by_on": "2023-03-31"}}},
        headers={"if-match": '"4"'},
    )
    assert (answer.json()["state"], answer.headers["etag"]) == ("made", '"5"')
    taken = [
        await step(pledges, key, "acknowledge", 5),
        await step(pledges, key, "accept", 6),
        await step(pledges, key, "progress", 7, "KE", **REPORT),
        await step(pledges, key, "progress", 8, **REPORT),
        await step(pledges, key, "fulfil", 9),
    ]
    states = [one.json()["state"] for one in taken]
    assert states == ["acknowledged", "accepted", "accepted", "accepted", "fulfilled"]
    facts = [fact.data for fact in await pledges.facts()]
    assert await kinds(pledges) == [
        "pledge_made",
        "pledge_acknowledged",
        "pledge_returned",
        "pledge_amended",
        "pledge_acknowledged",
        "pledge_accepted",
        "pledge_progress_reported",
        "pledge_progress_reported",
        "pledge_fulfilled",
    ]
    assert [fact.aggregateversion for fact in await pledges.facts()] == list(range(1, 10))
    assert not any("Which quarter?" in fact.model_dump_json() for fact in facts)
    assert (await pledges.ask("GET", f"{BASE}/counts")).json()["by_state"] == {"fulfilled": 1}


async def test_the_pledger_reads_what_it_was_asked_and_others_do_not(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    await step(pledges, key, "acknowledge", 2)
    await step(pledges, key, "return", 3, asks=["by_when_missing"], question="Which quarter?")
    own = (await pledges.ask("GET", f"{BASE}/pledges/{key}", as_invitee="KE")).json()
    assert [one["note"] for one in own["inside"]["history"]][-1] == "Which quarter?"
    for other in (
        await pledges.ask("GET", f"{BASE}/pledges/{key}", as_invitee="NO"),
        await pledges.ask("GET", f"{BASE}/pledges/{key}", roles=(Role.SCHEDULING,)),
    ):
        assert (other.json()["inside"], other.json()["advice"]) == (None, [])
        assert other.json()["state"] == "returned"


async def test_a_withdrawn_pledge_has_its_fact_and_leaves_the_register(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    withdrawn = await step(pledges, key, "withdraw", 2, "KE", reason="Deployed elsewhere")
    assert withdrawn.json()["state"] == "withdrawn"
    assert await kinds(pledges) == ["pledge_made", "pledge_withdrawn"]
    register = await pledges.ask("GET", f"{BASE}/pledges.csv")
    assert len(register.text.splitlines()) == 1
    counts = (await pledges.ask("GET", f"{BASE}/counts")).json()
    assert (counts["pledges"], counts["by_state"]) == (1, {"withdrawn": 1})


async def test_a_stale_change_is_refused_and_one_without_a_revision_too(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    assert refusal(await step(pledges, key, "withdraw", 1, "KE")) == (412, "pledge-changed")
    unnamed = await pledges.ask("POST", f"{BASE}/pledges/{key}/acknowledge")
    assert refusal(unnamed) == (412, "if-match-needed")
    assert await kinds(pledges) == ["pledge_made"]


async def test_a_nominator_pledges_for_its_own_invitee_only(pledges: Desk) -> None:
    foreign = await pledges.ask("POST", f"{BASE}/pledges", as_invitee="NO", json=draft())
    assert refusal(foreign) == (403, "foreign-invitee")
    secretariat = await pledges.ask(
        "POST", f"{BASE}/pledges", as_invitee="KE", json=draft(pledger="UN-SECRETARIAT")
    )
    assert refusal(secretariat) == (403, "foreign-invitee")
    other_edition = await pledges.ask(
        "POST", f"{BASE}/pledges", as_invitee="KE", edition_id="uncops-2018", json=draft()
    )
    assert refusal(other_edition) == (403, "foreign-invitee")
    key = (await begun(pledges, make=True))["pledge_id"]
    assert refusal(await step(pledges, key, "withdraw", 2, "NO")) == (403, "pledge-of-another")
    assert await kinds(pledges) == ["pledge_made"]


@pytest.mark.parametrize("name", ["acknowledge", "accept", "return", "classify", "fulfil"])
async def test_what_the_desk_decides_no_pledger_does(pledges: Desk, name: str) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    assert refusal(await step(pledges, key, name, 2, "KE")) == (403, "wrong-role")


async def test_an_anonymous_caller_is_asked_to_sign_in(pledges: Desk) -> None:
    answer = await pledges.ask("GET", f"{BASE}/pledges", anonymous=True)
    assert answer.status_code == 401


async def test_each_side_reports_for_itself(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    await step(pledges, key, "acknowledge", 2)
    await step(pledges, key, "accept", 3)
    as_evidence = await step(pledges, key, "progress", 4, "KE", side="secretariat", **REPORT)
    assert refusal(as_evidence) == (403, "report-of-the-other-side")
    as_pledger = await step(pledges, key, "progress", 4, side="pledger", **REPORT)
    assert refusal(as_pledger) == (403, "report-of-the-other-side")
    early = await step(pledges, key, "fulfil", 4)
    assert refusal(early) == (409, "not-yet-shown")


async def test_the_secretariat_promises_and_is_followed_like_everybody(pledges: Desk) -> None:
    pledge = await begun(pledges, as_invitee=None, pledger="UN-SECRETARIAT", make=True)
    key = pledge["pledge_id"]
    taken = [
        await step(pledges, key, "acknowledge", 2),
        await step(pledges, key, "accept", 3),
        await step(pledges, key, "progress", 4, side="pledger", **REPORT),
        await step(pledges, key, "progress", 5, **REPORT),
        await step(pledges, key, "fulfil", 6),
    ]
    assert taken[-1].json()["state"] == "fulfilled", taken[-1].text


async def test_the_secretariat_records_with_a_source_for_somebody_who_is_invited(pledges: Desk) -> None:
    path = f"{BASE}/pledges"
    unsourced = await pledges.ask("POST", path, json=draft(make=True))
    assert refusal(unsourced) == (422, "source-missing")
    stranger = await pledges.ask("POST", path, json=draft(pledger="XX"))
    assert refusal(stranger) == (422, "not-an-invitee")
    recorded = await begun(pledges, as_invitee=None, promise={**PROMISE, "sources": [SOURCE]}, make=True)
    assert recorded["recorded_by"] == "secretariat"


async def test_a_creation_that_is_repeated_is_made_once(pledges: Desk) -> None:
    headers = {"idempotency-key": "one"}
    asked = {"as_invitee": "KE", "headers": headers}
    first = await pledges.ask("POST", f"{BASE}/pledges", json=draft(make=True), **asked)
    again = await pledges.ask("POST", f"{BASE}/pledges", json=draft(make=True), **asked)
    other = await pledges.ask("POST", f"{BASE}/pledges", json=draft(), **asked)
    assert again.json() == first.json()
    assert refusal(other) == (422, "idempotency-key-reused")
    assert await kinds(pledges) == ["pledge_made"]


async def test_after_the_deadline_only_the_secretariat_records(
    databases: Databases, edition_published: EditionPublished
) -> None:
    late = edition_published.edition.deadlines.pledges_by_at + timedelta(hours=1) - datetime.now(UTC)
    async with desk(service, PledgesSettings, databases, offset=late) as pledges:
        await pledges.hear(edition_published)
        refused = await pledges.ask("POST", f"{BASE}/pledges", as_invitee="KE", json=draft(make=True))
        assert refusal(refused) == (409, "pledging-closed")
        begun_late = await begun(pledges)
        assert refusal(await step(pledges, begun_late["pledge_id"], "make", 1, "KE")) == (
            409,
            "pledging-closed",
        )
        recorded = await begun(pledges, as_invitee=None, promise={**PROMISE, "sources": [SOURCE]}, make=True)
        assert recorded["state"] == "made"


async def test_a_draft_is_discarded_and_a_pledge_is_not(pledges: Desk) -> None:
    key = (await begun(pledges))["pledge_id"]
    path, headers = f"{BASE}/pledges/{key}", {"if-match": '"1"'}
    assert (await pledges.ask("DELETE", path, as_invitee="KE", headers=headers)).status_code == 204
    assert refusal(await pledges.ask("GET", path, as_invitee="KE")) == (404, "pledge-unknown")
    made = (await begun(pledges, make=True))["pledge_id"]
    kept = await pledges.ask("DELETE", f"{BASE}/pledges/{made}", as_invitee="KE", headers={"if-match": '"2"'})
    assert refusal(kept) == (409, "step-not-open")


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
        "POST", f"{BASE}/pledges", as_invitee="KE", json=draft(promise={**PROMISE, **changed})
    )
    assert answer.status_code in (404, 422), answer.text
    assert refusal(answer)[1] == slug
    assert answer.json()["remedy"]


async def test_a_register_number_is_given_once(pledges: Desk) -> None:
    numbered = {**PROMISE, "reference": "P900"}
    await begun(pledges, promise=numbered)
    again = await pledges.ask(
        "POST", f"{BASE}/pledges", as_invitee="NO", json={"pledger": "NO", "promise": numbered}
    )
    assert refusal(again) == (409, "reference-taken")
    key = (await begun(pledges))["pledge_id"]
    amended = await pledges.ask(
        "PATCH",
        f"{BASE}/pledges/{key}",
        as_invitee="KE",
        json={"promise": numbered},
        headers={"if-match": '"1"'},
    )
    assert refusal(amended) == (409, "reference-taken")


async def test_lists_page_by_cursor_and_are_narrowed(pledges: Desk) -> None:
    made = [await begun(pledges, make=True) for _ in range(3)]
    first = (await pledges.ask("GET", f"{BASE}/pledges?limit=2")).json()
    second = (await pledges.ask("GET", f"{BASE}/pledges?limit=2&cursor={first['next_cursor']}")).json()
    listed = [one["pledge_id"] for one in (*first["items"], *second["items"])]
    assert listed == sorted(one["pledge_id"] for one in made)
    assert second["next_cursor"] is None
    for narrowed, count in (
        ("pledger=KE", 3),
        ("pledger=NO", 0),
        ("state=accepted", 0),
        ("category=police", 3),
    ):
        found = (await pledges.ask("GET", f"{BASE}/pledges?{narrowed}")).json()["items"]
        assert len(found) == count, narrowed


async def test_the_desk_classes_what_was_said_and_does_not_accept_a_readiness(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    await step(pledges, key, "acknowledge", 2)
    classed = await step(pledges, key, "classify", 3, nature="readiness", note="No number to hold it to")
    assert classed.json()["promise"]["nature"] == "readiness"
    assert refusal(await step(pledges, key, "accept", 4)) == (409, "not-a-commitment")
    assert await kinds(pledges) == ["pledge_made", "pledge_acknowledged", "pledge_amended"]
