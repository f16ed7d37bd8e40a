"""Two walk up to the desk: the next places that suit both, and one of them taken by a second press, without JavaScript."""

from collections.abc import Awaitable, Callable
from typing import Any

from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, Visitor, form, wish
from summit_testkit.scenarios.visitor import Seen

Enter = Callable[[str], Awaitable[Visitor]]
SignIn = Callable[..., Awaitable[Visitor]]
TOPIC = "Des unités de police"


async def opened(outsider: Outsider, enter: Enter, *wishes: dict[str, Any]) -> Visitor:
    """The desk before its form; three delegations are there, and one of them wished for this."""
    await outsider.open(SummitFile(outsider.edition_id, states=("KE", "FR", "NO")))
    for code, wished in (("KE", wishes), ("FR", ()), ("NO", ())):
        await outsider.register(code, form(code, *wished))
    desk = await enter("scheduling")
    await desk.shown(f"/en/console/{outsider.edition_id}/timetable")

    async def are_heard() -> None:
        for code in ("KE", "FR", "NO"):
            path = f"{outsider.path}/availability/{code}"
            assert (await outsider.done("scheduling", "GET", path))["representatives"]

    await eventually(are_heard)
    await desk.follow("At the desk")
    return desk


async def test_two_walk_up_and_meet_at_the_next_place(
    outsider: Outsider, enter: Enter, sign_in: SignIn
) -> None:
    desk = await opened(outsider, enter)
    page = await desk.press("Show the next places", {"party": ["FR", "KE"]})
    assert desk.status == 200
    assert "Wednesday, 31 August 2022" in page.text
    assert page.forms[-1].fields["topic"] == ["Convenu au bureau"], "in the language of letters to France"
    page = await desk.press("Hold it there")
    assert "It is done" in page.text
    assert "In the timetable" in page.text
    assert f"/console/{outsider.edition_id}/meetings/" in desk.address
    assert "Convenu au bureau" in page.text
    for code, other in (("KE", "France"), ("FR", "Kenya")):
        visitor = await sign_in(code)
        assert other in (await visitor.open("/en/delegation/bilaterals")).text

        async def is_in_the_agenda(visitor: Visitor = visitor, other: str = other) -> None:
            assert other in (await visitor.open("/en/delegation/agenda")).text

        await eventually(is_in_the_agenda)


async def test_a_place_taken_meanwhile_is_told_and_the_next_are_shown_with_all_that_was_said(
    outsider: Outsider, enter: Enter
) -> None:
    desk = await opened(outsider, enter)
    said = {"party": ["KE", "FR"], "minutes": ["20"], "size": ["6"], "level": ["senior_officer"]}
    said |= {"day": ["2022-08-31"], "language": ["fr"]}
    page = await desk.press("Show the next places", said)
    first = page.forms[-1].buttons[0].value
    start_at, _, room = first.partition(" ")
    other = {"parties": ["KE", "NO"], "topic": "Sooner", "start_at": start_at, "room": room}
    await outsider.done("scheduling", "POST", f"{outsider.path}/walk-ins", json=other)
    page = await desk.press("Hold it there", {"topic": TOPIC})
    assert desk.status == 409
    assert "The meeting cannot be held there." in page.text
    assert kept(page, first) == said
    page = await desk.press("Français")
    assert desk.status == 409
    assert kept(page, first) == said
    page = await desk.press(page.forms[-1].buttons[0].label)
    assert TOPIC in page.text
    (arranged,) = await meetings(outsider, "FR")
    assert (arranged["requester"], arranged["language"], arranged["terms"]["size"]) == ("KE", "fr", 6)


async def meetings(outsider: Outsider, code: str) -> list[dict[str, Any]]:
    """The bilaterals of the invitee."""
    found = await outsider.done("scheduling", "GET", f"{outsider.path}/bilaterals", params={"party": code})
    return list(found["items"])


def kept(page: Seen, taken: str) -> dict[str, list[str]]:
    """What stands in the form of who asks, where the topic is kept as well and the place that was taken is not offered."""
    asked, offer = page.forms[-2:]
    assert offer.fields["topic"] == [TOPIC]
    assert taken not in [one.value for one in offer.buttons]
    return {name: [one for one in values if one] for name, values in asked.fields.items()}


