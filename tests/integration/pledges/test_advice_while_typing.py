"""Advice on a promise that is still being typed: given at once, and nothing comes of it."""

from summit_testkit.desk import Desk
from summit_testkit.pledging import EDITION, PROMISE, kinds, refusal

PATH = f"{EDITION}/pledges/advice"


async def test_what_is_not_said_yet_is_asked_for_and_nothing_is_kept(pledges: Desk) -> None:
    typed = {**PROMISE, "quantity": {"kind": "none_given"}, "timeline": {"kind": "open"}}
    answer = await pledges.ask("POST", PATH, as_invitee="KE", json={"promise": typed})
    assert answer.status_code == 200, answer.text
    asked = {one["field"]: one["ask"] for one in answer.json()["asks"]}
    assert asked["promise.quantity"] == "how_many_missing"
    assert asked["promise.timeline"] == "by_when_missing"
    listed = await pledges.ask("GET", f"{EDITION}/pledges", as_invitee="KE")
    assert listed.json()["items"] == []
    assert await kinds(pledges) == []


async def test_a_number_and_a_date_are_no_longer_asked_for(pledges: Desk) -> None:
    answer = await pledges.ask("POST", PATH, as_invitee="KE", json={"promise": PROMISE})
    assert {"measurable", "time_bound"} <= set(answer.json()["met"])
    assert answer.json()["score"] == len(answer.json()["met"])


async def test_a_capability_that_nobody_knows_is_refused_at_its_field(pledges: Desk) -> None:
    typed = {**PROMISE, "capability": "submarine"}
    answer = await pledges.ask("POST", PATH, as_invitee="KE", json={"promise": typed})
    assert refusal(answer) == (422, "capability-unknown")


async def test_advice_is_for_people_who_pledge(pledges: Desk) -> None:
    answer = await pledges.ask("POST", PATH, anonymous=True, json={"promise": PROMISE})
    assert answer.status_code == 401
