"""Input that no good timetable can be made of: a clear answer each time, and the published timetable stands as it did.

Contradictory pins and other rulings that nobody can follow are in `test_desk`, input that contradicts itself in
`test_bad_requests`, solvers and services that are killed in `test_workers_that_die`; an edition with a room of no seats is
refused by registration.
"""

from datetime import timedelta
from itertools import combinations

import pytest
from tests.integration.scheduling.planting import Planting

from summit_contracts.editions import Room
from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.scheduling import BilateralCancelled, BilateralUnplaced
from summit_scheduling.store.work import SqlUnit
from summit_testkit.builders.scheduling import (
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_wish,
    an_agreed_bilateral,
    in_new_york,
)
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings, delegation, published

WITHDRAWN = DelegationWithdrawn(edition_id=EDITION_ID, invitee="RW")
A_MOMENT, A_MINUTE = timedelta(milliseconds=300), timedelta(minutes=1)
READ = "import sys, time; sys.stdin.buffer.readline(); "


async def holds(meetings: Meetings) -> Json:
    """The placements that the latest timetable has."""
    latest = (await meetings.ask("GET", "/timetables/latest")).json()
    return dict((await meetings.ask("GET", f"/timetables/{latest['number']}/placements")).json())


async def test_a_wish_for_a_delegation_that_withdrew_ends_at_once_and_says_why(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "FR"))
    before = await solving.timetable()
    await solving.desk.hear(WITHDRAWN, a_wish("b2", "KE", "RW"), a_wish("b3", "FR", "KE", "RW"))
    told = await solving.facts(BilateralCancelled)
    assert [(one.bilateral_id, one.by, one.reason) for one in told] == [
        ("b2", "RW", "delegation_withdrew"),
        ("b3", "RW", "delegation_withdrew"),
    ]
    assert refusal(await solving.answer("RW", "accept", "b2")) == (409, "bilateral-ended")
    assert await holds(solving) == before
    await solving.desk.hear(delegation("RW"), a_wish("b4", "KE", "RW"))
    assert (await solving.answer("RW", "accept", "b4")).json()["status"] == "agreed", (
        "who registers anew is met"
    )


async def test_who_is_never_free_has_no_place_and_the_reason_says_so(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "FR"))
    before = (await solving.timetable())["placements"]
    always = (in_new_york(FIRST_DAY, 0).isoformat(), in_new_york(LAST_DAY, 18).isoformat())
    await solving.block("RW", always)
    await solving.agree(a_wish("b2", "KE", "RW"))
    after = await solving.timetable()
    assert (after["placements"], after["unplaced"]) == (before, {"b2": "no_common_time"})
    (told,) = await solving.facts(BilateralUnplaced)
    assert (told.bilateral_id, told.why) == ("b2", "no_common_time")
    answer = (await solving.ask("GET", "/bilaterals/b2/why-not")).json()
    assert {"rule": "party_away", "subject": "RW"} in answer["blocking"], answer


async def test_rooms_too_small_for_anybody_leave_every_meeting_without_a_place(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW"))
    closet = Room(code="A", name="Room A", seats=2, days=(FIRST_DAY, LAST_DAY))
    await solving.desk.hear(published(2, rooms=(closet,)))
    after = await solving.timetable()
    assert (after["placements"], after["unplaced"]) == ({}, {"b1": "no_room_large_enough"})
    certificate = (await solving.ask("GET", "/timetables/latest")).json()["certificate"]
    assert (certificate["status"], certificate["objective"], certificate["bound"]) == ("optimal", 0, 0)


async def test_ten_thousand_meetings_for_a_few_places_get_the_best_plan_within_their_time(
    solving: Meetings,
) -> None:
    pairs = combinations([f"D{number:03}" for number in range(142)], 2)
    agreed = [
        an_agreed_bilateral(f"b{number}", *pair) for number, pair in zip(range(10_000), pairs, strict=False)
    ]
    async with solving.desk.database.transaction() as transaction:
        await SqlUnit(transaction).bilaterals.save(*agreed)
    solve = await solving.solve(seconds=2)
    solved = await solving.until(solve, "solved")
    assert solved["agreed"] == 10_000
    assert solved["placed"] == solved["at_most"] == 24, "every room in every slot"
    certificate = solved["certificate"]
    assert certificate["objective"] <= certificate["bound"]


@pytest.mark.parametrize(
    ("script", "limit", "failure"),
    [
        (READ + "sys.exit('out of memory')", A_MINUTE, "ended with 1: out of memory"),
        (READ + "print('42', flush=True); time.sleep(600)", A_MINUTE, "it answered"),
        (READ + "time.sleep(600)", A_MOMENT, "had no plan after"),
    ],
    ids=["dies", "talks nonsense", "finds nothing in time"],
)
async def test_a_solver_that_fails_says_why_and_what_was_published_stands(
    planting: Planting, script: str, limit: timedelta, failure: str
) -> None:
    failing = planting.meetings
    await failing.agree(a_wish("b1", "KE", "RW"))
    before = await failing.timetable()
    known = await failing.facts()
    await failing.block("RW", (before["placements"]["b1"]["start_at"], before["placements"]["b1"]["end_at"]))
    planting.plant(script, limit)
    solve = await failing.solve()
    failed = await failing.until(solve, "failed")
    assert failure in failed["failure"]
    publishing = await failing.ask("POST", f"{solve}/publish")
    assert refusal(publishing) == (409, "solve-not-ready")
    assert failure in publishing.json()["detail"]
    assert (publishing.json()["field"], bool(publishing.json()["remedy"])) == ("solve_id", True)
    assert (await holds(failing), await failing.facts()) == (before, known)
    planting.clear()
    assert (await failing.timetable())["placements"] != before["placements"], "the next one is solved as ever"
