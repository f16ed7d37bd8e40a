"""A focal point gets in by the link of its invitation and a code, both from its own mailbox."""

from summit_testkit.scenarios import Outsider, SummitFile, form
from summit_testkit.scenarios.outsider import link_in


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
