"""Two parties walk up to the desk without having asked for anything: offered places, and met there, in two requests."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.scheduling import BilateralArranged, BilateralScheduled, TimetablePublished
from summit_contracts.values import Rank
from summit_scheduling.app import service
from summit_scheduling.settings import SchedulingSettings
from summit_testkit.builders.scheduling import BEFORE, EDITION_ID, FIRST_DAY, LAST_DAY, a_wish, in_new_york
from summit_testkit.databases import Databases
from summit_testkit.desk import desk, emptied
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings, delegation, published

TWO = "/places?party=KE&party=RW"


@pytest.fixture
async def before(databases: Databases) -> AsyncIterator[Meetings]:
    """A month before the summit, with a worker that solves; KE, RW and FR have registered."""
    offset = BEFORE - datetime.now(UTC)
    url = await emptied(service, databases)
    async with desk(
        service, SchedulingSettings, databases, url=url, role="serve", offset=offset
    ) as scheduling:
        people = (delegation(code, Rank.SENIOR_OFFICER) for code in ("KE", "RW", "FR"))
        await scheduling.hear(published(freeze_minutes=60), *people)
        yield Meetings(scheduling)


def place(hour: int, minute: int = 0, room: str = "A") -> Json:
    return {"start_at": in_new_york(FIRST_DAY, hour, minute).isoformat(), "room": room}


async def walk_in(meetings: Meetings, *parties: str, key: str | None = None, **sent: Any) -> Any:
    body = {"parties": parties or ("KE", "RW"), "topic": "Training", **place(10), **sent}
    headers = {"idempotency-key": key} if key else {}
    return await meetings.ask("POST", "/walk-ins", json=body, headers=headers)


async def starts(meetings: Meetings, path: str = TWO) -> list[datetime]:
    answer = await meetings.ask("GET", f"{path}&limit=100")
    assert answer.status_code == 200, answer.text
    return [datetime.fromisoformat(one["start_at"]) for one in answer.json()]


async def test_who_walks_in_is_offered_the_next_place_and_meets_there(before: Meetings) -> None:
    await before.agree(a_wish("b1", "KE", "FR", days=(FIRST_DAY,)))
    there = (await before.timetable())["placements"]["b1"]
    (first, *_) = (await before.ask("GET", f"{TWO}&limit=1")).json()
    assert first["start_at"] != there["start_at"], "KE is in the other one then"
    made = await walk_in(before, start_at=first["start_at"], room=first["room"])
    assert made.status_code == 201, made.text
    name = made.json()["bilateral_id"]
    assert made.headers["location"] == f"/editions/{EDITION_ID}/bilaterals/{name}"
    assert made.headers["etag"] == '"2"'
    assert made.json() == await before.bilateral(name)
    assert (made.json()["status"], made.json()["placement"]) == ("scheduled", first)
    assert (made.json()["priority"], made.json()["terms"]["level"]) == (1, "expert")
    envelopes = (await before.desk.facts())[-3:]
    arranged, timetable, scheduled = envelopes
    assert [type(one.data) for one in envelopes] == [
        BilateralArranged, TimetablePublished, BilateralScheduled,
    ]  # fmt: skip
    assert (arranged.aggregateid, arranged.aggregateversion) == (f"bilateral/{EDITION_ID}/{name}", 1)
    assert (scheduled.aggregateid, scheduled.aggregateversion) == (arranged.aggregateid, 2)
    (_, published_last) = await before.facts(TimetablePublished)
    assert (published_last.number, published_last.cause, published_last.told) == (2, "desk", 1)
    assert timetable.aggregateversion == 2
    kept = (await before.ask("GET", "/timetables/2/placements")).json()["placements"]
    assert kept == {"b1": there, name: first}
    assert (await before.ask("GET", "/counts")).json()["requested"] == 2


async def test_the_next_timetable_keeps_what_was_arranged(before: Meetings) -> None:
    name = (await walk_in(before)).json()["bilateral_id"]
    await before.agree(a_wish("b1", "KE", "FR", days=(FIRST_DAY,)))
    placements = (await before.timetable())["placements"]
    assert set(placements) == {"b1", name}
    assert datetime.fromisoformat(placements[name]["start_at"]) == in_new_york(FIRST_DAY, 10)


async def test_a_place_that_is_taken_is_refused_and_nothing_is_kept(before: Meetings) -> None:
    await before.agree(a_wish("b1", "KE", "FR", days=(FIRST_DAY,)))
    there = (await before.timetable())["placements"]["b1"]
    facts = await before.facts()
    taken = {"start_at": there["start_at"], "room": there["room"]}
    assert refusal(await walk_in(before, key="one", **taken)) == (409, "place-taken")
    assert refusal(await walk_in(before, start_at="2022-08-31T14:07:00Z")) == (409, "place-taken")
    assert await before.facts() == facts
    assert (await before.ask("GET", "/counts")).json()["requested"] == 1
    assert (await walk_in(before, "RW", "FR", key="one", **place(14))).status_code == 201, "the key is free"


async def test_the_same_request_sent_twice_arranges_once(before: Meetings) -> None:
    once, again = await walk_in(before, key="k"), await walk_in(before, key="k")
    assert (once.status_code, again.status_code) == (201, 201)
    assert (once.json(), once.headers["location"]) == (again.json(), again.headers["location"])
    assert len(await before.facts(BilateralArranged)) == 1
    assert refusal(await walk_in(before, key="k", topic="Other"))[1] == "idempotency-key-reused"


async def test_who_has_asked_for_the_meeting_already_is_sent_there(before: Meetings) -> None:
    await before.desk.hear(a_wish("b1", "RW", "KE"))
    for answer in (await walk_in(before), await before.ask("GET", TWO)):
        assert refusal(answer) == (409, "bilateral-exists")
        assert (answer.json()["bilateral_id"], answer.json()["state"]) == ("b1", "requested")
        assert "KE" in answer.json()["remedy"]
    assert (await walk_in(before, "KE", "RW", "FR")).status_code == 201, (
        "in other company it is another meeting"
    )
    assert refusal(await walk_in(before, "FR", "KE", "RW"))[1] == "bilateral-exists"


async def test_what_cannot_be_arranged_is_refused_with_the_field_and_a_remedy(before: Meetings) -> None:
    facts = await before.facts()
    refusals: dict[str, tuple[int, str, Json]] = {
        "party-unknown": (422, "&party=XX", {"parties": ["KE", "XX"]}),
        "party-twice": (422, "&party=KE", {"parties": ["KE", "RW", "KE"]}),
        "equipment-unknown": (422, "&needs=piano", {"needs": ["piano"]}),
        "size-unfit": (422, "&size=60", {"size": 60}),
        "too-long": (422, "&minutes=480", {"minutes": 480}),
        "day-not-for-bilaterals": (422, "&day=2022-09-01", {"days": ["2022-09-01"]}),
        "invalid-request": (422, "&level=king", {"level": "king"}),
    }
    for slug, (status, query, sent) in refusals.items():
        for answer in (await before.ask("GET", TWO + query), await walk_in(before, **sent)):
            assert refusal(answer) == (status, slug)
            assert answer.json()["remedy"]
    for query in (
        "?party=KE",
        "?" + "&".join(f"party=P{number}" for number in range(11)),
        "",
        "?party=ke&party=RW",
    ):
        assert refusal(await before.ask("GET", f"/places{query}")) == (422, "invalid-request")
    assert refusal(await walk_in(before, "KE")) == (422, "invalid-request")
    assert refusal(await walk_in(before, priority=4)) == (422, "invalid-request")
    assert await before.facts() == facts


async def test_who_has_withdrawn_cannot_be_met(before: Meetings) -> None:
    await before.desk.hear(DelegationWithdrawn(edition_id=EDITION_ID, invitee="RW"))
    for answer in (await walk_in(before), await before.ask("GET", TWO)):
        assert refusal(answer) == (409, "party-withdrawn")
        assert answer.json()["field"] == "parties[1]"


async def test_vetoes_ranks_blocked_stretches_and_size_leave_what_they_leave(before: Meetings) -> None:
    anything = await starts(before)
    assert len(anything) == 16
    assert await starts(before, f"{TWO}&level=head_of_government") == []
    assert await starts(before, f"{TWO}&day={LAST_DAY}") == anything[8:]
    assert await starts(before, f"{TWO}&size=20") == anything[8:], "only room B seats so many"
    assert len(await starts(before, f"{TWO}&minutes=50")) == 12
    await before.block("RW", (anything[0].isoformat(), anything[3].isoformat()))
    assert await starts(before) == anything[3:]
    ruled = await before.ask("PUT", "/rulings", json={"vetoes": [["KE", "RW"]]}, headers={"if-match": '"0"'})
    assert ruled.status_code == 200, ruled.text
    assert await starts(before) == []
    assert refusal(await walk_in(before, **place(14))) == (409, "place-taken")


async def test_the_walk_in_desk_is_the_secretariats_alone(before: Meetings) -> None:
    for asked in (
        await before.ask("GET", TWO, invitee="KE"),
        await before.ask("POST", "/walk-ins", invitee="KE", json={}),
        await before.ask("GET", TWO, roles=(Role.REGISTRATION,)),
    ):
        assert refusal(asked)[0] == 403


async def test_nothing_that_has_begun_is_offered(solving: Meetings) -> None:
    assert (await solving.ask("GET", TWO)).json() == [], "the summit of 2022 is over"
