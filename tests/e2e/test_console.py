"""The secretariat's desks, used without JavaScript: who waits is decided, letters are looked at, and each desk sees its own."""

from collections.abc import Awaitable, Callable

import pytest

from summit_cli.servers.behaviour import Behaviour
from summit_contracts.notifications import LetterFailed
from summit_contracts.registration import DelegateAccredited, DelegateRefused
from summit_contracts.values import Language
from summit_testkit.scenarios import Outsider, SummitFile, Visitor, form

Enter = Callable[..., Awaitable[Visitor]]
OPEN_TO = {
    "registrations": {"registration", "protocol", "admin"},
    "letters": {"registration", "scheduling", "pledges", "protocol", "admin"},
}
"""Which desks see which page of a summit."""


async def opened(outsider: Outsider, *states: str) -> None:
    """A summit is open, and each of these has registered a delegation of two."""
    await outsider.open(SummitFile(outsider.edition_id, states=states))
    for code in states:
        await outsider.register(code, form(code))


async def test_who_waits_is_approved_held_and_refused_with_a_reason(outsider: Outsider, enter: Enter) -> None:
    await opened(outsider, "KE", "FR")
    desk = await enter("registration")
    await desk.shown(f"/en/console/{outsider.edition_id}/registrations")
    queue = desk.page.forms[-1]
    places = {place.split(" ")[0]: place for place in reversed(queue.choices["place"])}
    assert len(queue.choices["place"]) == 4

    page = await desk.press("Approve", {"place": places["KE"]})
    assert "1 nomination was decided." in page.text
    accredited = await outsider.fact(DelegateAccredited)
    assert (accredited.data.invitee, accredited.data.member_id) == ("KE", places["KE"].split(" ")[1])

    await desk.press("Hold", {"place": places["FR"], "note": "Passport is not legible"})
    page = await desk.follow("Held")
    assert "Passport is not legible" in page.text
    assert " of FR" in page.text
    await desk.press("Refuse", {"place": desk.page.forms[-1].choices["place"], "reason": "incomplete_papers"})
    refused = await outsider.fact(DelegateRefused)
    assert (refused.data.invitee, refused.data.reason) == ("FR", "incomplete_papers")
    assert "Papers are incomplete" in (await desk.follow("Refused")).text


async def test_everybody_on_the_page_is_decided_at_once(outsider: Outsider, enter: Enter) -> None:
    await opened(outsider, "KE", "FR", "NO")
    desk = await enter("protocol")
    await desk.shown(f"/fr/console/{outsider.edition_id}/registrations")
    page = await desk.press("Approuver", {"everybody": "yes"})
    assert "6 désignations ont été tranchées." in page.text
    assert "Personne n’en est à cette étape." in page.text


async def test_what_was_chosen_and_typed_stays_when_a_decision_is_refused(
    outsider: Outsider, enter: Enter
) -> None:
    await opened(outsider, "KE")
    desk = await enter("registration")
    await desk.shown(f"/en/console/{outsider.edition_id}/registrations")
    page = await desk.press("Approve")
    assert desk.status == 422
    assert "Choose at least one person first." in page.text

    place = page.forms[-1].choices["place"][0]
    page = await desk.press("Refuse", {"place": place, "note": "Ask the mission"})
    assert desk.status in (409, 422), page.text
    kept = page.forms[-1].fields
    assert (kept["place"], kept["note"]) == ([place], ["Ask the mission"])


async def test_a_decision_sent_twice_is_one_decision(outsider: Outsider, enter: Enter) -> None:
    await opened(outsider, "KE")
    desk = await enter("registration")
    queue = f"/en/console/{outsider.edition_id}/registrations"
    await desk.shown(queue)
    sent = desk.page.forms[-1].fields
    refused, held = desk.page.forms[-1].choices["place"]
    for decision, chosen in (
        ("refuse", {"place": [refused], "reason": ["duplicate"]}),
        ("hold", {"place": [held], "note": ["Ask the mission"]}),
    ):
        typed = {**sent, **chosen, "decision": [decision]}
        answers = [await desk.send(f"{queue}?stage=police_division", typed) for _ in range(2)]
        assert [one.headers.get("location") for one in answers] == [
            f"{queue}?stage=police_division&done=1"
        ] * 2


