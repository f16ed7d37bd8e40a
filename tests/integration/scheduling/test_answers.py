"""A wish is answered, countered, agreed, declined or given up: over HTTP, as a thread, each word as a fact."""

import asyncio
from collections import Counter

import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralCancelled,
    BilateralCountered,
    BilateralDeclined,
)
from summit_testkit.builders.scheduling import EDITION_ID, FIRST_DAY, LAST_DAY, a_wish
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings, delegation

FIRST, LAST = FIRST_DAY.isoformat(), LAST_DAY.isoformat()


async def test_a_yes_of_the_counterpart_is_an_agreement(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    assert (await meetings.bilateral())["awaiting"] == ["RW"]
    answer = await meetings.answer("RW", "accept", on=1)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    agreed = answer.json()
    assert (agreed["status"], agreed["awaiting"], agreed["placement"]) == ("agreed", [], None)
    (fact,) = await meetings.facts()
    assert isinstance(fact, BilateralAccepted)
    assert (fact.by, fact.awaiting, fact.requester) == ("RW", (), "KE")
    again = await meetings.answer("RW", "accept")
    assert refusal(again) == (409, "already-agreed")


async def test_a_no_ends_it_and_says_why(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    declined = await meetings.answer("RW", "decline", reason="other_level", note="Our minister would come")
    assert declined.json()["status"] == "declined"
    (fact,) = await meetings.facts()
    assert isinstance(fact, BilateralDeclined)
    assert (fact.by, fact.reason, fact.note) == ("RW", "other_level", "Our minister would come")
    for party, step in (("RW", "accept"), ("RW", "counter"), ("RW", "decline"), ("KE", "cancel")):
        assert refusal(await meetings.answer(party, step)) == (409, "bilateral-ended")
    assert len(await meetings.facts()) == 1


async def test_a_counter_proposal_passes_the_turn_until_somebody_agrees(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    first = await meetings.answer("RW", "counter", days=[LAST], level="minister", note="Only on the last day")
    assert (first.json()["status"], first.json()["awaiting"]) == ("countered", ["KE"])
    assert refusal(await meetings.answer("RW", "accept")) == (409, "not-awaited")
    second = await meetings.answer("KE", "counter", minutes=50, size=8, starts_at=["2022-09-02T14:00:00Z"])
    assert second.json()["awaiting"] == ["RW"]
    agreed = (await meetings.answer("RW", "accept", on=3)).json()
    assert agreed["status"] == "agreed"
    assert agreed["terms"] == {
        "level": "minister",
        "minutes": 50,
        "size": 8,
        "days": [LAST],
        "starts_at": ["2022-09-02T14:00:00Z"],
        "needs": [],
    }
    assert [(turn["by"], turn["note"], turn["terms"]["minutes"]) for turn in agreed["thread"]] == [
        ("KE", None, 20),
        ("RW", "Only on the last day", 20),
        ("KE", None, 50),
    ]
    facts = await meetings.facts()
    assert [type(fact) for fact in facts] == [BilateralCountered, BilateralCountered, BilateralAccepted]
    assert [(fact.round, fact.awaiting) for fact in facts[:2]] == [(1, ("KE",)), (2, ("RW",))]
    assert facts[2].terms.minutes == 50


async def test_a_meeting_of_three_needs_a_yes_of_all_to_the_same_terms(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish("b1", "KE", "RW", "FR"))
    assert (await meetings.answer("RW", "accept")).json()["awaiting"] == ["FR"]
    countered = (await meetings.answer("FR", "counter", days=[FIRST])).json()
    assert countered["awaiting"] == ["KE", "RW"], "the yes to the former terms is void"
    assert (await meetings.answer("RW", "accept")).json()["status"] == "countered"
    assert (await meetings.answer("KE", "accept")).json()["status"] == "agreed"


async def test_nobody_answers_what_they_did_not_see(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish("b1", "KE", "RW", "FR"))
    assert (await meetings.answer("RW", "counter", days=[LAST], on=1)).status_code == 200
    stale = await meetings.answer("FR", "accept", on=1)
    assert refusal(stale) == (412, "bilateral-changed")
    assert (await meetings.bilateral())["awaiting"] == ["KE", "FR"]


async def test_only_who_is_awaited_answers_and_only_for_itself(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    strangers = await meetings.answer("FR", "accept")
    assert refusal(strangers) == (403, "not-a-party")
    path = "/bilaterals/b1/accept"
    in_anothers_name = await meetings.ask("POST", path, invitee="KE", json={"invitee": "RW"})
    assert refusal(in_anothers_name) == (403, "foreign-invitee")
    assert refusal(await meetings.answer("KE", "accept")) == (409, "not-awaited")
    wrong_desk = await meetings.ask("POST", path, json={"invitee": "RW"}, roles=(Role.PLEDGES,))
    assert refusal(wrong_desk) == (403, "wrong-role")
    assert await meetings.facts() == []
    for_it = await meetings.ask("POST", path, json={"invitee": "RW"}, roles=(Role.SCHEDULING,))
    assert for_it.json()["status"] == "agreed"


async def test_who_is_no_party_sees_nothing(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    assert refusal(await meetings.ask("GET", "/bilaterals/b1", invitee="FR")) == (403, "not-a-party")
    assert (await meetings.ask("GET", "/bilaterals", invitee="FR")).json()["items"] == []
    assert refusal(await meetings.ask("GET", "/bilaterals?party=KE", invitee="FR")) == (
        403,
        "foreign-invitee",
    )
    assert refusal(await meetings.ask("GET", "/availability/KE", invitee="FR")) == (403, "foreign-invitee")


@pytest.mark.parametrize("party", ["KE", "RW"])
async def test_what_was_agreed_is_given_up_by_either_side(meetings: Meetings, party: str) -> None:
    await meetings.agree(a_wish())
    assert (await meetings.answer(party, "cancel", note="Elections")).json()["status"] == "cancelled"
    fact = (await meetings.facts())[-1]
    assert isinstance(fact, BilateralCancelled)
    assert (fact.by, fact.reason, fact.note) == (party, "party_withdrew", "Elections")


async def test_a_nominator_who_names_nobody_gives_up_its_own_part(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    given_up = await meetings.ask("POST", "/bilaterals/b1/cancel", invitee="KE", json={})
    assert given_up.json()["status"] == "cancelled"
    assert (await meetings.facts())[-1].by == "KE"


async def test_the_secretariat_ends_a_meeting_and_who_has_not_answered_declines_instead(
    meetings: Meetings,
) -> None:
    await meetings.desk.hear(a_wish())
    assert refusal(await meetings.answer("RW", "cancel")) == (409, "still-awaited")
    ended = await meetings.ask("POST", "/bilaterals/b1/cancel", json={"note": "The room is gone"})
    assert ended.json()["status"] == "cancelled"
    assert ((await meetings.facts())[-1].by, (await meetings.facts())[-1].reason) == (None, "secretariat")


IMPOSSIBLE: dict[str, tuple[Json, str, str | None]] = {
    "nothing else": ({}, "nothing-proposed", "terms"),
    "the plenary day": ({"days": ["2022-09-01"]}, "day-not-for-bilaterals", "terms.days"),
    "no slot": ({"starts_at": ["2022-08-31T14:01:00Z"]}, "start-not-a-slot", "terms.starts_at"),
    "over lunch": ({"minutes": 140}, "too-long", "terms.minutes"),
    "more than a room seats": ({"size": 21}, "size-unfit", "terms.size"),
    "no day at all": ({"days": []}, "invalid-request", "days"),
    "no time at all": ({"minutes": 0}, "invalid-request", "minutes"),
    "a moment without zone": ({"starts_at": ["2022-08-31T14:00:00"]}, "invalid-request", "starts_at.0"),
    "a moment beyond the calendar": (
        {"starts_at": ["9999-12-31T23:59:59-12:00"]},
        "invalid-request",
        "starts_at.0",
    ),
    "a NUL byte": ({"note": "a\0b", "days": [LAST]}, "invalid-request", "note"),
    "something unheard of": ({"room": "A"}, "invalid-request", "room"),
}


@pytest.mark.parametrize(("terms", "slug", "field"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
async def test_no_terms_are_proposed_that_cannot_be_met(
    meetings: Meetings, terms: Json, slug: str, field: str | None
) -> None:
    await meetings.desk.hear(a_wish())
    answer = await meetings.answer("RW", "counter", **terms)
    assert refusal(answer) == (422, slug)
    assert answer.json()["field"] == field
    assert (await meetings.bilateral())["revision"] == 1
    assert await meetings.facts() == []


async def test_a_yes_and_a_no_at_once_are_one_answer(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    said: dict[str, Json] = {"accept": {}, "decline": {}, "counter": {"days": [LAST]}}
    answers = await asyncio.gather(
        *(meetings.answer("RW", word, **more) for word, more in [*said.items(), *said.items()])
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
    assert len(await meetings.facts()) == 1


async def test_two_counter_proposals_at_once_are_one_round(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish("b1", "KE", "RW", "FR"))
    answers = await asyncio.gather(
        *(meetings.answer(party, "counter", days=[day], on=1) for party, day in (("RW", LAST), ("FR", FIRST)))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 1}
    assert len((await meetings.bilateral())["thread"]) == 2


async def test_two_who_ask_for_each_other_have_one_meeting_that_suits_both(meetings: Meetings) -> None:
    await meetings.desk.hear(
        a_wish("b1", "KE", "RW", priority=3, size=4, days=(FIRST_DAY, LAST_DAY)),
        a_wish("b2", "RW", "KE", priority=1, size=8, days=(LAST_DAY,), level="minister"),
    )
    kept, joined = await meetings.bilateral("b1"), await meetings.bilateral("b2")
    assert (kept["status"], kept["priority"], kept["awaiting"]) == ("agreed", 1, [])
    assert (kept["terms"]["days"], kept["terms"]["size"], kept["terms"]["level"]) == ([LAST], 8, "minister")
    assert joined["status"] == "cancelled"
    accepted, cancelled = await meetings.facts()
    assert isinstance(accepted, BilateralAccepted)
    assert (accepted.by, accepted.awaiting) == ("RW", ())
    assert isinstance(cancelled, BilateralCancelled)
    assert (cancelled.reason, cancelled.joined_with) == ("joined", "b1")


async def test_two_wishes_that_cross_at_the_same_moment_find_each_other(meetings: Meetings) -> None:
    await asyncio.gather(
        meetings.desk.hear(a_wish("b1", "KE", "RW")), meetings.desk.hear(a_wish("b2", "RW", "KE"))
    )
    states = [(await meetings.bilateral(one))["status"] for one in ("b1", "b2")]
    assert sorted(states) == ["agreed", "cancelled"]


async def test_wishes_that_share_no_day_stay_two(meetings: Meetings) -> None:
    await meetings.desk.hear(
        a_wish("b1", "KE", "RW", days=(FIRST_DAY,)), a_wish("b2", "RW", "KE", days=(LAST_DAY,))
    )
    assert [(await meetings.bilateral(one))["status"] for one in ("b1", "b2")] == ["requested", "requested"]
    assert await meetings.facts() == []


async def test_a_withdrawn_delegation_ends_all_that_it_is_part_of(meetings: Meetings) -> None:
    await meetings.desk.hear(delegation("KE"), delegation("RW"), delegation("FR"))
    await meetings.agree(a_wish("b1", "KE", "RW"))
    await meetings.desk.hear(
        a_wish("b2", "FR", "RW"), a_wish("b3", "FR", "KE"), a_wish("b4", "RW", "KE", "FR")
    )
    await meetings.answer("RW", "decline", "b2")
    known = len(await meetings.facts())
    await meetings.desk.hear(DelegationWithdrawn(edition_id=EDITION_ID, invitee="RW"))
    states = {one: (await meetings.bilateral(one))["status"] for one in ("b1", "b2", "b3", "b4")}
    assert states == {"b1": "cancelled", "b2": "declined", "b3": "requested", "b4": "cancelled"}
    told = (await meetings.facts())[known:]
    assert {(fact.bilateral_id, fact.by, fact.reason) for fact in told} == {
        ("b1", "RW", "delegation_withdrew"),
        ("b4", "RW", "delegation_withdrew"),
    }
    assert (await meetings.ask("GET", "/availability/RW")).json()["representatives"] == []
    await meetings.desk.hear(delegation("RW"))
    assert (await meetings.bilateral("b1"))["status"] == "cancelled"


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
async def test_pages_of_bilaterals_hold_every_one_once(meetings: Meetings, limit: int) -> None:
    names = [f"b{number}" for number in range(1, 8)]
    await meetings.desk.hear(*(a_wish(one, "KE", "RW" if one < "b5" else "FR") for one in reversed(names)))
    for invitee, expected in ((None, names), ("KE", names), ("RW", names[:4]), ("FR", names[4:])):
        seen: list[str] = []
        cursor = ""
        while True:
            page = (await meetings.ask("GET", f"/bilaterals?limit={limit}{cursor}", invitee=invitee)).json()
            seen += [one["bilateral_id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == expected
