"""The secretariat's desk for the timetable, used without JavaScript: solve, publish, compare, try, place by hand."""

from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio

from summit_contracts.scheduling import BilateralScheduled, TimetablePublished
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, Visitor, form, wish
from summit_testkit.scenarios.meeting import published_timetable

Enter = Callable[[str], Awaitable[Visitor]]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(outsider: Outsider, enter: Enter) -> Visitor:
    """Somebody of the desk for scheduling, with two agreed meetings of three delegations."""
    states = ("KE", "FR", "NO")
    await outsider.open(SummitFile(outsider.edition_id, states=states))
    for code, others in (("NO", ()), ("FR", ()), ("KE", ("FR", "NO"))):
        await outsider.register(code, form(code, *(wish(other) for other in others)))
    await agree(outsider, "KE")
    visitor = await enter("scheduling")

    async def are_known_by_name() -> None:
        page = await visitor.open(f"/en/console/{outsider.edition_id}/what-ifs")
        assert len(page.forms[-1].choices["pinned"]) == 3, page.text  # none of them, or one of the two

    await eventually(are_known_by_name)
    await visitor.open(f"/en/console/{outsider.edition_id}/timetable")
    return visitor


async def agree(outsider: Outsider, requester: str) -> None:
    """Everybody asked has said yes."""
    path = f"{outsider.path}/bilaterals"

    async def are_heard() -> list[dict[str, str]]:
        found = (await outsider.done("scheduling", "GET", path, params={"party": requester}))["items"]
        assert len(found) == 2
        return list(found)

    for one in await eventually(are_heard):
        body = {"invitee": one["counterparts"][0]}
        await outsider.done("scheduling", "POST", f"{path}/{one['bilateral_id']}/accept", json=body)


async def solved(visitor: Visitor) -> None:
    """The solve on the screen has ended."""
    address = visitor.address

    async def has_ended() -> None:
        await visitor.open(address)
        assert "Look again" not in visitor.page.links, visitor.page.text

    await eventually(has_ended, within=60)


async def test_a_timetable_is_solved_published_compared_and_put_back(
    outsider: Outsider, desk: Visitor
) -> None:
    assert "No timetable was published yet." in desk.page.text
    await desk.follow("Solve")
    await desk.press("Solve", {"seconds": "30"})
    await solved(desk)
    assert "New place" in desk.page.text
    assert "Proven best" in desk.page.text
    page = await desk.press("Publish", {"name": "The first one"})
    assert "This timetable holds from now on" in page.text
    assert "Version 1: The first one" in page.text
    assert "Kenya · France" in page.text
    assert (await outsider.fact(TimetablePublished)).data.number == 1

    await desk.follow("What if?")
    await desk.press("Try it", {"one": "KE", "other": "NO", "seconds": "30"})
    await solved(desk)
    page = desk.page
    assert "A what-if" in page.text
    assert "The secretariat does not let these parties meet." in page.text
    await desk.press("Publish")
    assert "What could not be placed, and why" in desk.page.text
    page = await desk.follow("With version 1")
    assert "From version 1 to 2" in page.text
    assert "Without a place" in page.text

    await desk.follow("Timetable")
    page = await desk.press("Put back")
    assert "Version 3" in page.text
    assert "An earlier version put back (1)" in page.text


async def test_what_was_solved_on_an_older_state_is_not_published_and_the_desk_is_told(
    outsider: Outsider, desk: Visitor
) -> None:
    await desk.follow("Solve")
    await desk.press("Solve", {"seconds": "30"})
    await solved(desk)
    path = f"{outsider.path}/availability/NO"
    await outsider.done(
        "scheduling",
        "PUT",
        path,
        json={
            "blocked": [{"interval": {"start_at": "2022-08-31T06:00:00Z", "end_at": "2022-08-31T09:00:00Z"}}]
        },
    )
    page = await desk.press("Publish", {"name": "Too late"})
    assert desk.status == 412
    assert "have changed since" in page.text
    assert await outsider.facts(TimetablePublished) == []


