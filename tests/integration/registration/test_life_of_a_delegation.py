"""A delegation over HTTP: drafted, nominated, confirmed, amended, withdrawn, registered again; each step as a dated fact."""

from collections.abc import Callable
from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import (
    BilateralRequested,
    ContactsNamed,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
)
from summit_testkit.desk import Desk
from summit_testkit.forms import Json, Nominator, form, head, kept_members, member, refusal, wish

SECRETARIAT = (Role.REGISTRATION,)


async def facts_of(desk: Desk, invitee: str = "KE") -> list[Any]:
    """What was published about the invitee's delegation and contacts, without the invitation's own facts."""
    kinds = (
        BilateralRequested, ContactsNamed, DelegateAccredited, DelegateRefused, DelegationAmended,
        DelegationConfirmed, DelegationRegistered, DelegationWithdrawn,
    )  # fmt: skip
    found = [fact.data for fact in await desk.facts()]
    about = [one for one in found if isinstance(one, kinds) and one.invitee == invitee]
    return about[1:]  # the first contacts are the invitation's


async def test_a_draft_is_nobody_elses_business_until_it_is_sent(kenya: Nominator) -> None:
    before = await kenya.desk.facts()
    blank = await kenya.ask("GET")
    assert (blank.headers["etag"], blank.json()["delegation"]["state"]) == ('"0"', "draft")
    draft = {
        "language": "fr",
        "members": [{"name": "Half a na", "email": "not-yet"}],
        "remark": "Ask Nairobi",
    }
    saved = await kenya.ask("PUT", "/draft", json=draft)
    assert (saved.status_code, saved.headers["etag"]) == (200, '"1"'), saved.text
    resumed = (await kenya.ask("GET")).json()["delegation"]["draft"]
    assert {key: resumed[key] for key in ("language", "remark")} == {
        "language": "fr",
        "remark": "Ask Nairobi",
    }
    assert (resumed["members"][0]["name"], resumed["members"][0]["email"]) == ("Half a na", "not-yet")
    later = {**draft, "members": [{"name": "Half a name"}]}
    assert (await kenya.ask("PUT", "/draft", json=later, headers={"if-match": '"1"'})).status_code == 200
    stale = await kenya.ask("PUT", "/draft", json=draft, headers={"if-match": '"1"'})
    assert refusal(stale) == (412, "delegation-changed")
    assert (await kenya.delegation())["draft"]["members"][0]["name"] == "Half a name"
    assert await kenya.desk.facts() == before
    listed = await kenya.desk.ask("GET", "/editions/uncops-2022/delegations")
    assert listed.json()["items"] == []
    registered = await kenya.register()
    assert (registered["draft"], registered["state"], registered["revision"]) == (None, "nominated", 3)


async def test_a_draft_of_a_registered_delegation_is_refused(kenya: Nominator) -> None:
    await kenya.register()
    assert refusal(await kenya.ask("PUT", "/draft", json={})) == (409, "already-registered")


async def test_every_step_from_nomination_to_a_second_registration_is_a_fact(kenya: Nominator) -> None:
    registered = await kenya.register(head(), wishes=(wish("NO"), wish("FR")))
    assert (await kenya.change("/confirm")).json()["state"] == "confirmed"
    withdrawn = (await kenya.change("/withdraw", {"reason": "Elections"})).json()
    assert (withdrawn["state"], withdrawn["members"], withdrawn["wishes"]) == ("withdrawn", [], [])
    again = await kenya.register(head(), wishes=(wish("NO"),))
    assert (again["state"], again["revision"]) == ("nominated", 4)
    assert again["wishes"][0]["bilateral_id"] not in {one["bilateral_id"] for one in registered["wishes"]}
    assert again["members"][0]["member_id"] != registered["members"][0]["member_id"]
    facts = await facts_of(kenya.desk)
    assert [type(fact) for fact in facts] == [
        DelegationRegistered, BilateralRequested, BilateralRequested, ContactsNamed,
        DelegationConfirmed,
        DelegationWithdrawn,
        DelegationRegistered, BilateralRequested, ContactsNamed,
    ]  # fmt: skip
    assert [fact.bilateral_id for fact in facts[1:3]] == [one["bilateral_id"] for one in registered["wishes"]]
    assert facts[0].members[0].member_id == registered["members"][0]["member_id"]
    assert facts[5].reason == "Elections"
    versions = [fact.aggregateversion for fact in await kenya.desk.facts() if fact.aggregateid == "delegation/uncops-2022/KE"]  # fmt: skip
    assert versions == list(range(1, 8))