async def test_a_place_is_taken_once_however_often_the_form_is_sent(outsider: Outsider, enter: Enter) -> None:
    desk = await opened(outsider, enter)
    page = await desk.press("Show the next places", {"party": ["KE", "FR"]})
    sent = page.forms[-1]
    fields = {**sent.fields, "place": sent.buttons[0].value}
    answers = [await desk.send(sent.action, fields) for _ in range(2)]
    places = {one.headers.get("location") for one in answers}
    assert len(places) == 1
    assert "/meetings/" in (places.pop() or "")
    assert len(await meetings(outsider, "FR")) == 1


async def test_a_refusal_that_is_told_again_asks_for_nothing_anew(outsider: Outsider, enter: Enter) -> None:
    desk = await opened(outsider, enter)
    page = await desk.press("Show the next places", {"party": ["KE", "FR"]})
    start_at, _, room = page.forms[-1].buttons[0].value.partition(" ")
    other = {"parties": ["KE", "NO"], "topic": "Sooner", "start_at": start_at, "room": room}
    held = await outsider.done("scheduling", "POST", f"{outsider.path}/walk-ins", json=other)
    await desk.press("Hold it there")
    assert desk.status == 409
    path = f"{outsider.path}/bilaterals/{held['bilateral_id']}/release"
    await outsider.done("scheduling", "POST", path, json={"reason": "released"})
    again = next(one for one in desk.page.forms if "told-again" in one.fields)
    page = await desk.press("Français")
    assert desk.status == 409
    assert "L'entretien ne peut s'y tenir." in page.text
    sealed = {**again.fields, "was-refused": ["forged"]}
    assert (await desk.send(again.buttons[0].action or "", sealed)).status_code == 409
    assert await meetings(outsider, "FR") == [], "it would have been booked"
    sent = {name: said for name, said in again.fields.items() if name not in ("told-again", "was-refused")}
    await desk.send(again.buttons[0].action or "", sent)
    assert len(await meetings(outsider, "FR")) == 1


async def test_who_has_a_meeting_already_is_led_to_it_and_it_is_accepted_and_placed_there(
    outsider: Outsider, enter: Enter
) -> None:
    desk = await opened(outsider, enter, wish("FR"))

    async def is_known() -> None:
        await desk.press("Show the next places", {"party": ["FR", "KE"]})
        assert desk.status == 409

    await eventually(is_known)
    assert "The same parties have a meeting already" in desk.page.text
    await desk.follow("Open their meeting")
    assert "Hold it there" not in desk.page.text
    page = await desk.press("Accept for France")
    assert "Agreed; not placed yet" in page.text
    page = await desk.press("Hold it there")
    assert "In the timetable" in page.text


async def test_where_no_place_is_left_the_desk_is_told_what_may_help(
    outsider: Outsider, enter: Enter
) -> None:
    desk = await opened(outsider, enter)
    away = {"start_at": "2022-08-31T00:00:00Z", "end_at": "2022-09-03T00:00:00Z"}
    ruled = {"absences": [{"invitee": "FR", "interval": away}]}
    headers = {"if-match": '"0"'}
    await outsider.done("scheduling", "PUT", f"{outsider.path}/rulings", json=ruled, headers=headers)
    page = await desk.press("Show the next places", {"party": ["KE", "FR"]})
    assert desk.status == 200
    assert "No place is left that suits all of them." in page.text
    page = await desk.follow("What if?")
    assert "France cannot be met" in page.text


async def test_what_cannot_be_taken_is_told_at_its_field_and_stays(outsider: Outsider, enter: Enter) -> None:
    desk = await opened(outsider, enter)
    page = await desk.press("Show the next places", {"party": ["KE", ""], "size": "6"})
    assert desk.status == 422
    assert "This is missing." in page.text
    assert page.forms[-1].fields["size"] == ["6"]
    page = await desk.press("Show the next places", {"party": ["KE", "KE"], "size": "6"})
    assert desk.status == 422
    assert page.text.count("The same is named twice.") == 2, "above the form, and at the field"
    page = await desk.press("Show the next places", {"party": ["KE", "FR"], "minutes": "2x"})
    assert desk.status == 422
    assert "Write a whole number in digits" in page.text
    assert page.forms[-1].fields["minutes"] == ["2x"]
