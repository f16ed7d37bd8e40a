"""The secretariat's desk: what it rules, tries, puts back, places by hand and gives to others."""

from typing import Any

from summit_chassis.ids import new_id
from summit_contracts.editions import Obligation
from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.scheduling import (
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_contracts.values import Interval
from summit_testkit.builders.scheduling import EDITION_ID, FIRST_DAY, LAST_DAY, a_wish, in_new_york
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings, published

FIRST = (FIRST_DAY,)


def moment(hour: int, minute: int = 0) -> str:
    return in_new_york(FIRST_DAY, hour, minute).isoformat().replace("+00:00", "Z")


def stretch(start: int, end: int) -> Json:
    return {"start_at": moment(start), "end_at": moment(end)}


async def rule(meetings: Meetings, on: int = 0, **rulings: Any) -> Any:
    return await meetings.ask("PUT", "/rulings", json=rulings, headers={"if-match": f'"{on}"'})


async def latest(meetings: Meetings) -> Json:
    number = (await meetings.ask("GET", "/timetables/latest")).json()["number"]
    return dict((await meetings.ask("GET", f"/timetables/{number}/placements")).json())


async def two_placed(meetings: Meetings) -> Json:
    """KE meets RW, and FR meets KE, on the first day, where there is one room."""
    await meetings.agree(a_wish("b1", "KE", "RW", days=FIRST), a_wish("b2", "FR", "KE", days=FIRST))
    return await meetings.timetable()


async def test_a_closed_room_a_veto_and_a_pin_are_followed_by_the_next_timetable(solving: Meetings) -> None:
    await two_placed(solving)
    ruled = await rule(
        solving,
        closures=[{"room": "A", "interval": stretch(10, 12)}],
        vetoes=[["RW", "KE"]],
        pins=[{"bilateral_id": "b2", "start_at": moment(14)}],
        weights={"b2": 3},
    )
    assert (ruled.status_code, ruled.headers["etag"]) == (200, '"1"'), ruled.text
    assert ruled.json()["vetoes"] == [["KE", "RW"]]
    timetable = await solving.timetable()
    assert list(timetable["placements"]) == ["b2"]
    assert timetable["placements"]["b2"]["start_at"] == moment(14)
    assert timetable["unplaced"] == {"b1": "vetoed"}
    (unplaced,) = await solving.facts(BilateralUnplaced)
    assert (unplaced.why, unplaced.bilateral_id) == ("vetoed", "b1")
    (moved,) = await solving.facts(BilateralMoved)
    assert moved.why == "pinned"


async def test_rulings_that_no_timetable_could_follow_are_refused_and_nothing_is_changed(
    solving: Meetings,
) -> None:
    before = await two_placed(solving)
    pin = {"bilateral_id": "b1", "start_at": moment(10)}
    refusals: dict[str, Json] = {
        "pins-contradict": {"pins": [pin, {**pin, "bilateral_id": "b2"}]},
        "room-unknown": {"closures": [{"room": "Z", "interval": stretch(10, 12)}]},
        "duty-unknown": {"duties": [{"code": "plenary", "interval": stretch(10, 12)}]},
        "veto-unfit": {"vetoes": [["KE", "KE"]]},
        "pin-impossible": {"pins": [{**pin, "start_at": moment(10, 7)}]},
    }
    for slug, rulings in refusals.items():
        assert refusal(await rule(solving, **rulings))[1] == slug
    vetoed = await rule(solving, pins=[pin], vetoes=[["KE", "RW"]])
    assert "not to meet" in vetoed.json()["detail"]
    absent = await rule(solving, pins=[pin], absences=[{"invitee": "RW", "interval": stretch(10, 11)}])
    assert "RW cannot be met then" in absent.json()["detail"]
    assert refusal(await rule(solving, on=4)) == (412, "rulings-changed")
    assert refusal(await solving.ask("PUT", "/rulings", json={})) == (412, "if-match-needed")
    assert refusal(await solving.ask("GET", "/rulings", invitee="KE"))[0] == 403
    assert (await solving.ask("GET", "/rulings")).json()["revision"] == 0
    assert await latest(solving) == before


async def tried(meetings: Meetings, on: int = 0, **rulings: Any) -> Any:
    headers = {"if-match": f'"{on}"', "idempotency-key": new_id()}
    return await meetings.ask("POST", "/what-ifs", json={"rulings": rulings}, headers=headers)


async def what_if(meetings: Meetings, **rulings: Any) -> str:
    asked = await tried(meetings, **rulings)
    assert asked.status_code == 202, asked.text
    solve = str(asked.json()["solve_id"])
    await meetings.until(f"/solves/{solve}", "solved")
    return solve


async def test_a_dropped_what_if_leaves_no_trace_and_no_event(solving: Meetings) -> None:
    before = await two_placed(solving)
    told, listed = await solving.facts(), (await solving.ask("GET", "/solves")).json()
    solve = await what_if(solving, closures=[{"room": "A", "interval": stretch(10, 15)}])
    seen = (await solving.ask("GET", f"/solves/{solve}/difference")).json()
    assert {one["bilateral_id"]: one["why"] for one in seen["unplaced"]} == {
        "b1": "no_room_large_enough",
        "b2": "no_room_large_enough",
    }
    assert (await solving.ask("GET", "/solves")).json() == listed
    tried = (await solving.ask("GET", "/what-ifs")).json()
    assert [(one["solve_id"], one["is_what_if"]) for one in tried] == [(solve, True)]
    assert (await solving.ask("DELETE", f"/what-ifs/{solve}")).status_code == 204
    assert refusal(await solving.ask("GET", f"/solves/{solve}"))[1] == "solve-unknown"
    assert refusal(await solving.ask("DELETE", f"/what-ifs/{solve}"))[1] == "solve-unknown"
    assert await solving.facts() == told
    assert await latest(solving) == before
    assert (await solving.ask("GET", "/rulings")).json()["revision"] == 0
    async with solving.desk.database.engine.connect() as connection:
        answers = f"idempotency WHERE headers ->> 'location' LIKE '%{solve}'"
        for table in ("solves WHERE what_if IS NOT NULL", "rulings", answers):
            rows = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608  # three texts of this test
            assert rows.scalar_one() == 0


async def test_a_committed_what_if_is_in_force_with_its_timetable(solving: Meetings) -> None:
    duty = Obligation(
        title="Plenary",
        code="plenary",
        interval=Interval(start_at=in_new_york(LAST_DAY, 10), end_at=in_new_york(LAST_DAY, 12)),
    )
    await solving.desk.hear(published(2, obligations=(duty,)))
    await two_placed(solving)
    late = await what_if(
        solving,
        absences=[{"invitee": "RW", "interval": stretch(9, 13)}],
        duties=[{"code": "plenary", "interval": stretch(13, 14)}],
    )
    seen = (await solving.ask("GET", f"/solves/{late}/difference")).json()
    assert "b1" in [one["bilateral_id"] for one in seen["moved"]]
    made = await solving.ask("POST", f"/solves/{late}/publish", json={"name": "Late arrivals"})
    assert (made.status_code, made.json()["number"]) == (201, 2), made.text
    assert (await latest(solving))["placements"]["b1"]["start_at"] in (moment(14), moment(14, 30))
    assert (await solving.ask("GET", "/rulings")).json()["revision"] == 1
    fact = (await solving.facts(TimetablePublished))[-1]
    assert (fact.name, fact.cause, fact.told) == ("Late arrivals", "repaired", len(seen["moved"]))
    (plenary,) = fact.obligations
    assert (plenary.code, plenary.interval.start_at) == ("plenary", in_new_york(FIRST_DAY, 13))
    assert [one["name"] for one in (await solving.ask("GET", "/timetables")).json()] == [
        "Late arrivals",
        None,
    ]


async def test_a_what_if_that_was_overtaken_by_another_ruling_is_not_committed(solving: Meetings) -> None:
    before = await two_placed(solving)
    solve = await what_if(solving, weights={"b1": 2})
    assert (await rule(solving, vetoes=[["FR", "RW"]])).status_code == 200
    assert refusal(await solving.ask("POST", f"/solves/{solve}/publish")) == (412, "rulings-changed")
    assert await latest(solving) == before


async def test_a_what_if_that_began_from_other_rulings_than_those_in_force_is_refused(
    solving: Meetings,
) -> None:
    """To publish it would have undone the other's veto, of which whoever tried it knew nothing."""
    before = await two_placed(solving)
    assert (await rule(solving, vetoes=[["FR", "RW"]])).status_code == 200
    pinned = [{"bilateral_id": "b1", "start_at": moment(14)}]
    unnamed = await solving.ask("POST", "/what-ifs", json={"rulings": {"pins": pinned}})
    assert refusal(unnamed) == (412, "if-match-needed")
    stale = await tried(solving, pins=pinned)
    assert refusal(stale) == (412, "rulings-changed")
    assert (stale.json()["expected"], stale.json()["revision"]) == (0, 1)
    assert (await solving.ask("GET", "/what-ifs")).json() == []
    assert (await solving.ask("GET", "/rulings")).json()["vetoes"] == [["FR", "RW"]]
    assert await latest(solving) == before
    assert (await tried(solving, on=1, pins=pinned, vetoes=[["FR", "RW"]])).status_code == 202


async def test_pins_that_contradict_each_other_are_refused_and_one_said_twice_is_one(
    solving: Meetings,
) -> None:
    before = await two_placed(solving)
    pin = {"bilateral_id": "b1", "start_at": moment(10)}
    for asked in (rule, tried):
        twice = await asked(solving, pins=[pin, {**pin, "start_at": moment(14)}])
        assert refusal(twice) == (409, "pins-contradict")
        assert twice.json()["field"] == "pins[1]"
        assert "two moments" in twice.json()["detail"]
        assert twice.json()["remedy"]
    assert (await solving.ask("GET", "/rulings")).json()["revision"] == 0
    assert await latest(solving) == before
    assert (await rule(solving, pins=[pin, pin])).json()["pins"] == [pin]


async def test_an_earlier_timetable_is_put_back_under_a_new_number(solving: Meetings) -> None:
    first = await two_placed(solving)
    assert (await rule(solving, pins=[{"bilateral_id": "b1", "start_at": moment(14, 30)}])).status_code == 200
    await solving.timetable()
    there = (await solving.ask("GET", "/timetables/2/difference?since=1")).json()
    back = (await solving.ask("GET", "/timetables/1/difference?since=2")).json()
    assert [one["to"] for one in there["moved"]] == [one["was"] for one in back["moved"]]
    assert (await rule(solving, on=1)).status_code == 200
    rolled = await solving.ask("POST", "/timetables/1/roll-back")
    assert (rolled.status_code, rolled.json()["number"]) == (201, 3), rolled.text
    assert (await latest(solving))["placements"] == first["placements"]
    fact = (await solving.facts(TimetablePublished))[-1]
    assert (fact.cause, fact.like, fact.moved) == ("rolled_back", 1, len(there["moved"]))
    assert {one.why for one in await solving.facts(BilateralMoved) if one.timetable == 3} == {"rolled_back"}
    assert refusal(await solving.ask("POST", "/timetables/9/roll-back"))[1] == "timetable-unknown"


async def test_what_a_roll_back_cannot_hold_any_more_has_no_place(solving: Meetings) -> None:
    await two_placed(solving)
    await solving.desk.hear(DelegationWithdrawn(edition_id=EDITION_ID, invitee="RW"))
    assert (await solving.ask("POST", "/timetables/1/roll-back")).status_code == 201
    assert list((await latest(solving))["placements"]) == ["b2"]


async def test_the_desk_offers_nothing_in_the_past_and_books_a_place_at_once(solving: Meetings) -> None:
    await two_placed(solving)
    await solving.agree(a_wish("b3", "RW", "FR", days=FIRST))
    offered = await solving.ask("GET", "/bilaterals/b3/places?limit=100")
    assert offered.status_code == 200
    assert offered.json() == [], "the summit of 2022 is over, and nothing is offered in the past"
    taken = (await latest(solving))["placements"]["b1"]
    busy = {"bilateral_id": "b3", "start_at": taken["start_at"], "room": taken["room"]}
    assert refusal(await solving.ask("POST", "/bookings", json=busy)) == (409, "place-taken")
    booked = await solving.ask(
        "POST", "/bookings", json={"bilateral_id": "b3", "start_at": moment(14, 30), "room": "A"}
    )
    assert (booked.status_code, booked.json()["number"]) == (201, 2), booked.text
    fact = (await solving.facts(TimetablePublished))[-1]
    assert (fact.cause, fact.newly_placed, fact.moved, fact.told) == ("desk", 1, 0, 1)
    assert (await solving.facts(BilateralScheduled))[-1].placement.start_at == in_new_york(FIRST_DAY, 14, 30)


async def test_the_place_of_a_no_show_is_offered_to_the_most_important_that_has_none(
    solving: Meetings,
) -> None:
    await solving.block("FR", (moment(10, 30), moment(15)))
    await solving.agree(a_wish("b1", "KE", "FR", days=FIRST, priority=1))
    await solving.timetable()
    await solving.agree(
        a_wish("b2", "RW", "FR", days=FIRST, priority=3), a_wish("b3", "RW", "KE", days=FIRST, priority=2)
    )
    freed = await solving.ask("POST", "/bilaterals/b1/release", json={"reason": "no_show", "invitee": "KE"})
    assert freed.status_code == 200, freed.text
    assert freed.json()["bilateral"]["status"] == "cancelled"
    assert [one["bilateral_id"] for one in freed.json()["offers"]] == ["b3", "b2"]
    (cancelled,) = await solving.facts(BilateralCancelled)
    assert (cancelled.reason, cancelled.by, cancelled.was.room) == ("no_show", "KE", "A")
    again = await solving.ask("POST", "/bilaterals/b1/release", json={"reason": "released"})
    assert refusal(again)[1] == "not-agreed"


async def test_fairness_counts_what_each_class_of_demand_got(solving: Meetings) -> None:
    await two_placed(solving)
    lines = (await solving.ask("GET", "/fairness")).json()
    assert [one["demand"] for one in lines] == ["little", "middling", "much"]
    assert sum(one["placed"] for one in lines) == 4, "each meeting counts for both of its parties"
    assert {one["success"] for one in lines} <= {1.0, None}


async def test_a_solve_is_stopped_over_http_and_what_has_ended_stays_as_it_is(
    meetings: Meetings,
) -> None:
    waiting = await meetings.solve()
    stopped = await meetings.ask("POST", f"{waiting}/stop")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "failed")
    assert "stopped before" in stopped.json()["failure"]
    assert refusal(await meetings.ask("POST", "/solves/none/stop"))[1] == "solve-unknown"


async def test_why_not_is_answered_over_http_and_what_stands_against_it_can_be_lifted(
    solving: Meetings,
) -> None:
    await solving.agree(a_wish("b1", "KE", "RW", days=FIRST))
    assert (await rule(solving, absences=[{"invitee": "RW", "interval": stretch(9, 16)}])).status_code == 200
    assert (await solving.timetable())["unplaced"] == {"b1": "no_common_time"}
    found = (await solving.ask("GET", "/bilaterals/b1/why-not")).json()
    away = {"rule": "party_away", "subject": "RW"}
    assert (found["is_certain"], away in found["blocking"]) == (True, True), found
    assert [away] in [way["gives_way"] for way in found["ways"]]
    assert (await rule(solving, on=1)).status_code == 200
    assert "b1" in (await solving.timetable())["placements"]
    assert refusal(await solving.ask("GET", "/bilaterals/none/why-not"))[1] == "bilateral-unknown"