async def test_confirming_twice_happens_once(kenya: Nominator) -> None:
    await kenya.register()
    first, second = await kenya.change("/confirm"), await kenya.change("/confirm")
    assert first.json() == second.json()
    confirmed = [fact for fact in await facts_of(kenya.desk) if isinstance(fact, DelegationConfirmed)]
    assert len(confirmed) == 1


async def test_an_amendment_says_field_by_field_what_it_changed(kenya: Nominator) -> None:
    before = await kenya.register(head(email="grace@ke.example"), member("Amina Odhiambo"), member("Otieno"))
    members = kept_members(before)
    members[0]["rank"], members[0]["arrives_on"] = "minister", "2022-08-31"
    members[1]["person"]["name"] = "Amina Odhiambo-Were"
    newcomer = member("Njeri", rank="expert")
    answer = await kenya.change("", {"members": [*members[:2], newcomer], "reason": "New minister"})
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert [one["person"]["name"] for one in after["members"]] == ["Grace Wanjiru", "Amina Odhiambo-Were", "Njeri"]  # fmt: skip
    amended = (await facts_of(kenya.desk))[-1]
    assert isinstance(amended, DelegationAmended)
    head_id, second, left, new = (*(one["member_id"] for one in before["members"]), after["members"][2]["member_id"])  # fmt: skip
    changes = {change.path: change for change in amended.changes}
    assert (changes[f"members[{head_id}].rank"].before, changes[f"members[{head_id}].rank"].after) == (
        "head_of_police",
        "minister",
    )
    assert changes[f"members[{head_id}].arrives_on"].after == "2022-08-31"
    renamed = changes[f"members[{second}].name"]
    assert (renamed.is_personal, renamed.before, renamed.after) == (True, None, None)
    assert changes[f"members[{left}].rank"].after is None
    assert changes[f"members[{new}].rank"].after == "expert"
    assert not any(path.startswith(f"members[{second}].r") for path in changes)
    entries = (await kenya.ask("GET", "/history")).json()["items"]
    assert entries[-1]["action"] == "delegation_amended"
    assert entries[-1]["why"] == "New minister"
    assert {change["path"] for change in entries[-1]["fields"]} == set(changes)


async def test_an_amendment_that_changes_nothing_is_no_fact(kenya: Nominator) -> None:
    before = await kenya.register()
    count = len(await kenya.desk.facts())
    answer = await kenya.change("", {"members": kept_members(before)})
    assert (answer.status_code, answer.json()["revision"]) == (200, before["revision"])
    assert len(await kenya.desk.facts()) == count


