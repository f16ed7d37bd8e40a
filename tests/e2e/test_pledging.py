"""A promise that a delegation makes in public is heard by everybody."""

from typing import Any

from summit_contracts.pledges import PledgeMade
from summit_contracts.promises import Promise
from summit_testkit.eventually import eventually
from summit_testkit.pledging import PROMISE
from summit_testkit.scenarios import Outsider, SummitFile


async def test_a_pledge_is_heard_by_the_world_and_its_pledger_is_written_to(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW", "FR"]))
    pledge = await pledged(outsider, "RW", make=True)
    assert pledge["state"] == "made"
    heard = await outsider.fact(PledgeMade)
    assert (heard.data.pledger, heard.data.pledge_id) == ("RW", pledge["pledge_id"])
    assert heard.data.promise == Promise.model_validate(PROMISE)
    await outsider.letter("RW", "pledge_made")


async def test_a_draft_is_nobodys_business(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["RW", "FR"]))
    draft = await pledged(outsider, "RW")
    assert draft["state"] == "draft"
    await pledged(outsider, "FR", make=True)
    assert [one.data.pledger for one in [await outsider.fact(PledgeMade)]] == ["FR"]
    foreign = await outsider.ask(
        "pledges", "GET", f"{outsider.path}/pledges/{draft['pledge_id']}", invitee="FR"
    )
    assert foreign.status_code in (403, 404)


async def pledged(outsider: Outsider, code: str, **more: Any) -> Any:
    """What the invitee promised, once pledges has heard of the summit."""
    body = {"pledger": code, "promise": PROMISE, **more}

    async def accepted() -> Any:
        return await outsider.done("pledges", "POST", f"{outsider.path}/pledges", invitee=code, json=body)

    return await eventually(accepted)
