"""Needs that pledges answer, and compacts that invitees adhere to, over HTTP and in PostgreSQL."""

from typing import Any

from summit_testkit.desk import Desk
from summit_testkit.pledging import EDITION, kinds, refusal

PARITY = f"{EDITION}/compacts/gender_parity"
NEED: dict[str, Any] = {
    "taxonomy": 1,
    "category": "police",
    "capability": "formed_police_unit",
    "quantity": {"kind": "exact", "count": 5, "unit": "unit"},
    "timeline": {"kind": "by", "by_on": "2023-06-30"},
}
INSTRUMENT = {"instrument": "signature", "text_version": "2022", "adhered_on": "2022-06-01"}


def promise(need_id: str) -> dict[str, Any]:
    quantity = {"kind": "exact", "count": 2, "unit": "unit"}
    return {**NEED, "quantity": quantity, "additionality": "new", "need_id": need_id}


async def test_a_need_is_published_answered_changed_and_closed(pledges: Desk) -> None:
    published = await pledges.ask("POST", f"{EDITION}/needs", json={"need": NEED})
    assert published.status_code == 201, published.text
    need_id, path = published.json()["need_id"], published.headers["location"]
    body = {"pledger": "KE", "promise": promise(need_id), "make": True}
    answered = await pledges.ask("POST", f"{EDITION}/pledges", as_invitee="KE", json=body)
    assert (answered.status_code, answered.json()["advice"]) == (201, [])
    shown = await pledges.ask("GET", path, as_invitee="KE")
    assert shown.json()["gap"] == {"unit": "unit", "at_most": 3, "at_least": 3, "without_number": 0}
    more = {"need": {**NEED, "quantity": {"kind": "exact", "count": 6, "unit": "unit"}}}
    changed = await pledges.ask("PUT", path, json=more, headers={"if-match": shown.headers["etag"]})
    assert changed.json()["revision"] == 2
    stale = await pledges.ask("POST", f"{path}/close", headers={"if-match": '"1"'})
    assert stale.status_code == 412
    closed = await pledges.ask("POST", f"{path}/close", headers={"if-match": '"2"'})
    assert closed.json()["is_open"] is False
    late = await pledges.ask("POST", f"{EDITION}/pledges", as_invitee="KE", json=body)
    assert refusal(late) == (409, "need-closed")
    assert await kinds(pledges) == ["need_published", "pledge_made", "need_published", "need_published"]
    assert (await pledges.ask("GET", f"{EDITION}/counts")).json()["needs"] == 1
    listed = (await pledges.ask("GET", f"{EDITION}/needs", as_invitee="NO")).json()
    assert [one["need_id"] for one in listed["items"]] == [need_id]


async def test_only_the_desk_publishes_needs(pledges: Desk) -> None:
    answer = await pledges.ask("POST", f"{EDITION}/needs", as_invitee="KE", json={"need": NEED})
    assert refusal(answer) == (403, "wrong-role")


async def test_an_invitee_intends_adheres_with_a_reservation_and_leaves(pledges: Desk) -> None:
    notice = {"adherent": "KE", "notified_on": "2022-05-20", "is_public": True}
    intended = await pledges.ask("POST", f"{PARITY}/intentions", as_invitee="KE", json=notice)
    assert (intended.status_code, intended.json()["state"]) == (201, "intended"), intended.text
    begun = await pledges.ask("POST", f"{PARITY}/adherences/KE/begin", headers={"if-match": '"1"'})
    assert begun.json()["state"] == "in_process"
    outside = (await pledges.ask("GET", f"{PARITY}/adherences", as_invitee="NO")).json()
    assert [(one["adherent"], one["state"]) for one in outside] == [("KE", "intended")]
    reserved = {"reservation": "Sauf article 3", "reservation_language": "fr"}
    adhered = await pledges.ask(
        "POST", f"{PARITY}/adherences", json={"adherent": "KE", **INSTRUMENT, **reserved}
    )
    assert adhered.json()["state"] == "adhered", adhered.text
    counts = (await pledges.ask("GET", f"{EDITION}/counts")).json()
    assert counts["adherences"] == 1
    notice = {"withdrawn_on": "2022-06-01", "reason": "By note verbale"}
    left = await pledges.ask(
        "POST",
        f"{PARITY}/adherences/KE/withdraw",
        as_invitee="KE",
        json=notice,
        headers={"if-match": adhered.headers["etag"]},
    )
    assert left.json()["state"] == "withdrawn", left.text
    assert await kinds(pledges) == ["compact_intended", "compact_adhered", "compact_withdrawn"]
    assert [fact.aggregateversion for fact in await pledges.facts()] == [1, 2, 3]
    assert (await pledges.ask("GET", f"{EDITION}/counts")).json()["adherences"] == 0


async def test_an_intention_that_is_kept_private_is_nowhere_to_be_seen(pledges: Desk) -> None:
    notice = {"adherent": "KE", "notified_on": "2022-05-20", "is_public": False}
    await pledges.ask("POST", f"{PARITY}/intentions", as_invitee="KE", json=notice)
    assert await pledges.facts() == []
    for who, found in (("NO", 0), ("KE", 1), (None, 1)):
        listed = await pledges.ask("GET", f"{PARITY}/adherences", as_invitee=who)
        assert len(listed.json()) == found
    again = await pledges.ask("POST", f"{PARITY}/intentions", as_invitee="KE", json=notice)
    assert refusal(again) == (409, "compact-step-not-open")


async def test_who_says_something_about_a_compact_is_checked(pledges: Desk) -> None:
    path = f"{PARITY}/adherences"
    itself = await pledges.ask("POST", path, as_invitee="KE", json={"adherent": "KE", **INSTRUMENT})
    assert refusal(itself) == (403, "wrong-role")
    foreign = await pledges.ask(
        "POST",
        f"{path}/KE/withdraw",
        as_invitee="NO",
        json={"withdrawn_on": "2022-06-01"},
        headers={"if-match": '"1"'},
    )
    assert refusal(foreign) == (403, "foreign-invitee")
    stranger = await pledges.ask("POST", path, json={"adherent": "XX", **INSTRUMENT})
    assert refusal(stranger) == (422, "not-an-invitee")
    unknown = await pledges.ask(
        "POST", f"{EDITION}/compacts/tea_and_biscuits/adherences", json={"adherent": "KE", **INSTRUMENT}
    )
    assert refusal(unknown) == (404, "compact-unknown")
    assert await pledges.facts() == []


async def test_the_vocabulary_is_there_for_everybody_in_six_languages(pledges: Desk) -> None:
    taxonomy = (await pledges.ask("GET", "/taxonomy", anonymous=True)).json()
    assert taxonomy["version"] == 1
    assert set(taxonomy["capabilities"]["formed_police_unit"]["names"]) == {
        "ar",
        "zh",
        "en",
        "fr",
        "ru",
        "es",
    }
    assert "gender_parity" in taxonomy["compacts"]
