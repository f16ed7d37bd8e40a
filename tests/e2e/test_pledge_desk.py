"""The secretariat's desk for pledges, used without JavaScript: acknowledge, ask, accept, follow until it is kept."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from summit_cli.machine import Machine
from summit_contracts.pledges import PledgeAccepted, PledgeFulfilled, PledgeReturned
from summit_testkit.eventually import eventually
from summit_testkit.pledging import PROMISE, draft
from summit_testkit.scenarios import Outsider, SummitFile, Visitor


@pytest_asyncio.fixture(loop_scope="session")
async def pledge_id(outsider: Outsider) -> str:
    """Kenya has pledged."""
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))

    async def taken() -> str:
        body = draft(make=True)
        made = await outsider.done(
            "pledges", "POST", f"{outsider.path}/pledges", invitee="KE", json=body,
            headers={"idempotency-key": outsider.edition_id},
        )  # fmt: skip
        return str(made["pledge_id"])

    return await eventually(taken)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(outsider: Outsider, machine: Machine, pledge_id: str) -> AsyncIterator[Visitor]:
    """Somebody of the desk looks at the pledge."""
    async with Visitor(outsider.deployment.addresses["portal"]) as visitor:
        await visitor.open(machine.issuer.link("pledges"))
        await visitor.shown(f"/en/console/{outsider.edition_id}/pledges/{pledge_id}")
        yield visitor


async def test_a_pledge_is_followed_from_its_arrival_until_it_is_kept(
    outsider: Outsider, desk: Visitor, pledge_id: str
) -> None:
    await desk.press("Acknowledge")
    page = await desk.press(
        "Return with questions", {"asks": ["share_missing"], "question": "Who flies them?"}
    )
    assert "Who flies them?" in page.text
    assert (await outsider.fact(PledgeReturned)).data.asks == ("share_missing",)

    changed = {"promise": {**PROMISE, "place": "Anywhere"}}
    path = f"{outsider.path}/pledges/{pledge_id}"
    seen = await outsider.ask("pledges", "GET", path, invitee="KE")
    headers = {"if-match": seen.headers["etag"]}
    await outsider.done("pledges", "PATCH", path, invitee="KE", json=changed, headers=headers)
    await desk.open(desk.address)
    await desk.press("Acknowledge")
    await desk.press("Accept")
    assert (await outsider.fact(PledgeAccepted)).data.pledge_id == pledge_id

    page = await desk.press("Record evidence of delivery", {"is_complete": "yes", "references": "A/77/1"})
    assert "The Secretariat’s evidence" in page.text
    page = await desk.press("It was kept")
    assert desk.status == 409, "the pledger has not said so yet"
    report = {"as_of_on": "2022-06-01", "is_complete": True}
    seen = await outsider.ask("pledges", "GET", path, invitee="KE")
    headers = {"if-match": seen.headers["etag"]}
    await outsider.done("pledges", "POST", f"{path}/progress", invitee="KE", json=report, headers=headers)
    await desk.open(f"/en/console/{outsider.edition_id}/pledges/{pledge_id}")
    page = await desk.press("It was kept")
    assert "It is done." in page.text
    assert (await outsider.fact(PledgeFulfilled)).data.pledge_id == pledge_id
    await desk.open(f"/ar/console/{outsider.edition_id}/pledges?state=fulfilled")
    assert f"/pledges/{pledge_id}" in " ".join(desk.page.links.values())


async def test_who_was_overtaken_sees_what_it_is_now_and_keeps_what_was_typed(
    outsider: Outsider, desk: Visitor, machine: Machine
) -> None:
    await desk.press("Acknowledge")
    async with Visitor(outsider.deployment.addresses["portal"]) as colleague:
        await colleague.open(machine.issuer.link("pledges"))
        await colleague.open(desk.address)
        await colleague.press("Class it otherwise", {"nature": "readiness"})
    page = await desk.press("Return with questions", {"asks": ["other"], "question": "Which mission?"})
    assert desk.status == 412
    assert "Below it stands as it is now." in page.text
    assert "A readiness" in page.text
    typed = next(form for form in page.forms if "question" in form.fields)
    assert (typed.fields["question"], typed.fields["asks"]) == (["Which mission?"], ["other"])


async def test_who_withdraws_a_pledge_for_a_reason_is_told_that_it_becomes_public(desk: Visitor) -> None:
    assert 'id="reason-hint">This becomes public' in desk.html
    await desk.follow("Français")
    assert 'id="reason-hint">Ceci devient public' in desk.html


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("acknowledge", {}),
        ("classify", {"nature": ["readiness"], "note": ["No numbers"]}),
        ("withdraw", {"reason": ["Said in error"]}),
    ],
)
async def test_a_step_sent_twice_is_one_step(
    outsider: Outsider, desk: Visitor, pledge_id: str, step: str, typed: dict[str, list[str]]
) -> None:
    place = f"/en/console/{outsider.edition_id}/pledges/{pledge_id}"
    sent = next(one for one in desk.page.forms if one.action.endswith(f"/{step}")).fields
    answers = [await desk.send(f"{place}/{step}", {**sent, **typed}) for _ in range(2)]
    assert [one.headers.get("location") for one in answers] == [f"{place}?done=yes"] * 2
    kept = await outsider.done("pledges", "GET", f"{outsider.path}/pledges/{pledge_id}")
    assert len(kept["inside"]["history"]) == 3
    if typed:
        other = {name: [f"{value} otherwise"] for name, (value,) in typed.items() if name != "nature"}
        late = await desk.send(f"{place}/{step}", {**sent, **typed, **other})
        assert late.status_code == 412, "somebody who says something else is overtaken"


async def test_what_the_owner_refuses_stands_beside_its_field(desk: Visitor) -> None:
    await desk.press("Acknowledge")
    page = await desk.press("Return with questions", {"question": "Which mission?"})
    assert desk.status == 422
    typed = next(form for form in page.forms if "question" in form.fields)
    assert typed.fields["question"] == ["Which mission?"]
    assert 'id="asks-fault"' in desk.html


@pytest.mark.parametrize("wrong", ["registration", "scheduling", "protocol"])
async def test_other_desks_do_not_see_what_is_not_public(
    outsider: Outsider, machine: Machine, pledge_id: str, wrong: str
) -> None:
    async with Visitor(outsider.deployment.addresses["portal"]) as other:
        await other.open(machine.issuer.link(wrong))
        for place in ("pledges", f"pledges/{pledge_id}"):
            await other.open(f"/en/console/{outsider.edition_id}/{place}")
            assert other.status == 403
