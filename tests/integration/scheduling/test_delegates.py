"""Who may enter can be met: what registration says about people changes when and at which level a delegation is available."""

from typing import Any

from summit_contracts.registration import (
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
)
from summit_contracts.values import FieldChange, Function, Rank
from summit_testkit.builders.scheduling import EDITION_ID, FIRST_DAY, LAST_DAY, a_wish, in_new_york
from summit_testkit.forms import refusal
from summit_testkit.meetings import Meetings, delegation

HEAD = "KE-head"
REFUSED = DelegateRefused(edition_id=EDITION_ID, invitee="KE", member_id=HEAD, reason="incomplete_papers")
ACCREDITED = DelegateAccredited(
    edition_id=EDITION_ID, invitee="KE", member_id=HEAD, function=Function.HEAD, rank=Rank.MINISTER
)


async def sitting(meetings: Meetings) -> list[Any]:
    """Who can sit for KE."""
    seen = (await meetings.ask("GET", "/availability/KE", invitee="KE")).json()
    return [one["member_id"] for one in seen["representatives"]]


async def test_before_registration_says_who_comes_nobody_knows(meetings: Meetings) -> None:
    seen = await meetings.ask("GET", "/availability/KE", invitee="KE")
    assert (seen.json()["representatives"], seen.headers["etag"]) == (None, '"0"')


async def test_who_is_refused_entry_is_met_no_longer_and_who_is_let_in_is_met_again(
    solving: Meetings,
) -> None:
    await solving.agree(a_wish("b1", "KE", "RW", days=(FIRST_DAY,)))
    assert list((await solving.timetable())["placements"]) == ["b1"]
    await solving.desk.hear(REFUSED)
    assert await sitting(solving) == ["KE-alternate-1"]
    assert (await solving.timetable())["unplaced"] == {"b1": "no_common_time"}
    await solving.desk.hear(ACCREDITED)
    assert await sitting(solving) == [HEAD, "KE-alternate-1"]
    assert list((await solving.timetable())["placements"]) == ["b1"]


async def test_the_time_of_somebody_who_left_is_forgotten(solving: Meetings) -> None:
    morning = (in_new_york(FIRST_DAY, 9).isoformat(), in_new_york(FIRST_DAY, 12).isoformat())
    await solving.block("KE", morning, member_id=HEAD)
    await solving.desk.hear(REFUSED)
    seen = (await solving.ask("GET", "/availability/KE", invitee="KE")).json()
    assert seen["blocked"] == []
    stated = {"blocked": [{"member_id": HEAD, "interval": {"start_at": morning[0], "end_at": morning[1]}}]}
    answer = await solving.ask("PUT", "/availability/KE", invitee="KE", json=stated)
    assert refusal(answer) == (404, "member-unknown")


async def test_an_amended_delegation_is_met_by_whom_it_has_now_on_the_days_they_are_there(
    solving: Meetings,
) -> None:
    await solving.agree(a_wish("b1", "KE", "RW"))
    before = delegation("KE")
    stays = before.members[0].model_copy(update={"arrives_on": LAST_DAY})
    statement = before.model_dump() | {"members": [stays]}
    change = FieldChange(path="members[KE-head].arrives_on", after=str(LAST_DAY))
    await solving.desk.hear(DelegationAmended.model_validate(statement | {"changes": [change]}))
    assert await sitting(solving) == [HEAD]
    assert (await solving.timetable())["placements"]["b1"]["on"] == LAST_DAY.isoformat()


async def test_a_confirmation_that_changes_nobody_leaves_the_availability_as_it_is(
    meetings: Meetings,
) -> None:
    await meetings.desk.hear(delegation("KE"))
    before = (await meetings.ask("GET", "/availability/KE")).json()
    await meetings.desk.hear(DelegationConfirmed.model_validate(delegation("KE").model_dump()))
    assert (await meetings.ask("GET", "/availability/KE")).json() == before


async def test_an_availability_is_stated_on_the_revision_that_was_seen(meetings: Meetings) -> None:
    await meetings.desk.hear(delegation("KE"))
    path, stretch = "/availability/KE", {"start_at": "2022-08-31T14:00:00Z", "end_at": "2022-08-31T15:00:00Z"}
    sent = {"blocked": [{"interval": stretch}]}
    seen = await meetings.ask("GET", path, invitee="KE")
    headers = {"if-match": seen.headers["etag"]}
    first = await meetings.ask("PUT", path, invitee="KE", json=sent, headers=headers)
    assert first.json()["blocked"] == [{"interval": stretch, "member_id": None}]
    stale = await meetings.ask("PUT", path, invitee="KE", json={"blocked": []}, headers=headers)
    assert refusal(stale) == (412, "availability-changed")
