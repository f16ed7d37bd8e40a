"""A delegation's pages, used without JavaScript: what a focal point does from the invitation to the calendar entry."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from icalendar import Calendar

from summit_testkit.eventually import eventually
from summit_testkit.paper import text_of
from summit_testkit.scenarios import Outsider, SummitFile, Visitor, form, wish
from summit_testkit.scenarios.meeting import published_timetable
from summit_testkit.scenarios.outsider import link_in
from summit_testkit.scenarios.summit import FIRST_DAY, LAST_DAY

SignIn = Callable[..., Awaitable[Visitor]]
HEAD = {
    "members.0.person.name": "Amina Head of KE",
    "members.0.person.email": "head@ke.example",
    "members.0.function": "head",
    "members.0.rank": "head_of_police",
}


async def test_a_link_is_followed_in_the_language_of_the_browser_and_a_code_opens_the_door(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    visitor = await sign_in("FR", "fr")
    link = link_in(await outsider.letter("FR", "invitation"))
    assert (await visitor.fetch(f"/invitation/{link}")).url.path == "/fr/delegation/sign-in"
    assert (visitor.page.attributes["lang"], visitor.page.attributes["dir"]) == ("fr", "ltr")
    assert "France" in visitor.page.text


async def test_a_wrong_code_is_told_and_the_link_needs_not_be_given_again(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    link = link_in(await outsider.letter("KE", "invitation"))
    async with Visitor(outsider.deployment.addresses["portal"]) as visitor:
        await visitor.open("/en/delegation/sign-in")
        await visitor.press("Send me a code", {"link": f"https://somewhere.example/invitation/{link}"})
        page = await visitor.press("Sign in", {"code": "00000000"})
        assert visitor.status == 422
        assert "could not be taken" in page.text
        assert page.forms[-1].fields["link"] == [link]


async def test_a_form_is_kept_as_it_is_typed_and_sent_when_it_is_done(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    visitor = await sign_in("KE")
    await visitor.open("/en/delegation/form")
    half = {"members.0.person.name": "Amina", "wishes.0.counterparts": ["NO", "FR"], "wishes.0.topic": "Pol"}
    assert "is kept" in (await visitor.press("Keep it for later, and add rows", half)).text

    form_seen = (await visitor.open("/en/delegation/form")).forms[-1]
    assert form_seen.fields["members.0.person.name"] == ["Amina"]
    assert form_seen.fields["wishes.0.counterparts"] == ["NO", "FR", ""]
    await visitor.press("Send to the Secretariat", {**HEAD, "wishes.0.days": [FIRST_DAY, LAST_DAY]})
    assert (visitor.status, visitor.address.endswith("/en/delegation?done=sent")) == (200, True), (
        visitor.page.text
    )
    assert "Amina Head of KE" in visitor.page.text
    assert "1 wish" in visitor.page.text
    await visitor.press("Confirm the delegation")
    assert "The delegation is confirmed." in visitor.page.text


async def test_what_is_refused_stands_at_its_field_and_nothing_typed_is_lost(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    visitor = await sign_in("KE")
    await visitor.open("/en/delegation/form")
    typed = {
        **HEAD,
        "members.0.person.email": "nobody",
        "wishes.0.counterparts": ["FR", ""],
        "wishes.0.topic": "T",
    }
    page = await visitor.press("Send to the Secretariat", typed)
    assert visitor.status == 422
    assert 'id="members.0.person.email-fault"' in visitor.html
    assert 'id="wishes.0.days-fault"' in visitor.html
    assert page.forms[-1].fields["members.0.person.name"] == ["Amina Head of KE"]
    assert page.forms[-1].fields["wishes.0.topic"] == ["T"]


async def test_a_registration_sent_twice_is_one_registration(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    visitor = await sign_in("KE")
    sent = (await visitor.open("/en/delegation/form")).forms[-1]
    typed = (
        sent.fields
        | HEAD
        | {
            "wishes.0.counterparts": ["FR"],
            "wishes.0.topic": "Police units",
            "wishes.0.days": [FIRST_DAY],
        }
    )
    place = f"{outsider.path}/delegations/KE"
    answers, kept = [], []
    for _ in range(2):
        answers.append(await visitor.send("/en/delegation/form", typed))
        kept.append((await outsider.done("registration", "GET", place, invitee="KE"))["delegation"])
    assert [(one.status_code, one.headers.get("location")) for one in answers] == [
        (303, "/en/delegation?done=sent")
    ] * 2
    assert kept[0] == kept[1]
    assert [one["person"]["name"] for one in kept[1]["members"]] == ["Amina Head of KE"]


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
async def test_a_change_with_wishes_sent_twice_is_one_change(
    outsider: Outsider, sign_in: SignIn, at_once: bool
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("KE", form("KE"))
    visitor = await sign_in("KE")
    sent = (await visitor.open("/en/delegation/form")).forms[-1].fields
    newcomer = {"members.2.person.name": "Wanjiru Adviser", "members.2.person.email": "adviser@ke.example"}
    wished = {"wishes.0.counterparts": ["FR"], "wishes.0.topic": "Police units", "wishes.0.days": [FIRST_DAY]}
    typed = sent | newcomer | wished

    async def send() -> tuple[int, str | None]:
        answer = await visitor.send("/en/delegation/form", typed)
        return answer.status_code, answer.headers.get("location")

    answers = await asyncio.gather(send(), send()) if at_once else [await send(), await send()]
    assert answers == [(303, "/en/delegation?done=sent")] * 2
    place = f"{outsider.path}/delegations/KE"
    kept = (await outsider.done("registration", "GET", place, invitee="KE"))["delegation"]
    assert [one["person"]["name"] for one in kept["members"]][2:] == ["Wanjiru Adviser"]
    assert [one["asked"]["topic"] for one in kept["wishes"]] == ["Police units"]


async def test_a_draft_kept_twice_is_kept(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    visitor = await sign_in("KE")
    sent = (await visitor.open("/en/delegation/form")).forms[-1].fields | HEAD
    answers = [await visitor.send("/en/delegation/form/draft", sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert all("What you typed is kept." in one.text for one in answers)


async def two_at_the_form(sign_in: SignIn) -> tuple[Visitor, Visitor]:
    """Two people of one delegation, each of whom has its form open."""
    one, other = await sign_in("KE"), await sign_in("KE")
    await one.open("/en/delegation/form")
    await other.open("/en/delegation/form")
    return one, other


async def test_a_language_of_letters_that_somebody_else_changed_is_not_changed_back_unsaid(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("KE", form("KE"))
    one, other = await two_at_the_form(sign_in)
    await one.press("Save the changes", {"language": "fr"})
    page = await other.press("Save the changes")
    assert other.status == 412
    assert "Language of letters to the delegation Français English" in page.text


async def test_a_change_beside_anothers_other_change_is_still_a_conflict(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("KE", form("KE"))
    one, other = await two_at_the_form(sign_in)
    await one.press("Save the changes", {"members.0.person.name": "Changed by one"})
    wished = {"wishes.0.counterparts": ["FR", ""], "wishes.0.topic": "T", "wishes.0.days": [FIRST_DAY]}
    page = await other.press("Save the changes", wished)
    assert other.status == 412
    assert page.forms[-1].fields["wishes.0.topic"] == ["T"]
    place = f"{outsider.path}/delegations/KE"
    kept = (await outsider.done("registration", "GET", place, invitee="KE"))["delegation"]
    assert kept["wishes"] == []


async def test_a_delegation_is_confirmed_and_withdrawn_once_by_a_form_sent_twice(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("KE", form("KE"))
    visitor = await sign_in("KE")
    for label, place, done in (
        ("Confirm the delegation", "/en/delegation/confirm", "confirmed"),
        ("Withdraw the delegation", "/en/delegation/leave", "withdrawn"),
    ):
        page = await visitor.open("/en/delegation")
        sent = next(one for one in page.forms if label in [button.label for button in one.buttons]).fields
        answers = [await visitor.send(place, sent) for _ in range(2)]
        assert [one.headers.get("location") for one in answers] == [f"/en/delegation?done={done}"] * 2


async def test_a_registration_beside_another_is_a_conflict_and_saving_from_there_keeps_who_is_registered(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    one, other = await two_at_the_form(sign_in)
    await one.press("Send to the Secretariat", HEAD)
    page = await other.press(
        "Send to the Secretariat", {**HEAD, "members.0.person.title": "Inspector General"}
    )
    assert other.status == 412
    assert "Somebody else has changed this meanwhile." in page.text
    place = f"{outsider.path}/delegations/KE"
    before = (await outsider.done("registration", "GET", place, invitee="KE"))["delegation"]["members"]
    await other.press("Save the changes")
    after = (await outsider.done("registration", "GET", place, invitee="KE"))["delegation"]["members"]
    assert [one["member_id"] for one in after] == [one["member_id"] for one in before]
    assert after[0]["person"]["title"] == "Inspector General"


async def test_two_people_at_one_form_are_told_and_neither_loses_anything(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    await outsider.register("KE", form("KE"))
    one, other = await two_at_the_form(sign_in)
    await one.press("Save the changes", {"members.0.person.name": "Changed by one"})
    page = await other.press("Save the changes", {"members.1.person.name": "Changed by the other"})
    assert other.status == 412
    assert "Somebody else has changed this meanwhile." in page.text
    assert "Changed by one" in page.text
    assert page.forms[-1].fields["members.1.person.name"] == ["Changed by the other"]
    await other.press("Save the changes", {"members.0.person.name": "Changed by one"})
    assert "Changed by one" in other.page.text
    assert "Changed by the other" in other.page.text


async def test_a_meeting_is_countered_accepted_and_stands_in_the_agenda_and_the_calendar(
    outsider: Outsider, sign_in: SignIn
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("NO", form("NO"))
    wished = await outsider.register("KE", form("KE", wish("NO")))
    bilateral = wished["wishes"][0]["bilateral_id"]
    norway, kenya = await sign_in("NO"), await sign_in("KE")

    async def is_heard() -> None:
        assert "Waits for your answer" in (await norway.open("/en/delegation/bilaterals")).text

    await eventually(is_heard)
    await norway.follow("Kenya")
    await norway.press(
        "Propose these terms", {"days": [LAST_DAY], "minutes": "20", "note": "Rather on Friday"}
    )
    assert norway.status == 200, norway.page.text
    assert "This becomes public" in (await kenya.open(f"/en/delegation/bilaterals/{bilateral}")).text
    assert "Rather on Friday" in kenya.page.text
    await kenya.press("Accept the meeting")
    assert "Agreed" in kenya.page.text

    await published_timetable(outsider)

    async def is_placed() -> None:
        assert "Norway" in (await kenya.open("/en/delegation/agenda")).text

    await eventually(is_placed, within=40)
    assert "2 September 2022" in kenya.page.text
    assert "Norway" in (await kenya.open("/en/delegation/agenda?view=grid")).text
    printed = await kenya.fetch("/ru/delegation/agenda.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert "Норвегия" in text_of(printed.content)
    page = await kenya.press("Make an address for calendar programs")
    address = next(one for one in page.links.values() if one.endswith("agenda.ics"))
    feed = await kenya.fetch(address)
    assert feed.headers["content-type"].startswith("text/calendar")
    assert [str(one["location"]) for one in Calendar.from_ical(feed.text).walk("VEVENT")] != []

    async def is_written() -> None:
        await kenya.open("/en/delegation/letters")
        await kenya.follow("The timetable of bilateral meetings")

    await eventually(is_written)
    assert "Norway" in kenya.page.text


async def asked_of_norway(outsider: Outsider, sign_in: SignIn) -> tuple[Visitor, str]:
    """Norway before a meeting that waits for its answer, and the meeting's place."""
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("NO", form("NO"))
    wished = await outsider.register("KE", form("KE", wish("NO")))
    place = f"/fr/delegation/bilaterals/{wished['wishes'][0]['bilateral_id']}"
    norway = await sign_in("NO", "fr")

    async def is_heard() -> None:
        await norway.open(place)
        assert norway.status == 200

    await eventually(is_heard)
    return norway, place