@pytest.mark.parametrize("step", ["", "/confirm", "/withdraw", "/wishes", "/members/{0}/replace", "/members/{0}/accredit"])  # fmt: skip
async def test_no_change_is_made_on_what_somebody_did_not_look_at(kenya: Nominator, step: str) -> None:
    delegation = await kenya.register()
    sent: dict[str, Json] = {
        "": {"members": kept_members(delegation)},
        "/wishes": {"wishes": [wish("NO")]},
        "/members/{0}/replace": {"successor": {"name": "Njeri"}},
    }
    path = step.format(delegation["members"][1]["member_id"])
    await kenya.change("/wishes", {"wishes": [wish("FR")]})
    count = len(await kenya.desk.facts())
    roles = SECRETARIAT if "accredit" in step else ()
    stale = await kenya.change(path, sent.get(step), on=delegation["revision"], roles=roles)
    assert refusal(stale) == (412, "delegation-changed")
    assert stale.json()["revision"] == delegation["revision"] + 1
    method = "PATCH" if step == "" else "POST"
    unsaid = await kenya.desk.ask(method, kenya.path + path, json=sent.get(step, {}))
    assert refusal(unsaid) == (412, "if-match-needed")
    assert len(await kenya.desk.facts()) == count


async def test_a_successor_takes_the_place_with_all_that_hangs_on_it(kenya: Nominator) -> None:
    before = await kenya.register(head(), member("Amina", rank="expert", arrives_on="2022-09-01"))
    place = before["members"][1]["member_id"]
    assert (await kenya.change(f"/members/{place}/accredit", roles=SECRETARIAT)).status_code == 200
    successor = {"name": "Njeri Kamau", "email": "njeri@ke.example"}
    answer = await kenya.change(f"/members/{place}/replace", {"successor": successor, "reason": "Illness"})
    assert answer.status_code == 200, answer.text
    held = answer.json()["members"][1]
    assert (held["member_id"], held["rank"], held["function"]) == (place, "expert", "member")
    assert (held["arrives_on"], held["person"]["name"]) == ("2022-09-01", "Njeri Kamau")
    assert (held["accreditation"], held["person"]["title"]) == ("pending", None)
    *_, amended, contacts = await facts_of(kenya.desk)
    assert isinstance(amended, DelegationAmended)
    assert [one.member_id for one in amended.members] == [one["member_id"] for one in before["members"]]
    assert isinstance(contacts, ContactsNamed)
    assert (place, "njeri@ke.example") in [(one.member_id, one.email) for one in contacts.contacts]
    nobody = await kenya.change("/members/nobody/replace", {"successor": successor})
    assert refusal(nobody) == (404, "member-unknown")


async def test_wishes_are_added_up_to_what_is_fair(kenya: Nominator) -> None:
    await kenya.register(wishes=(wish("NO"),))
    invited = (await kenya.desk.ask("GET", "/editions/uncops-2022")).json()["edition"]
    codes = [one["code"] for one in invited["invitees"] if one["code"] not in ("KE", "NO")]
    allowed = invited["wishes_per_delegation"]
    added = await kenya.change("/wishes", {"wishes": [wish(code) for code in codes[: allowed - 1]]})
    assert (added.status_code, len(added.json()["wishes"])) == (200, allowed)
    one_more = await kenya.change("/wishes", {"wishes": [wish(codes[allowed])]})
    assert refusal(one_more) == (409, "too-many-wishes")
    requested = [fact for fact in await facts_of(kenya.desk) if isinstance(fact, BilateralRequested)]
    assert [fact.counterparts[0] for fact in requested] == ["NO", *codes[: allowed - 1]]
    assert len({fact.bilateral_id for fact in requested}) == allowed


async def test_who_has_withdrawn_is_asked_for_no_meeting_until_registered_again(kenya: Nominator) -> None:
    """A wish from before is void, and stands in the way of no amendment and no other wish."""
    norway = Nominator(kenya.desk, "NO")
    await norway.register()
    registered = await kenya.register(wishes=(wish("NO"),))
    assert (await norway.change("/withdraw")).status_code == 200
    refused = await kenya.change("/wishes", {"wishes": [wish("FR"), wish("IN", "NO")]})
    assert refusal(refused) == (409, "counterpart-withdrawn")
    assert (refused.json()["field"], refused.json()["counterpart"]) == ("wishes[1].counterparts", "NO")
    assert refused.json()["remedy"]
    amended = await kenya.change("", {"members": [*kept_members(registered), member()]})
    assert amended.status_code == 200, amended.text
    assert (await kenya.change("/wishes", {"wishes": [wish("FR")]})).status_code == 200
    assert refusal(await Nominator(kenya.desk, "FR").ask("POST", json=form(wishes=(wish("NO"),)))) == (
        409,
        "counterpart-withdrawn",
    )
    await norway.register()
    again = await kenya.change("/wishes", {"wishes": [wish("IN", "NO")]})
    assert (again.status_code, len(again.json()["wishes"])) == (200, 3)


