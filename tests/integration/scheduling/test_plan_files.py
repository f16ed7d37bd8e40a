"""A published timetable can be had as one document that is checked without believing whoever made it."""

import json
from copy import deepcopy

from summit_testkit.builders.scheduling import FIRST_DAY, a_wish, in_new_york
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings
from summit_verifier.report import Report, verify

FIRST = (FIRST_DAY,)


async def plan_file(meetings: Meetings, number: int) -> bytes:
    answer = await meetings.ask("GET", f"/timetables/{number}/plan")
    assert answer.status_code == 200, answer.text
    return answer.content


def moment(hour: int, minute: int = 0) -> str:
    return in_new_york(FIRST_DAY, hour, minute).isoformat()


async def some_placed(meetings: Meetings) -> Json:
    await meetings.agree(a_wish("b1", "KE", "RW", days=FIRST), a_wish("b2", "FR", "KE", days=FIRST))
    return await meetings.timetable()


def checked(content: bytes) -> Report:
    report = verify(content)
    assert report.is_true, report.to_text()
    return report


async def test_what_was_solved_is_proven_by_its_plan_file_alone(solving: Meetings) -> None:
    await some_placed(solving)
    assert checked(await plan_file(solving, 1)).is_proven


async def test_what_is_booked_put_back_or_arranged_at_the_desk_has_a_plan_file_too(solving: Meetings) -> None:
    await some_placed(solving)
    other = {"bilateral_id": "b1", "start_at": moment(14), "room": "A"}
    assert (await solving.ask("POST", "/bookings", json=other)).status_code == 201
    assert (await solving.ask("POST", "/timetables/1/roll-back")).status_code == 201
    walk_in = {**other, "parties": ["RW", "FR"], "topic": "Training", "start_at": moment(14, 30)}
    del walk_in["bilateral_id"]
    assert (await solving.ask("POST", "/walk-ins", json=walk_in)).status_code == 201
    first, booked, again, walked = [await plan_file(solving, number) for number in (1, 2, 3, 4)]
    assert [checked(one).is_true for one in (first, booked, again, walked)] == [True] * 4
    assert len({first, booked, again, walked}) == 4


async def test_the_file_is_for_staff_and_of_timetables_that_there_are(solving: Meetings) -> None:
    assert refusal(await solving.ask("GET", "/timetables/1/plan"))[1] == "timetable-unknown"
    assert refusal(await solving.ask("GET", "/timetables/1/plan", invitee="KE"))[0] == 403
    await some_placed(solving)
    async with solving.desk.database.engine.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM plan_files")  # as for one from before they were kept
    assert refusal(await solving.ask("GET", "/timetables/1/plan"))[1] == "plan-file-not-kept"


async def test_a_delegations_meeting_moved_in_the_file_is_found(solving: Meetings) -> None:
    await some_placed(solving)
    document = (await solving.ask("GET", "/timetables/1/plan")).json()
    forged = deepcopy(document)
    forged["placements"][0][1] = forged["placements"][1][1]
    assert document != forged
    assert not verify(json.dumps(forged).encode()).is_true
