"""A published timetable is repaired with the fewest moves; each fact says what moved, from where, to where and why (B10, G12)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.scheduling import (
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_scheduling.app import service
from summit_scheduling.settings import SchedulingSettings
from summit_testkit.builders.scheduling import EDITION_ID, FIRST_DAY, LAST_DAY, a_wish, in_new_york
from summit_testkit.databases import Databases
from summit_testkit.desk import desk, emptied
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings, delegation, published

WISHES = (
    a_wish("b1", "KE", "RW", days=(FIRST_DAY,)),
    a_wish("b2", "FR", "KE", days=(FIRST_DAY,)),
    a_wish("b3", "FR", "RW"),
)


async def held(meetings: Meetings) -> Json:
    await meetings.agree(*WISHES)
    placements: Json = (await meetings.timetable())["placements"]
    assert sorted(placements) == ["b1", "b2", "b3"]
    return placements


def while_it_lasts(placement: Json) -> Json:
    return {"start_at": placement["start_at"], "end_at": placement["end_at"]}


async def last_published(meetings: Meetings) -> TimetablePublished:
    found: TimetablePublished = (await meetings.facts(TimetablePublished))[-1]
    return found


async def test_a_closed_room_moves_one_meeting_and_the_fact_says_from_where_to_where_and_why(
    solving: Meetings,
) -> None:
    before = await held(solving)
    shut = [{"room": before["b1"]["room"], "interval": while_it_lasts(before["b1"])}]
    tried = {"rulings": {"closures": shut}}
    asked = await solving.ask("POST", "/what-ifs", json=tried, headers={"if-match": '"0"'})
    assert asked.json()["kind"] == "repair"
    solve = f"/solves/{asked.json()['solve_id']}"
    await solving.until(solve, "solved")
    seen = (await solving.ask("GET", f"{solve}/difference")).json()
    assert ([one["bilateral_id"] for one in seen["moved"]], seen["kept"]) == (["b1"], 2)
    made = await solving.ask("POST", f"{solve}/publish")
    levels = {one["code"]: one for one in made.json()["certificate"]["levels"]}
    assert (levels["moves"]["objective"], levels["moves"]["bound"], levels["moves"]["gap"]) == (1, 1, 0)
    (moved,) = await solving.facts(BilateralMoved)
    assert (moved.bilateral_id, moved.why) == ("b1", "room_unavailable")
    assert moved.moved_from.model_dump(mode="json") == before["b1"]
    assert moved.moved_to.model_dump(mode="json") == (await solving.bilateral("b1"))["placement"]
    told = await last_published(solving)
    assert (told.cause, told.moved, told.told) == ("repaired", 1, 1)
    assert {one.code: one.is_proven for one in told.levels}["moves"]


async def test_who_withdraws_leaves_all_others_where_they_are(solving: Meetings) -> None:
    before = await held(solving)
    await solving.desk.hear(DelegationWithdrawn(edition_id=EDITION_ID, invitee="RW"))
    after = (await solving.timetable(kind="repair"))["placements"]
    assert after == {"b2": before["b2"]}
    assert await solving.facts(BilateralMoved, BilateralUnplaced) == []


async def test_a_late_request_is_placed_and_nobody_moves(solving: Meetings) -> None:
    before = await held(solving)
    await solving.agree(a_wish("late", "KE", "FR", "RW", days=(LAST_DAY,), size=9))
    after = (await solving.timetable())["placements"]
    assert {key: after[key] for key in before} == before
    assert [one.bilateral_id for one in await solving.facts(BilateralScheduled)][-1] == "late"
    assert (await last_published(solving)).moved == 0


async def test_who_arrives_late_or_did_not_come_moves_no_other_meeting(solving: Meetings) -> None:
    before = await held(solving)
    released = await solving.ask(
        "POST", "/bilaterals/b3/release", json={"reason": "no_show", "invitee": "FR"}
    )
    assert released.status_code == 200, released.text
    await solving.block("KE", (before["b2"]["start_at"], before["b2"]["end_at"]))
    after = (await solving.timetable())["placements"]
    assert after["b1"] == before["b1"]
    (moved,) = await solving.facts(BilateralMoved)
    assert (moved.bilateral_id, moved.why) == ("b2", "party_unavailable")
    assert "b3" not in after


async def test_a_solve_is_a_repair_where_a_timetable_holds_unless_it_is_asked_for_anew(
    solving: Meetings,
) -> None:
    async def kind(**how: Any) -> str:
        path = await solving.solve(**how)
        return str((await solving.ask("GET", path)).json()["kind"])

    assert await kind() == "anew"
    await held(solving)
    assert (await kind(), await kind(kind="anew")) == ("repair", "anew")
    assert refusal(await solving.ask("POST", "/solves", json={"kind": "patch"}))[0] == 422


@asynccontextmanager
async def at(moment: datetime, url: str, databases: Databases) -> AsyncIterator[Meetings]:
    """The desk at that moment."""
    offset = moment - datetime.now(UTC)
    async with desk(service, SchedulingSettings, databases, url=url, role="serve", offset=offset) as one:
        yield Meetings(one)


async def test_a_plan_that_moves_what_is_about_to_begin_by_now_is_not_published_and_the_next_leaves_it(
    databases: Databases,
) -> None:
    url = await emptied(service, databases)
    async with at(in_new_york(FIRST_DAY, 8, 0), url, databases) as early:
        await early.desk.hear(published(freeze_minutes=60), *map(delegation, ("KE", "RW", "FR")))
        before = await held(early)
        first = min(one["start_at"] for one in before.values())
        await early.desk.hear(a_wish("all", "KE", "FR", "RW", days=(FIRST_DAY,), priority=1))
        await early.answer("FR", "counter", "all", starts_at=[first])
        for party in ("KE", "RW"):
            assert (await early.answer(party, "accept", "all")).status_code == 200
        solve = await early.solve(kind="repair")
        assert (await early.until(solve, "solved"))["placed"] == 4
    async with at(datetime.fromisoformat(first) - timedelta(minutes=30), url, databases) as late:
        holds = (await late.ask("GET", "/timetables/latest")).json()
        assert refusal(await late.ask("POST", f"{solve}/publish")) == (409, "moved-too-late")
        assert (await late.ask("GET", "/timetables/latest")).json() == holds
        after = await late.timetable()
        assert (after["placements"], after["unplaced"]) == (before, {"all": "no_place_left"})


async def test_a_roll_back_puts_nothing_into_the_past(databases: Databases) -> None:
    """What the former timetable had in the morning and the present one has later on stays where it is in the afternoon."""
    url = await emptied(service, databases)
    async with at(in_new_york(FIRST_DAY, 8, 0), url, databases) as early:
        await early.desk.hear(published(freeze_minutes=60), *map(delegation, ("KE", "RW", "FR")))
        morning = await held(early)
        rulings = (await early.ask("GET", "/rulings")).json()
        key = min(morning, key=lambda one: str(morning[one]["start_at"]))
        later = in_new_york(FIRST_DAY, 14, 30).isoformat()
        pins = {"pins": [{"bilateral_id": key, "start_at": later}]}
        tag = {"if-match": f'"{rulings["revision"]}"'}
        assert (await early.ask("PUT", "/rulings", json=pins, headers=tag)).status_code == 200
        now_at = (await early.timetable())["placements"][key]
        assert now_at["start_at"] != morning[key]["start_at"]
    began = datetime.fromisoformat(morning[key]["start_at"])
    async with at(began + timedelta(minutes=90), url, databases) as late:
        assert (await late.ask("POST", "/timetables/1/roll-back")).status_code == 201
        after = (await late.ask("GET", "/timetables/3/placements")).json()["placements"]
    assert after[key] == now_at


async def test_a_pin_moves_nothing_that_is_about_to_begin_and_a_place_by_hand_does(
    databases: Databases,
) -> None:
    url = await emptied(service, databases)
    later = in_new_york(FIRST_DAY, 14, 30).isoformat().replace("+00:00", "Z")
    async with at(in_new_york(FIRST_DAY, 8, 0), url, databases) as early:
        await early.desk.hear(published(freeze_minutes=60), *map(delegation, ("KE", "RW", "FR")))
        before = await held(early)
        key = min(before, key=lambda one: str(before[one]["start_at"]))
        pins = {"pins": [{"bilateral_id": key, "start_at": later}]}
        solve = await early.ask("POST", "/what-ifs", json={"rulings": pins}, headers={"if-match": '"0"'})
        path = f"/solves/{solve.json()['solve_id']}"
        await early.until(path, "solved")
    first = datetime.fromisoformat(before[key]["start_at"])
    async with at(first - timedelta(minutes=30), url, databases) as late:
        assert refusal(await late.ask("POST", f"{path}/publish")) == (409, "moved-too-late")
        asked = (("PUT", "/rulings", pins), ("POST", "/what-ifs", {"rulings": pins}))
        for method, where, body in asked:
            refused = await late.ask(method, where, json=body, headers={"if-match": '"0"'})
            assert refusal(refused) == (409, "pin-frozen")
            assert refused.json()["field"] == "pins[0]"
            assert "by hand" in refused.json()["remedy"]
        here = {"pins": [{"bilateral_id": key, "start_at": before[key]["start_at"]}]}
        ruled = await late.ask("PUT", "/rulings", json=here, headers={"if-match": '"0"'})
        assert ruled.status_code == 200, ruled.text
        place = {"bilateral_id": key, "start_at": later, "room": "A"}
        booked = await late.ask("POST", "/bookings", json=place)
        assert booked.status_code == 201, booked.text
        assert (await late.bilateral(key))["placement"]["start_at"] == later