async def test_a_half_said_ruling_is_told_and_what_was_chosen_stays(
    outsider: Outsider, desk: Visitor
) -> None:
    await desk.follow("What if?")
    page = await desk.press("Put it in force", {"room": "R-1", "room_on": "2022-08-31", "room_from": "09:00"})
    assert desk.status == 422
    assert "This is missing." in page.text
    kept = page.forms[-1].fields
    assert (kept["room"], kept["room_from"]) == (["R-1"], ["09:00"])
    page = await desk.press("Français")
    assert "Ceci manque." in page.text
    assert page.forms[-1].fields["room_from"] == ["09:00"]
    page = await desk.press("Le mettre en vigueur", {"room_to": "12:00"})
    assert "La salle R-1 est fermée" in page.text


async def test_a_plenary_is_moved_in_a_what_if_and_the_timetable_follows(
    outsider: Outsider, desk: Visitor
) -> None:
    await published_timetable(outsider)
    day = (await days_of_meetings(outsider)).pop()
    await desk.follow("What if?")
    moved = {"code": "plenary", "duty_on": day, "duty_from": "09:00", "seconds": "30"}
    page = await desk.press("Try it", moved)
    assert desk.status == 422
    assert "This is missing." in page.text
    assert page.forms[-1].fields["duty_on"] == [day]
    await desk.press("Try it", {"duty_to": "12:00"})
    await solved(desk)
    assert "A what-if" in desk.page.text
    assert "A party cannot be there at the former time any more." in desk.page.text
    assert day in await days_of_meetings(outsider), "nothing holds before it is published"
    page = await desk.press("Publish")
    assert "Version 2" in page.text
    assert len(days := await days_of_meetings(outsider)) == 1
    assert day not in days, "everybody is at the plenary"
    await eventually(lambda: the_programme_has_it_moved(outsider, desk))
    await desk.open(f"/en/console/{outsider.edition_id}/timetable")
    page = await desk.follow("What if?")
    assert "what is to be lifted. Plenary" in page.text
    (in_force,) = (await outsider.done("scheduling", "GET", f"{outsider.path}/rulings"))["duties"]
    assert in_force["interval"]["start_at"].startswith(f"{day}T06:00:00")
    page = await desk.press("Put it in force", {"lift": page.forms[-1].choices["lift"]})
    assert "Nothing is ruled." in page.text


async def the_programme_has_it_moved(outsider: Outsider, visitor: Visitor) -> None:
    """Everybody reads when the plenary is held by now, and when it was to be."""
    await visitor.open(f"/en/{outsider.edition_id}/programme")
    assert "09:00 – 12:00 Plenary Moved: it was to begin on" in visitor.page.text, visitor.page.text


async def days_of_meetings(outsider: Outsider) -> set[str]:
    """The days on which something is held by the timetable that holds."""
    newest = (await outsider.done("scheduling", "GET", f"{outsider.path}/timetables"))[0]["number"]
    path = f"{outsider.path}/timetables/{newest}/placements"
    placements = (await outsider.done("scheduling", "GET", path))["placements"]
    return {one["on"] for one in placements.values()}


async def test_two_who_rule_at_once_get_a_conflict_and_no_loss(outsider: Outsider, desk: Visitor) -> None:
    await desk.follow("What if?")
    path = f"{outsider.path}/rulings"
    ruled = {"vetoes": [["FR", "NO"]]}
    await outsider.done("scheduling", "PUT", path, json=ruled, headers={"if-match": '"0"'})
    page = await desk.press("Put it in force", {"one": "KE", "other": "NO"})
    assert desk.status == 412
    assert page.forms[-1].fields["one"] == ["KE"]
    in_force = await outsider.done("scheduling", "GET", path)
    assert in_force["vetoes"] == [["FR", "NO"]]
    await desk.press("Put it in force")
    assert "These rulings are in force" in desk.page.text, "having seen the other's, one rules on top of them"
    in_force = await outsider.done("scheduling", "GET", path)
    assert sorted(map(sorted, in_force["vetoes"])) == [["FR", "NO"], ["KE", "NO"]]


async def test_a_what_if_is_not_tried_on_rulings_that_nobody_at_the_desk_has_seen(
    outsider: Outsider, desk: Visitor
) -> None:
    await desk.follow("What if?")
    path = f"{outsider.path}/rulings"
    ruled = {"vetoes": [["FR", "NO"]]}
    await outsider.done("scheduling", "PUT", path, json=ruled, headers={"if-match": '"0"'})
    page = await desk.press("Try it", {"one": "KE", "other": "NO", "seconds": "30"})
    assert desk.status == 412
    assert page.forms[-1].fields["one"] == ["KE"]
    assert len(page.forms[-1].choices["lift"]) == 1, "the other's ruling is shown now"
    await desk.press("Try it")
    await solved(desk)
    assert "A what-if" in desk.page.text