@pytest.mark.parametrize(
    ("field", "typed", "remedy"),
    [
        ("minutes", "²", "Écrivez un nombre entier en chiffres"),
        ("minutes", "20.0", "Écrivez un nombre entier en chiffres"),
        ("size", "1_0", "Écrivez un nombre entier en chiffres"),
        ("size", "4.", "Écrivez un nombre entier en chiffres"),
        ("days", "tomorrow", "Cochez au moins un de ces jours"),
        ("starts_at", "at noon", "Cochez des heures de cette liste"),
        ("starts_at", "0001-01-01T00:00:00+14:00", "Cochez des heures de cette liste"),
    ],
    ids=["superscript", "decimals", "underscore", "point", "no day", "no time", "first day of all"],
)
async def test_a_counter_proposal_that_cannot_be_read_is_refused_at_its_field(
    outsider: Outsider, sign_in: SignIn, field: str, typed: str, remedy: str
) -> None:
    norway, place = await asked_of_norway(outsider, sign_in)
    sent = next(one for one in norway.page.forms if one.action.endswith("/counter")).fields
    answer = await norway.send(f"{place}/counter", {**sent, "days": [LAST_DAY], field: [typed]})
    assert answer.status_code == 422, answer.text
    fault = re.search(rf'<p class="fault" id="{field}-fault" *>([^<]*)</p>', answer.text)
    assert fault, answer.text
    assert fault[1].startswith(remedy)