async def test_who_may_enter_is_decided_by_the_secretariat_and_told(kenya: Nominator) -> None:
    delegation = await kenya.register(head(), member())
    first, second = (one["member_id"] for one in delegation["members"])
    by_itself = await kenya.change(f"/members/{first}/accredit")
    assert refusal(by_itself) == (403, "wrong-role")
    for _ in range(2):
        accredited = await kenya.change(f"/members/{first}/accredit", roles=(Role.PROTOCOL,))
        assert accredited.json()["members"][0]["accreditation"] == "accredited"
    refused = await kenya.change(f"/members/{second}/refuse", {"reason": "security"}, roles=SECRETARIAT)
    assert refused.json()["members"][1]["refused_for"] == "security"
    unheard = await kenya.change(f"/members/{second}/refuse", {"reason": "his face"}, roles=SECRETARIAT)
    assert refusal(unheard) == (422, "invalid-request")
    told = (await facts_of(kenya.desk))[-2:]
    assert [(type(fact), fact.member_id) for fact in told] == [(DelegateAccredited, first), (DelegateRefused, second)]  # fmt: skip
    let_in = await kenya.change(f"/members/{second}/accredit", roles=SECRETARIAT)
    assert let_in.json()["members"][1]["refused_for"] is None


NEEDS_A_DELEGATION: dict[str, Callable[[], Json]] = {
    "/confirm": dict,
    "/withdraw": dict,
    "/wishes": lambda: {"wishes": [wish("NO")]},
    "": lambda: {"members": form()["members"]},
    "/members/somebody/replace": lambda: {"successor": {"name": "Njeri"}},
}


@pytest.mark.parametrize("step", NEEDS_A_DELEGATION)
async def test_what_was_never_registered_cannot_be_changed(kenya: Nominator, step: str) -> None:
    refused = await kenya.change(step, NEEDS_A_DELEGATION[step](), on=0)
    assert refusal(refused) == (409, "not-registered")


async def test_a_delegation_is_registered_once(kenya: Nominator) -> None:
    await kenya.register()
    assert refusal(await kenya.ask("POST", json=form())) == (409, "already-registered")


async def test_who_declines_registers_nobody_until_invited_again(kenya: Nominator) -> None:
    path = "/editions/uncops-2022/invitations/KE/decline"
    for _ in range(2):
        declined = await kenya.desk.ask("POST", path, as_invitee="KE", json={"reason": "Elections"})
        assert declined.json()["state"] == "declined"
    assert refusal(await kenya.ask("POST", json=form())) == (409, "invitation-was-declined")
    again = {
        "addressees": [{"invitee": "KE", "focal": {"nominator": {"name": "N", "email": "n@ke.example"}}}]
    }
    renewed = await kenya.desk.ask(
        "POST", "/editions/uncops-2022/invitations", json={**again, "is_renewal": True}
    )
    assert renewed.json() == {"issued": [], "renewed": ["KE"], "left_alone": []}
    await kenya.register()
    stands = await kenya.desk.ask("POST", path, as_invitee="KE", json={})
    assert refusal(stands) == (409, "delegation-stands")
    kinds = [fact.type.split(".")[2] for fact in await kenya.desk.facts() if fact.aggregateid == "invitation/uncops-2022/KE"]  # fmt: skip
    assert kinds == ["invitation_issued", "invitation_declined", "invitation_issued"]
