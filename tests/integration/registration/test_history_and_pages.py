"""The history says who did what when and why (A23); lists come in pages that hold everything once; counts add up."""

from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import (
    BilateralRequested,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
    InvitationDeclined,
    InvitationIssued,
)
from summit_testkit.desk import Desk
from summit_testkit.forms import Json, Nominator, addressee, head, kept_members, member, wish

EDITION = "/editions/uncops-2022"


async def pages(desk: Desk, path: str, limit: int, **more: Any) -> list[list[Json]]:
    """All pages of a list, as somebody gets them who follows the cursor."""
    found: list[list[Json]] = []
    cursor = ""
    while True:
        answer = await desk.ask("GET", f"{path}?limit={limit}{cursor}", **more)
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        if answer.json()["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer.json()['next_cursor']}"


async def test_the_history_says_who_did_what_and_why(kenya: Nominator) -> None:
    await kenya.ask("PUT", "/draft", json={"remark": "Ask Nairobi"})
    delegation = await kenya.register(head(), member(), wishes=(wish("NO"),))
    first, second = (one["member_id"] for one in delegation["members"])
    await kenya.change(f"/members/{first}/accredit", roles=(Role.PROTOCOL,))
    await kenya.change(f"/members/{second}/refuse", {"reason": "duplicate"}, roles=(Role.REGISTRATION,))
    await kenya.change(f"/members/{second}/replace", {"successor": {"name": "Njeri"}, "reason": "Illness"})
    await kenya.change("/wishes", {"wishes": [wish("FR")]})
    await kenya.change("/confirm")
    await kenya.change("/withdraw", {"reason": "Elections"}, roles=(Role.REGISTRATION,))
    own = (await kenya.ask("GET", "/history")).json()["items"]
    assert [(one["action"], one["by"], one["subject"], one["why"]) for one in own] == [
        ("invitation_issued", "secretariat/test", None, None),
        ("draft_saved", "KE/nominator", None, None),
        ("delegation_registered", "KE/nominator", None, None),
        ("delegate_accredited", "secretariat/test", first, None),
        ("delegate_refused", "secretariat/test", second, "duplicate"),
        ("member_replaced", "KE/nominator", second, "Illness"),
        ("wishes_added", "KE/nominator", None, None),
        ("delegation_confirmed", "KE/nominator", None, None),
        ("delegation_withdrawn", "secretariat/test", None, "Elections"),
    ]
    assert [one["revision"] for one in own] == [1, *range(1, 9)]
    moments = [one["at"] for one in own]
    assert moments == sorted(moments)
    assert all(moment.startswith("2022-06-01T") for moment in moments)
    everybody = (await kenya.desk.ask("GET", f"{EDITION}/history")).json()["items"]
    assert [one for one in everybody if one["invitee"] == "KE"] == own
    assert {one["invitee"] for one in everybody} == {None, "FR", "INTERPOL", "KE", "NO"}


async def test_a_refused_step_is_no_step(kenya: Nominator) -> None:
    await kenya.register()
    before = (await kenya.ask("GET", "/history")).json()
    await kenya.change("/wishes", {"wishes": [wish("KE")]})
    await kenya.change("/confirm", on=99)
    await kenya.change("", {"members": [head(), head()]})
    assert (await kenya.ask("GET", "/history")).json() == before


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
async def test_pages_hold_everybody_once(registration: Desk, limit: int) -> None:
    codes = ["AF", "AFRICAN-UNION", "AFRIPOL", "AL", "FR", "INTERPOL", "KE", "NO", "ZW"]
    sent = {"addressees": [addressee(code) for code in reversed(codes)]}
    assert (await registration.ask("POST", f"{EDITION}/invitations", json=sent)).status_code == 201
    for code in codes[::2]:
        await Nominator(registration, code).register(head())
    await Nominator(registration, "AL").ask("PUT", "/draft", json={})
    for path, expected in (("invitations", codes), ("delegations", codes[::2])):
        found = await pages(registration, f"{EDITION}/{path}", limit)
        assert [one["invitee"] for page in found for one in page] == expected
        assert all(len(page) == limit for page in found[:-1])
        assert found[-1], "the last page is not empty"
    entries = [
        one["place"] for page in await pages(registration, f"{EDITION}/history", limit) for one in page
    ]
    assert len(entries) == len(set(entries)) == 1 + len(codes) + len(codes[::2]) + 1
    assert entries == sorted(entries)
    kenya = Nominator(registration, "KE")
    await kenya.change("/confirm")
    own = await pages(registration, f"{kenya.path}/history", limit, as_invitee="KE")
    actions = [one["action"] for page in own for one in page]
    assert actions == ["invitation_issued", "delegation_registered", "delegation_confirmed"]


async def test_who_comes_while_somebody_turns_pages_is_on_a_later_page_or_was_too_early(
    registration: Desk,
) -> None:
    first = (await registration.ask("GET", f"{EDITION}/invitations?limit=2")).json()
    assert [one["invitee"] for one in first["items"]] == ["FR", "INTERPOL"]
    sent = {"addressees": [addressee("AL"), addressee("JP")]}
    await registration.ask("POST", f"{EDITION}/invitations", json=sent)
    cursor = first["next_cursor"]
    rest = (await registration.ask("GET", f"{EDITION}/invitations?cursor={cursor}")).json()
    assert [one["invitee"] for one in rest["items"]] == ["JP", "KE", "NO"]


async def test_the_own_counts_are_what_the_facts_add_up_to(registration: Desk) -> None:
    kenya, france, norway = (Nominator(registration, code) for code in ("KE", "FR", "NO"))
    await kenya.register(head(), member(), wishes=(wish("NO"), wish("FR")))
    await kenya.change("/confirm")
    before = await france.register(head(), member(), member("Third"), wishes=(wish("KE"),))
    await france.change("", {"members": kept_members(before)[:2]})
    await norway.register(head())
    await norway.change("/withdraw")
    await registration.ask("POST", f"{EDITION}/invitations/INTERPOL/decline", json={})
    counts = (await registration.ask("GET", f"{EDITION}/counts", roles=(Role.SERVICE,))).json()
    facts = [fact.data for fact in await registration.facts()]

    def told(kind: type) -> set[str]:
        return {getattr(fact, "invitee", "") for fact in facts if isinstance(fact, kind)}

    assert counts == {
        "invited": len(told(InvitationIssued)),
        "declined": len(told(InvitationDeclined)),
        "registered": len(told(DelegationRegistered)),
        "confirmed": len(told(DelegationConfirmed)),
        "withdrawn": len(told(DelegationWithdrawn)),
        "members": 4,
        "wishes": sum(isinstance(fact, BilateralRequested) for fact in facts),
    }
    assert (counts["invited"], counts["registered"], counts["wishes"]) == (4, 3, 3)