async def test_a_time_on_a_day_that_was_not_chosen_is_refused_and_not_left_out(
    outsider: Outsider, sign_in: SignIn
) -> None:
    norway, place = await asked_of_norway(outsider, sign_in)
    counter = next(one for one in norway.page.forms if one.action.endswith("/counter"))
    other_day = next(one for one in counter.choices["starts_at"] if not one.startswith(LAST_DAY))
    sent = {**counter.fields, "days": [LAST_DAY], "starts_at": [other_day]}
    answer = await norway.send(f"{place}/counter", sent)
    assert answer.status_code == 422
    assert 'id="starts_at-fault"' in answer.text


@pytest.mark.parametrize("step", ["accept", "decline", "counter"])
async def test_an_answer_sent_twice_is_one_answer(outsider: Outsider, sign_in: SignIn, step: str) -> None:
    norway, place = await asked_of_norway(outsider, sign_in)
    sent = next(one for one in norway.page.forms if one.action.endswith(f"/{step}")).fields
    if step == "counter":
        sent = {**sent, "days": [LAST_DAY], "minutes": ["20"], "note": ["Rather on Friday"]}
    answers = [await norway.send(f"{place}/{step}", sent) for _ in range(2)]
    assert [(one.status_code, one.headers.get("location")) for one in answers] == [(303, place)] * 2
    path = f"{outsider.path}/bilaterals/{place.rpartition('/')[2]}"
    kept = await outsider.done("scheduling", "GET", path, invitee="NO")
    assert len(kept["thread"]) == (2 if step == "counter" else 1)
    if step == "decline":
        return
    late = await norway.send(f"{place}/decline", {**sent, "why": ["Too late"]})
    assert late.status_code == 412, "another answer to what was seen before is no repetition"


