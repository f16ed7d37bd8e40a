"""What scheduling will not take: a clear answer each time, and what was published stands."""

from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_scheduling.domain.availability import MAX_STRETCHES
from summit_testkit.builders.scheduling import a_wish, an_edition
from summit_testkit.forms import Json, refusal
from summit_testkit.meetings import Meetings, published

STRETCH = {"start_at": "2022-08-31T14:00:00Z", "end_at": "2022-08-31T15:00:00Z"}
BACKWARDS = {"start_at": STRETCH["end_at"], "end_at": STRETCH["start_at"]}
BEYOND = {"start_at": "0001-01-01T00:00:00+12:00", "end_at": STRETCH["end_at"]}

REQUESTS: dict[str, tuple[str, str, Json | None, int, str]] = {
    "a bilateral that is not": ("GET", "/bilaterals/zz", None, 404, "bilateral-unknown"),
    "a bilateral with a NUL": ("GET", "/bilaterals/a%00b", None, 422, "invalid-request"),
    "a cursor with a NUL": ("GET", "/bilaterals?cursor=%00", None, 422, "invalid-request"),
    "a party in lower case": ("GET", "/bilaterals?party=ke", None, 422, "invalid-request"),
    "a timetable that is not": ("GET", "/timetables/1", None, 404, "timetable-unknown"),
    "timetable nought": ("GET", "/timetables/0", None, 422, "invalid-request"),
    "a timetable beyond all rows": ("GET", "/timetables/2147483648", None, 422, "invalid-request"),
    "placements beyond all rows": ("GET", f"/timetables/{'9' * 30}/placements", None, 422, "invalid-request"),
    "a solve that is not": ("GET", "/solves/zz", None, 404, "solve-unknown"),
    "publishing a solve that is not": ("POST", "/solves/zz/publish", None, 404, "solve-unknown"),
    "a solve in no time": ("POST", "/solves", {"seconds": 0}, 422, "invalid-request"),
    "a solve without end": ("POST", "/solves", {"seconds": 601}, 422, "invalid-request"),
    "a seed beyond all": ("POST", "/solves", {"seed": 2**31}, 422, "invalid-request"),
    "a stretch that ends first": (
        "PUT", "/availability/KE", {"blocked": [{"interval": BACKWARDS}]}, 422, "invalid-request",
    ),
    "a stretch beyond the calendar": (
        "PUT", "/availability/KE", {"blocked": [{"interval": BEYOND}]}, 422, "invalid-request",
    ),
    "a stretch of nobody's": (
        "PUT", "/availability/KE", {"blocked": [{"interval": STRETCH, "member_id": "zz"}]}, 404, "member-unknown",
    ),
    "more stretches than can be stated": (
        "PUT", "/availability/KE", {"blocked": [{"interval": STRETCH}] * (MAX_STRETCHES + 1)}, 422, "invalid-request",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("method", "path", "sent", "status", "slug"), REQUESTS.values(), ids=REQUESTS)
async def test_a_request_that_cannot_be_met_is_refused(
    meetings: Meetings, method: str, path: str, sent: Json | None, status: int, slug: str
) -> None:
    answer = await meetings.ask(method, path, json=sent)
    assert refusal(answer) == (status, slug)
    assert await meetings.facts() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\0",
        b"[]",
        b'{"invitee": "\xff"}',
        pytest.param(b"[" * 100_000, id="a hundred thousand brackets"),
        pytest.param(b" " * 1_000_001, id="a million spaces"),
    ],
)
async def test_a_body_that_is_no_answer_is_refused(meetings: Meetings, body: bytes) -> None:
    await meetings.desk.hear(a_wish())
    headers = {"content-type": "application/json"}
    answer = await meetings.ask("POST", "/bilaterals/b1/accept", invitee="RW", content=body, headers=headers)
    assert refusal(answer)[0] in (400, 413, 422)
    assert (await meetings.bilateral())["revision"] == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/solves"),
        ("GET", "/solves"),
        ("POST", "/solves/zz/publish"),
        ("GET", "/timetables/latest"),
        ("GET", "/timetables/1/placements"),
        ("GET", "/counts"),
    ],
)
async def test_no_nominator_does_the_work_of_the_desk(meetings: Meetings, method: str, path: str) -> None:
    sent: dict[str, Any] = {"json": {}} if method == "POST" else {}
    assert refusal(await meetings.ask(method, path, invitee="KE", **sent)) == (403, "wrong-role")
    assert refusal(await meetings.ask(method, path, anonymous=True, **sent)) == (401, "not-signed-in")
    assert refusal(await meetings.ask(method, path, roles=(Role.SUBSCRIBER,), **sent)) == (403, "wrong-role")


async def test_an_edition_that_nobody_published_has_no_desk(meetings: Meetings) -> None:
    for method, path, sent in (
        ("GET", "counts", None),
        ("POST", "solves", {}),
        ("PUT", "availability/KE", {}),
    ):
        answer = await meetings.desk.ask(method, f"/editions/never-2099/{path}", json=sent)
        assert refusal(answer) == (404, "edition-unknown")


async def test_input_that_contradicts_itself_fails_with_a_reason_and_what_was_published_stands(
    solving: Meetings,
) -> None:
    await solving.agree(a_wish())
    holds = await solving.timetable()
    known = await solving.facts()
    room = an_edition().rooms[0]
    await solving.desk.hear(published(2, rooms=(room, room)))
    solve = await solving.solve()
    failed = await solving.until(solve, "failed")
    assert failed["failure"] == "room A occurs twice"
    assert refusal(await solving.ask("POST", f"{solve}/publish")) == (409, "solve-not-ready")
    latest = await solving.ask("GET", f"/timetables/{holds['number']}/placements")
    assert latest.json() == holds
    assert (await solving.bilateral())["placement"] == holds["placements"]["b1"]
    assert await solving.facts() == known
    await solving.desk.hear(published(3))
    assert (await solving.timetable())["placements"] == holds["placements"], "the next one is solved as ever"
