"""What is agreed gets a place, and keeps it as long as it can; what is not agreed holds nothing (B4)."""

import asyncio
from collections import Counter
from datetime import timedelta

from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_contracts.values import Rank
from summit_testkit.builders.scheduling import (
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_wish,
    an_edition,
    in_new_york,
)
from summit_testkit.forms import refusal
from summit_testkit.meetings import Meetings, delegation, published

DAY = timedelta(days=1)
FIRST = (FIRST_DAY,)
MORNING, EVENING = in_new_york(FIRST_DAY, 9).isoformat(), in_new_york(FIRST_DAY, 16).isoformat()
LATE = in_new_york(FIRST_DAY, 14, 30)
"""The last slot of the first day."""


def at(hour: int, minute: int = 0) -> str:
    return in_new_york(FIRST_DAY, hour, minute).isoformat().replace("+00:00", "Z")


async def only_at(meetings: Meetings, bilateral_id: str, counterpart: str, *starts: str) -> None:
    """The wish is agreed, for these moments alone."""
    requester = (await meetings.bilateral(bilateral_id))["requester"]
    countered = await meetings.answer(counterpart, "counter", bilateral_id, starts_at=list(starts))
    assert countered.status_code == 200, countered.text
    assert (await meetings.answer(requester, "accept", bilateral_id)).json()["status"] == "agreed"


async def test_what_waits_for_an_answer_holds_no_slot_and_no_room(solving: Meetings) -> None:
    await solving.desk.hear(
        a_wish("b1", "KE", "RW", days=FIRST, priority=1),
        a_wish("b2", "FR", "KE", days=FIRST, priority=1),
        a_wish("b3", "FR", "RW", days=FIRST, priority=3),
    )
    assert (await solving.answer("RW", "counter", "b1", starts_at=[at(10)])).status_code == 200
    assert (await solving.answer("KE", "counter", "b2", starts_at=[at(10)])).status_code == 200
    await only_at(solving, "b3", "RW", at(10))
    timetable = await solving.timetable()
    assert list(timetable["placements"]) == ["b3"]
    assert timetable["placements"]["b3"]["start_at"] == at(10)
    assert timetable["unplaced"] == {}
    async with solving.desk.database.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT bilateral_id FROM parties WHERE during IS NOT NULL")
        assert {row[0] for row in rows} == {"b3"}
    assert refusal(await solving.answer("RW", "accept", "b1"))[1] == "not-awaited"