async def test_a_focal_point_sees_nothing_of_another_delegation(outsider: Outsider, sign_in: SignIn) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    wished = await outsider.register("KE", form("KE", wish("NO")))
    bilateral = wished["wishes"][0]["bilateral_id"]
    letter = await outsider.letter("KE", "delegation_registered")
    letter_id = letter["Message-ID"].strip("<>").partition("@")[0].partition(".")[0]
    stranger = await sign_in("FR")

    async def is_known() -> None:
        await outsider.done("scheduling", "GET", f"{outsider.path}/bilaterals/{bilateral}", invitee="KE")

    await eventually(is_known)
    for place in ("", "/form", "/bilaterals", "/agenda", "/letters"):
        page = await stranger.open(f"/en/delegation{place}")
        assert stranger.status == 200, page.text
        for secret in ("Member 1 of KE", "ke.example", bilateral, "Formed police units"):
            assert secret not in stranger.html, (place, secret)
    for place in (f"bilaterals/{bilateral}", f"letters/{letter_id}"):
        await stranger.open(f"/en/delegation/{place}")
        assert stranger.status in (403, 404), (place, stranger.status)
        assert "Formed police units" not in stranger.html


@pytest.mark.parametrize("place", ["", "/form", "/bilaterals", "/agenda", "/letters"])
async def test_nobody_sees_a_workspace_without_signing_in(outsider: Outsider, place: str) -> None:
    async with Visitor(outsider.deployment.addresses["portal"]) as visitor:
        await visitor.open(f"/ar/delegation{place}")
        assert "/ar/delegation/sign-in" in visitor.address
        assert visitor.page.attributes["dir"] == "rtl"