async def test_rulings_sent_twice_are_ruled_once(outsider: Outsider, desk: Visitor) -> None:
    page = await desk.follow("What if?")
    sent = page.forms[-1].fields | {
        "action": "rule",
        "one": "KE",
        "other": "NO",
        "invitee": "FR",
        "away_on": page.forms[-1].choices["away_on"][1],
        "away_from": "09:00",
        "away_to": "10:00",
    }
    place = f"/en/console/{outsider.edition_id}/what-ifs"
    answers = [await desk.send(place, sent) for _ in range(2)]
    assert [one.headers.get("location") for one in answers] == [f"{place}?ruled=yes"] * 2
    in_force = await outsider.done("scheduling", "GET", f"{outsider.path}/rulings")
    assert (in_force["vetoes"], len(in_force["absences"]), in_force["revision"]) == ([["KE", "NO"]], 1, 1)


async def test_what_is_chosen_to_be_lifted_stays_chosen_where_another_ruled_meanwhile(
    outsider: Outsider, desk: Visitor
) -> None:
    path = f"{outsider.path}/rulings"

    async def ruled(revision: int, *vetoes: list[str]) -> None:
        tag = {"if-match": f'"{revision}"'}
        await outsider.done("scheduling", "PUT", path, json={"vetoes": vetoes}, headers=tag)

    await ruled(0, ["KE", "NO"])
    page = await desk.follow("What if?")
    (lifted,) = page.forms[-1].choices["lift"]
    await ruled(1, ["FR", "NO"], ["KE", "NO"])
    page = await desk.press("Put it in force", {"lift": lifted})
    assert desk.status == 412
    assert page.forms[-1].fields["lift"] == [lifted]
    assert len(page.forms[-1].choices["lift"]) == 2
    await desk.press("Put it in force")
    assert (await outsider.done("scheduling", "GET", path))["vetoes"] == [["FR", "NO"]]


async def test_a_meeting_fixed_at_two_moments_is_told_beside_the_field(desk: Visitor) -> None:
    page = await desk.follow("What if?")
    meeting = page.forms[-1].choices["pinned"][1]
    first, second = page.forms[-1].choices["start_at"][1:3]
    page = await desk.press("Put it in force", {"pinned": meeting, "start_at": first})
    assert "These rulings are in force" in page.text
    page = await desk.press("Put it in force", {"pinned": meeting, "start_at": second})
    assert desk.status == 409
    assert page.text.count("What is fixed here contradicts itself.") == 2, "above the form, and at the field"
    assert page.text.count("the meeting is pinned to two moments") == 1, (
        "above the form, in the owner's words"
    )
    assert page.forms[-1].fields["start_at"] == [second]


async def test_a_meeting_is_placed_by_hand_and_its_place_given_back(
    outsider: Outsider, desk: Visitor
) -> None:
    listed = (await outsider.done("scheduling", "GET", f"{outsider.path}/bilaterals"))["items"]
    await desk.open(f"/en/console/{outsider.edition_id}/meetings/{listed[0]['bilateral_id']}")
    page = await desk.press("Hold it there")
    assert "It is done" in page.text
    assert "In the timetable" in page.text
    assert (await outsider.fact(BilateralScheduled)).data.bilateral_id == listed[0]["bilateral_id"]
    back = next(one for one in page.forms if one.action.endswith("/release"))
    page = await desk.press("Give the place back", {"invitee": "KE"})
    assert desk.status == 200
    assert "Cancelled" in page.text
    again = await desk.send(back.action, {**back.fields, "invitee": ["KE"]})
    assert again.headers.get("location") == f"{back.action.rpartition('/')[0]}?done=yes"


@pytest.mark.parametrize("wrong", ["registration", "pledges", "protocol"])
async def test_other_desks_see_the_timetable_and_change_nothing(
    outsider: Outsider, desk: Visitor, enter: Enter, wrong: str
) -> None:
    other = await enter(wrong)
    page = await other.open(f"/en/console/{outsider.edition_id}/timetable")
    assert other.status == 200
    assert not {"Solve", "At the desk"} & page.links.keys()
    for place in ("solves", "what-ifs", "walk-ins", "meetings/none"):
        await other.open(f"/en/console/{outsider.edition_id}/{place}")
        assert other.status == 403
