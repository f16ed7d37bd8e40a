"""Who may take which step of a pledge, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from summit_contracts.registration import EditionPublished
from summit_pledges.app import service
from summit_pledges.settings import PledgesSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk
from summit_testkit.pledging import EDITION, PROMISE, REPORT, SOURCE, begun, draft, kinds, refusal, step


async def test_a_nominator_pledges_for_its_own_invitee_only(pledges: Desk) -> None:
    foreign = await pledges.ask("POST", f"{EDITION}/pledges", as_invitee="NO", json=draft())
    assert refusal(foreign) == (403, "foreign-invitee")
    secretariat = await pledges.ask(
        "POST", f"{EDITION}/pledges", as_invitee="KE", json=draft(pledger="UN-SECRETARIAT")
    )
    assert refusal(secretariat) == (403, "foreign-invitee")
    other_edition = await pledges.ask(
        "POST", f"{EDITION}/pledges", as_invitee="KE", edition_id="uncops-2018", json=draft()
    )
    assert refusal(other_edition) == (403, "foreign-invitee")
    key = (await begun(pledges, make=True))["pledge_id"]
    assert refusal(await step(pledges, key, "withdraw", 2, of="NO")) == (403, "pledge-of-another")
    assert await kinds(pledges) == ["pledge_made"]


@pytest.mark.parametrize("name", ["acknowledge", "accept", "return", "classify", "fulfil"])
async def test_what_the_desk_decides_no_pledger_does(pledges: Desk, name: str) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    assert refusal(await step(pledges, key, name, 2, of="KE")) == (403, "wrong-role")


async def test_an_anonymous_caller_is_asked_to_sign_in(pledges: Desk) -> None:
    answer = await pledges.ask("GET", f"{EDITION}/pledges", anonymous=True)
    assert answer.status_code == 401


async def test_each_side_reports_for_itself(pledges: Desk) -> None:
    key = (await begun(pledges, make=True))["pledge_id"]
    await step(pledges, key, "acknowledge", 2)
    await step(pledges, key, "accept", 3)
    as_evidence = await step(pledges, key, "progress", 4, of="KE", side="secretariat", **REPORT)
    assert refusal(as_evidence) == (403, "report-of-the-other-side")
    as_pledger = await step(pledges, key, "progress", 4, side="pledger", **REPORT)
    assert refusal(as_pledger) == (403, "report-of-the-other-side")
    early = await step(pledges, key, "fulfil", 4)
    assert refusal(early) == (409, "not-yet-shown")


async def test_the_secretariat_promises_and_is_followed_like_everybody(pledges: Desk) -> None:
    pledge = await begun(pledges, as_invitee=None, pledger="UN-SECRETARIAT", make=True)
    key = pledge["pledge_id"]
    taken = [
        await step(pledges, key, "acknowledge", 2),
        await step(pledges, key, "accept", 3),
        await step(pledges, key, "progress", 4, side="pledger", **REPORT),
        await step(pledges, key, "progress", 5, **REPORT),
        await step(pledges, key, "fulfil", 6),
    ]
    assert taken[-1].json()["state"] == "fulfilled", taken[-1].text


async def test_the_secretariat_records_with_a_source_for_somebody_who_is_invited(pledges: Desk) -> None:
    path = f"{EDITION}/pledges"
    unsourced = await pledges.ask("POST", path, json=draft(make=True))
    assert refusal(unsourced) == (422, "source-missing")
    stranger = await pledges.ask("POST", path, json=draft(pledger="XX"))
    assert refusal(stranger) == (422, "not-an-invitee")
    recorded = await begun(pledges, as_invitee=None, promise={**PROMISE, "sources": [SOURCE]}, make=True)
    assert recorded["recorded_by"] == "secretariat"


async def test_after_the_deadline_only_the_secretariat_records(
    databases: Databases, edition_published: EditionPublished
) -> None:
    late = edition_published.edition.deadlines.pledges_by_at + timedelta(hours=1) - datetime.now(UTC)
    async with desk(service, PledgesSettings, databases, offset=late) as pledges:
        await pledges.hear(edition_published)
        refused = await pledges.ask("POST", f"{EDITION}/pledges", as_invitee="KE", json=draft(make=True))
        assert refusal(refused) == (409, "pledging-closed")
        begun_late = await begun(pledges)
        assert refusal(await step(pledges, begun_late["pledge_id"], "make", 1, of="KE")) == (
            409,
            "pledging-closed",
        )
        recorded = await begun(pledges, as_invitee=None, promise={**PROMISE, "sources": [SOURCE]}, make=True)
        assert recorded["state"] == "made"
