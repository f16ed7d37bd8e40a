"""A pledge from the first draft until it is kept or taken back, over HTTP and in PostgreSQL."""

from typing import Any

from summit_chassis.identity import Role
from summit_testkit.desk import Desk
from summit_testkit.pledging import EDITION, PROMISE, REPORT, begun, draft, kinds, refusal, step


async def test_a_pledge_is_drafted_made_clarified_accepted_and_kept(pledges: Desk) -> None:
    pledge = await begun(pledges)
    assert (pledge["state"], pledge["advice"], pledge["revision"]) == ("draft", ["need_unnamed"], 1)
    key = pledge["pledge_id"]
    assert await kinds(pledges) == []
    taken = [
        await step(pledges, key, "make", 1, of="KE"),
        await step(pledges, key, "acknowledge", 2),
        await step(pledges, key, "return", 3, asks=["by_when_missing"], question="Which quarter?"),
    ]
    assert [one.json()["state"] for one in taken] == ["made", "acknowledged", "returned"]
    answer = await pledges.ask(
        "PATCH",
        f"{EDITION}/pledges/{key}",
        as_invitee="KE",
        json={"promise": {**PROMISE, "timeline": {"kind": "by", "by_on": "2023-03-31"}}},
        headers={"if-match": '"4"'},
    )
    assert (answer.json()["state"], answer.headers["etag"]) == ("made", '"5"')
    taken = [
        await step(pledges, key, "acknowledge", 5),
        await step(pledges, key, "accept", 6),
        await step(pledges, key, "progress", 7, of="KE", **REPORT),
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
    assert (await pledges.ask("GET", f"{EDITION}/counts")).json()["by_state"] == {"fulfilled": 1}


async def test_the_pledger_reads_what_it_was_asked_and_others_do_not(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    await step(pledges, key, "acknowledge", 2)
    await step(pledges, key, "return", 3, asks=["by_when_missing"], question="Which quarter?")
    own = (await pledges.ask("GET", f"{EDITION}/pledges/{key}", as_invitee="KE")).json()
    assert [one["note"] for one in own["inside"]["history"]][-1] == "Which quarter?"
    for other in (
        await pledges.ask("GET", f"{EDITION}/pledges/{key}", as_invitee="NO"),
        await pledges.ask("GET", f"{EDITION}/pledges/{key}", roles=(Role.SCHEDULING,)),
    ):
        assert (other.json()["inside"], other.json()["advice"]) == (None, [])
        assert other.json()["state"] == "returned"


async def test_a_withdrawn_pledge_has_its_fact_and_leaves_the_register(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    withdrawn = await step(pledges, key, "withdraw", 2, of="KE", reason="Deployed elsewhere")
    assert withdrawn.json()["state"] == "withdrawn"
    assert await kinds(pledges) == ["pledge_made", "pledge_withdrawn"]
    register = await pledges.ask("GET", f"{EDITION}/pledges.csv")
    assert len(register.text.splitlines()) == 1
    counts = (await pledges.ask("GET", f"{EDITION}/counts")).json()
    assert (counts["pledges"], counts["by_state"]) == (1, {"withdrawn": 1})


async def test_a_draft_is_discarded_and_a_pledge_is_not(pledges: Desk) -> None:
    key = (await begun(pledges))["pledge_id"]
    path, headers = f"{EDITION}/pledges/{key}", {"if-match": '"1"'}
    assert (await pledges.ask("DELETE", path, as_invitee="KE", headers=headers)).status_code == 204
    assert refusal(await pledges.ask("GET", path, as_invitee="KE")) == (404, "pledge-unknown")
    made = (await begun(pledges, make=True))["pledge_id"]
    kept = await pledges.ask(
        "DELETE", f"{EDITION}/pledges/{made}", as_invitee="KE", headers={"if-match": '"2"'}
    )
    assert refusal(kept) == (409, "step-not-open")


async def test_what_a_discarded_draft_said_is_not_answered_again(pledges: Desk) -> None:
    async def create() -> Any:
        headers = {"idempotency-key": "once"}
        return await pledges.ask("POST", f"{EDITION}/pledges", as_invitee="KE", json=draft(), headers=headers)

    first, again = (await create()).json(), await create()
    assert (again.headers["idempotent-replay"], again.json()) == ("true", first)
    path = f"{EDITION}/pledges/{first['pledge_id']}"
    assert (
        await pledges.ask("DELETE", path, as_invitee="KE", headers={"if-match": '"1"'})
    ).status_code == 204
    anew = await create()
    assert "idempotent-replay" not in anew.headers
    assert anew.json()["pledge_id"] != first["pledge_id"]


async def test_lists_page_by_cursor_and_are_narrowed(pledges: Desk) -> None:
    made = [await begun(pledges, make=True) for _ in range(3)]
    first = (await pledges.ask("GET", f"{EDITION}/pledges?limit=2")).json()
    second = (await pledges.ask("GET", f"{EDITION}/pledges?limit=2&cursor={first['next_cursor']}")).json()
    listed = [one["pledge_id"] for one in (*first["items"], *second["items"])]
    assert listed == sorted(one["pledge_id"] for one in made)
    assert second["next_cursor"] is None
    for narrowed, count in (
        ("pledger=KE", 3),
        ("pledger=NO", 0),
        ("state=accepted", 0),
        ("category=police", 3),
    ):
        found = (await pledges.ask("GET", f"{EDITION}/pledges?{narrowed}")).json()["items"]
        assert len(found) == count, narrowed


async def test_the_desk_classes_what_was_said_and_does_not_accept_a_readiness(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    await step(pledges, key, "acknowledge", 2)
    classed = await step(pledges, key, "classify", 3, nature="readiness", note="No number to hold it to")
    assert classed.json()["promise"]["nature"] == "readiness"
    assert refusal(await step(pledges, key, "accept", 4)) == (409, "not-a-commitment")
    assert await kinds(pledges) == ["pledge_made", "pledge_acknowledged", "pledge_amended"]