async def test_the_next_solve_respects_what_a_delegation_says_of_its_time(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW", days=FIRST))
    await solving.block("RW", (MORNING, LATE.isoformat()))
    placed = (await solving.timetable())["placements"]["b1"]
    assert placed["start_at"] == at(14, 30)
    await solving.block("RW", (MORNING, EVENING))
    timetable = await solving.timetable()
    assert (timetable["placements"], timetable["unplaced"]) == ({}, {"b1": "no_common_time"})
    (unplaced,) = await solving.facts(BilateralUnplaced)
    assert (unplaced.why, unplaced.was.start_at) == ("no_common_time", LATE)
    await solving.block("RW")
    assert "b1" in (await solving.timetable())["placements"]
    assert len(await solving.facts(BilateralScheduled)) == 2


async def test_a_substitute_sits_only_where_the_level_allows_it(solving: Meetings) -> None:
    await solving.agree(
        a_wish("b1", "KE", "RW", days=FIRST),
        a_wish("b2", "KE", "FR", days=FIRST, level=Rank.SENIOR_OFFICER),
    )
    await solving.block("KE", (MORNING, EVENING), member_id="KE-head")
    timetable = await solving.timetable()
    assert list(timetable["placements"]) == ["b2"]
    assert timetable["unplaced"] == {"b1": "no_common_time"}


async def test_a_solve_without_changes_moves_nobody(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW"), a_wish("b2", "KE", "FR"), a_wish("b3", "FR", "RW"))
    first = await solving.timetable()
    assert len(first["placements"]) == 3
    known = len(await solving.facts())
    second = await solving.timetable()
    assert (second["number"], second["placements"]) == (2, first["placements"])
    (told,) = (await solving.facts())[known:]
    assert isinstance(told, TimetablePublished)
    assert (told.placed, told.newly_placed, told.moved, told.unplaced) == (3, 0, 0, 0)


async def test_a_meeting_moves_when_a_party_cannot_come_any_more_and_the_fact_says_so(
    solving: Meetings,
) -> None:
    await solving.agree(a_wish("b1", "KE", "RW", days=FIRST))
    before = (await solving.timetable())["placements"]["b1"]
    await solving.block("KE", (before["start_at"], before["end_at"]))
    after = (await solving.timetable())["placements"]["b1"]
    assert after["start_at"] != before["start_at"]
    (moved,) = await solving.facts(BilateralMoved)
    assert moved.why == "party_unavailable"
    assert moved.moved_from.model_dump(mode="json") == before
    assert moved.moved_to.model_dump(mode="json") == after
    assert (await solving.bilateral())["placement"] == after


async def test_a_meeting_moves_when_its_room_is_gone(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW", days=(LAST_DAY,), size=8))
    (room_a, room_b) = an_edition().rooms
    before = (await solving.timetable())["placements"]["b1"]
    left = room_a if before["room"] == room_b.code else room_b
    await solving.desk.hear(published(2, rooms=(left,)))
    after = (await solving.timetable())["placements"]["b1"]
    assert after["room"] == left.code
    assert [fact.why for fact in await solving.facts(BilateralMoved)] == ["room_unavailable"]


async def test_the_place_of_a_delegation_that_withdrew_goes_to_the_next(solving: Meetings) -> None:
    await solving.desk.hear(
        a_wish("b1", "KE", "RW", days=FIRST, priority=1), a_wish("b2", "KE", "FR", days=FIRST)
    )
    await only_at(solving, "b1", "RW", at(11))
    await only_at(solving, "b2", "FR", at(11))
    first = await solving.timetable()
    assert (list(first["placements"]), first["unplaced"]) == (["b1"], {"b2": "no_place_left"})
    await solving.desk.hear(DelegationWithdrawn(edition_id=EDITION_ID, invitee="RW"))
    cancelled = (await solving.facts(BilateralCancelled))[-1]
    assert (cancelled.bilateral_id, cancelled.was.model_dump(mode="json")) == (
        "b1",
        first["placements"]["b1"],
    )
    second = await solving.timetable()
    assert second["placements"] == {"b2": first["placements"]["b1"]}
    counts = (await solving.ask("GET", "/counts")).json()
    assert (counts["agreed"], counts["placed"], counts["cancelled"], counts["timetables"]) == (1, 1, 1, 2)


async def test_nothing_is_published_that_was_overtaken_or_published_before(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW"))
    overtaken, good = await solving.solve(), await solving.solve()
    for solve in (overtaken, good):
        await solving.until(solve, "solved")
    assert (await solving.ask("POST", f"{good}/publish")).status_code == 201
    assert refusal(await solving.ask("POST", f"{good}/publish")) == (409, "solve-not-ready")
    holds = (await solving.ask("GET", "/timetables/latest")).json()
    known = len(await solving.facts())
    await solving.answer("KE", "cancel")
    assert refusal(await solving.ask("POST", f"{overtaken}/publish")) == (412, "solve-outdated")
    assert (await solving.ask("GET", "/timetables/latest")).json() == holds
    assert len(await solving.facts()) == known + 1  # the cancellation


async def test_of_two_who_publish_at_once_one_does(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW"), a_wish("b2", "KE", "FR"))
    solve = await solving.solve()
    await solving.until(solve, "solved")
    answers = await asyncio.gather(*(solving.ask("POST", f"{solve}/publish") for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 3}
    assert [fact.number for fact in await solving.facts(TimetablePublished)] == [1]


async def test_publishing_twice_with_one_key_answers_twice_and_happens_once(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW"))
    solve = await solving.solve()
    await solving.until(solve, "solved")
    key = {"idempotency-key": "publish-it"}
    first, again = [await solving.ask("POST", f"{solve}/publish", headers=key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(await solving.facts(TimetablePublished)) == 1


async def test_a_timetable_of_nothing_is_a_timetable(solving: Meetings) -> None:
    assert (await solving.ask("GET", "/timetables/latest")).status_code == 404
    timetable = await solving.timetable()
    assert (timetable["number"], timetable["placements"], timetable["unplaced"]) == (1, {}, {})


async def test_no_party_and_no_room_is_in_two_meetings_and_the_facts_say_what_the_timetable_says(
    solving: Meetings,
) -> None:
    codes = ("KE", "RW", "FR", "BD", "IN", "GH")
    await solving.desk.hear(*(delegation(code) for code in codes[3:]))
    pairs = [(one, other) for place, one in enumerate(codes) for other in codes[place + 1 :]]
    await solving.agree(*(a_wish(f"b{number:02}", *pair) for number, pair in enumerate(pairs)))
    timetable = await solving.timetable()
    placements = timetable["placements"]
    assert len(placements) == len(pairs)
    starts = Counter(
        (party, place["start_at"]) for key, place in placements.items() for party in pairs[int(key[1:])]
    )
    assert set(starts.values()) == {1}
    assert set(Counter((place["room"], place["start_at"]) for place in placements.values()).values()) == {1}
    told = {
        fact.bilateral_id: fact.placement.model_dump(mode="json")
        for fact in await solving.facts(BilateralScheduled)
    }
    assert told == placements
    (fact,) = await solving.facts(TimetablePublished)
    counts = (await solving.ask("GET", "/counts")).json()
    assert (counts["requested"], counts["agreed"], counts["placed"]) == (len(pairs), fact.agreed, fact.placed)
    assert len(await solving.facts(BilateralAccepted)) == len(pairs)


async def test_a_publication_counts_its_facts(solving: Meetings) -> None:
    await solving.agree(a_wish("b1", "KE", "RW", days=FIRST), a_wish("b2", "FR", "KE", days=FIRST))
    await solving.timetable()
    (published,) = await solving.facts(TimetablePublished)
    of_it = await solving.facts(BilateralScheduled, BilateralMoved, BilateralUnplaced)
    assert published.told == len(of_it) == 2


async def test_the_grid_of_an_edition_is_told_slot_by_slot(solving: Meetings) -> None:
    slots = (await solving.ask("GET", "/slots")).json()
    assert len(slots) == 16
    assert (slots[0]["on"], slots[0]["start_at"]) == (FIRST_DAY.isoformat(), at(10))
    assert all(slot["rooms"] for slot in slots)
    assert sorted(slots, key=lambda slot: slot["start_at"]) == slots
