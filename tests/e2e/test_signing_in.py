"""A focal point gets in by the link of its invitation and a code, both from its own mailbox."""

import asyncio

import pytest

from summit_testkit.scenarios import Outsider, SummitFile, Visitor, form
from summit_testkit.scenarios.outsider import code_in, link_in


async def test_a_focal_point_signs_in_by_mail_and_acts_for_its_invitee_alone(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "RW"]))
    token = await outsider.sign_in("KE")
    registered = await outsider.ask(
        "registration", "POST", f"{outsider.path}/delegations/KE", token=token, json=form("KE")
    )
    assert registered.status_code == 201, registered.text
    foreign = await outsider.ask(
        "registration", "POST", f"{outsider.path}/delegations/RW", token=token, json=form("RW")
    )
    assert (foreign.status_code, foreign.json()["type"]) == (403, "urn:summit:problem:foreign-invitee")


async def test_a_link_alone_is_no_key(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    link = link_in(await outsider.letter("KE", "invitation"))
    guessed = await outsider.ask(
        "registration", "POST", "/sign-in", token="", json={"link": link, "code": "00000000"}
    )
    assert guessed.status_code in (401, 403)
    assert "token" not in guessed.json()


async def test_a_stranger_learns_nothing_about_links(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    link = link_in(await outsider.letter("KE", "invitation"))
    answers = [
        await outsider.ask("registration", "POST", "/sign-in/codes", token="", json={"link": one})
        for one in (link, "no-such-link-anywhere")
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()


async def at_the_second_step(outsider: Outsider, visitor: Visitor) -> dict[str, list[str]]:
    """The filled-in form that opens the door, not sent yet."""
    link = link_in(await outsider.letter("KE", "invitation"))
    await visitor.open("/en/delegation/sign-in")
    page = await visitor.press("Send me a code", {"link": link})
    return page.forms[-1].fields | {"code": [code_in(await outsider.letter("KE", "sign_in_code"))]}


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
async def test_a_code_sent_twice_by_one_form_opens_the_door_and_opens_it_for_nobody_else(
    outsider: Outsider, at_once: bool
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    portal, place = outsider.deployment.addresses["portal"], "/en/delegation/sign-in"
    async with Visitor(portal) as visitor, Visitor(portal) as stranger:
        typed = await at_the_second_step(outsider, visitor)
        await stranger.open(place)
        theirs = {**typed, "csrf": stranger.page.forms[-1].fields["csrf"]}
        if at_once:
            answers = list(await asyncio.gather(*(visitor.send(place, typed) for _ in range(2))))
        else:
            answers = [await visitor.send(place, typed) for _ in range(2)]
        found = [(one.status_code, one.headers.get("location")) for one in answers]
        assert found == [(303, "/en/delegation")] * 2
        assert [(await stranger.send(place, one)).status_code for one in (typed, theirs)] == [403, 422]
        other = {**typed, "code": ["00000000"]}
        assert (await visitor.send(place, other)).status_code == 403
        await visitor.shown("/en/delegation")
        assert visitor.address.endswith("/en/delegation")
        await visitor.press("Sign out")
        assert (await visitor.send(place, typed)).status_code == 403