async def test_somebody_who_was_replaced_meanwhile_is_not_decided_and_the_desk_is_told(
    outsider: Outsider, enter: Enter
) -> None:
    await opened(outsider, "KE")
    desk = await enter("registration")
    await desk.shown(f"/en/console/{outsider.edition_id}/registrations")
    place, other = desk.page.forms[-1].choices["place"]
    invitee, member_id, _ = place.split(" ")
    colleague = await enter("registration")
    await colleague.shown(f"/en/console/{outsider.edition_id}/registrations")
    await colleague.press("Refuse", {"place": place, "reason": "duplicate"})
    page = await desk.press("Approve", {"place": [place, other]})
    assert desk.status == 409
    assert "These could not be decided; all others were." in page.text
    assert (await outsider.fact(DelegateAccredited)).data.member_id != member_id
    assert invitee == "KE"


@pytest.mark.parametrize("desk", ["registration", "scheduling", "pledges", "protocol", "admin"])
async def test_each_desk_opens_its_own_pages_and_no_other(
    outsider: Outsider, enter: Enter, desk: str
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    visitor = await enter(desk)
    await visitor.shown(f"/en/console/{outsider.edition_id}")
    offered = [link for link in visitor.page.links.values() if "/console/" in link]
    for name, desks in OPEN_TO.items():
        place = f"/en/console/{outsider.edition_id}/{name}"
        await visitor.open(place)
        assert visitor.status == (200 if desk in desks else 403), (desk, name)
        assert (place in offered) is (desk in desks)
    await visitor.open("/en/console/dead-letters")
    assert visitor.status == (200 if desk == "admin" else 403)


async def test_nobody_else_sees_the_console(outsider: Outsider) -> None:
    await opened(outsider, "KE")
    async with Visitor(outsider.deployment.addresses["portal"]) as stranger:
        for page in (outsider.edition_id, f"{outsider.edition_id}/registrations", "dead-letters"):
            await stranger.open(f"/en/console/{page}")
            assert "/console/sign-in" in stranger.address
            assert "Member 1 of KE" not in stranger.html


@pytest.mark.parametrize("language", Language)
async def test_a_letter_is_looked_at_in_each_language(
    outsider: Outsider, enter: Enter, language: Language
) -> None:
    await opened(outsider, "EG")
    for letter in ("invitation", "delegation_registered"):
        await outsider.sent("EG", letter)
    desk = await enter("pledges")
    await desk.shown(f"/{language}/console/{outsider.edition_id}/letters?to=EG&state=sent")
    listed = [one for one in desk.page.links.values() if "/letters/" in one]
    assert len(listed) == 2
    said = set()
    for one in listed:
        await desk.open(f"{one}?in={language}")
        assert desk.status == 200
        if f'<article class="mail" lang="{language}"' in desk.html:
            said.add(one)
    assert len(said) == 1, "what opens a door is told to nobody"
    await desk.open(f"/{language}/console/{outsider.edition_id}/previews/timetable?in={language}")
    assert f'<article class="mail" lang="{language}"' in desk.html


async def test_a_letter_that_was_refused_is_sent_again_from_its_page(
    outsider: Outsider, enter: Enter
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    await outsider.letter("KE", "invitation")
    outsider.mailbox.behave(Behaviour.REFUSE, towards=outsider.focal("KE"))
    await outsider.register("KE", form("KE"))
    failed = (await outsider.fact(LetterFailed)).data
    outsider.mailbox.behave(Behaviour.ACCEPT, towards=outsider.focal("KE"))

    onlooker = await enter("protocol")
    place = f"/en/console/{outsider.edition_id}/letters/{failed.letter_id}"
    await onlooker.shown(place)
    assert "Send it again" not in onlooker.page.text
    desk = await enter("admin")
    await desk.shown(f"/en/console/{outsider.edition_id}/letters?state=failed")
    assert failed.reason in desk.page.text
    await desk.follow("The delegation was registered")
    assert desk.address.endswith(place)
    (again,) = (one for one in desk.page.forms if one.action.endswith("/resend"))
    await desk.press("Send it again")
    assert desk.status == 200
    sent_twice = await desk.send(again.action, again.fields)
    assert sent_twice.headers.get("location") == place
    mail = await outsider.letter("KE", "delegation_registered")
    assert failed.letter_id in mail["Message-ID"]
