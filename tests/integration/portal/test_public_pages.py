"""What everybody may see of a summit, made of what was heard: when, by when, who, what is promised, and how to read along."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream
from summit_contracts.pledges import CompactAdhered, CompactIntended, PledgeMade
from summit_contracts.registration import DelegationRegistered, EditionPublished, InvitationIssued
from summit_contracts.scheduling import BilateralScheduled, TimetablePublished
from summit_contracts.testing import examples_of, golden_messages_of
from summit_portal.app import service
from summit_portal.settings import PortalSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

NOWHERE = "http://127.0.0.1:1"
ADDRESSES = ("portal_url", "registration_url", "scheduling_url", "pledges_url", "notifications_url")
PUBLISHED = cast("EditionPublished", examples_of(EditionPublished).full)
PLEDGE = cast("PledgeMade", examples_of(PledgeMade).full)
EDITION = PUBLISHED.edition_id
PUBLIC = [fact for fact in FACTS if fact.STREAM is not Stream.PERSONAL]


async def read(portal: Desk, path: str) -> str:
    """What a visitor reads there, without its marks."""
    answer = await portal.ask("GET", path, anonymous=True)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@asynccontextmanager
async def portal_on(databases: Databases, on: datetime) -> AsyncIterator[Desk]:
    """The portal on that day, after the summit was announced."""
    own: dict[str, Any] = dict.fromkeys(ADDRESSES, NOWHERE) | {"session_key": "k" * 32}
    offset = on - datetime.now(UTC)
    async with desk(service, PortalSettings, databases, offset=offset, **own) as portal:
        await portal.hear(PUBLISHED)
        yield portal


@pytest.mark.parametrize(
    ("on", "said", "passed"),
    [
        (datetime(2022, 6, 2, 9, tzinfo=UTC), "Opens in 90 days", 0),
        (datetime(2022, 8, 31, 3, 45, tzinfo=UTC), "Opens in 1 day ", 3),
        (datetime(2022, 8, 31, 4, 1, tzinfo=UTC), "The Summit is under way.", 3),
        (datetime(2022, 9, 2, 4, 1, tzinfo=UTC), "The Summit is over.", 3),
        (datetime(2022, 10, 1, 9, tzinfo=UTC), "The Summit is over.", 4),
    ],
)
async def test_the_days_until_it_opens_are_counted_where_it_is_held_and_each_deadline_says_whether_it_passed(
    databases: Databases, on: datetime, said: str, passed: int
) -> None:
    async with portal_on(databases, on) as portal:
        page = await read(portal, f"/en/{EDITION}")
    assert said in page
    assert "Nomination of delegations 15 July 2022 at 17:00 (New York time)" in page
    assert (page.count(" passed "), page.count(" open ")) == (passed, 4 - passed)


async def test_each_day_of_the_programme_says_what_it_is_for_and_when_meetings_begin(portal: Desk) -> None:
    await portal.hear(PUBLISHED, examples_of(BilateralScheduled).minimal)
    page = await read(portal, f"/en/{EDITION}/programme")
    assert "All times are New York time." in page
    first, second = page.index("Wednesday, 31 August 2022"), page.index("Thursday, 1 September 2022")
    assert first < page.index("09:00–18:00") < page.index("Opening of the Summit") < second
    assert first < page.index("Bilateral meetings by the hour") < second
    assert re.search(r"09:30 +1 ", page)


async def test_the_programme_has_an_obligation_where_the_latest_timetable_has_it(portal: Desk) -> None:
    first = cast("TimetablePublished", examples_of(TimetablePublished).full)
    await portal.hear(PUBLISHED, first)
    moved = await read(portal, f"/en/{EDITION}/programme")
    said = "Moved: it was to begin on 31 August 2022 at 09:00 (New York time)"
    assert f"10:00 – 11:00 Opening of the Summit {said}" in moved
    for number in (10, 9):  # whatever comes first, the highest number holds
        await portal.hear(first.model_copy(update={"number": number, "obligations": ()}))
    back = await read(portal, f"/en/{EDITION}/programme")
    assert "09:00 – 10:00 Opening of the Summit" in back
    assert said not in back


async def test_every_member_state_has_its_tile_in_its_group_and_who_was_invited_stands_in_a_list(
    portal: Desk,
) -> None:
    await portal.hear(PUBLISHED)
    for fact in (InvitationIssued, DelegationRegistered):
        await portal.hear(examples_of(fact).full.model_copy(update={"invitee": "KE"}))
    answer = await portal.ask("GET", f"/en/{EDITION}/participants", anonymous=True)
    tiles = re.findall(r'<li(?: class="(\w+)")?><abbr title="([^"]+)">(\w+)</abbr>', answer.text)
    assert len(tiles) == 193
    assert [one for one in tiles if one[0] == "comes"] == [("comes", "Kenya", "KE")]
    assert "1 of 54 take part" in re.sub(r"<[^>]+>", "", answer.text)
    assert re.search(r"<th scope=\"row\"><bdi>Kenya</bdi></th>\s*<td>.*Registered", answer.text)


async def test_pledges_are_totalled_filtered_and_handed_out_as_csv_and_json(portal: Desk) -> None:
    other = cast("PledgeMade", examples_of(PledgeMade).minimal)
    await portal.hear(PUBLISHED, PLEDGE, other)
    everything = await read(portal, f"/en/{EDITION}/pledges")
    assert "2 of 2 pledges" in everything
    assert re.search(r"Formed police unit 1 1 2 ", everything), "from one to two, and not their middle"
    filtered = f"/en/{EDITION}/pledges?capability={PLEDGE.promise.capability}&pledger={PLEDGE.pledger}"
    assert "1 of 2 pledges" in await read(portal, filtered)
    answer = await portal.ask("GET", filtered, anonymous=True)
    (as_table,) = re.findall(r'href="(/data/[^"]+\.csv[^"]*)"', answer.text)
    table = await portal.ask("GET", as_table.replace("&amp;", "&"), anonymous=True)
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert [one["pledge_id"] for one in rows] == [PLEDGE.pledge_id]
    held = (await portal.ask("GET", f"/data/{EDITION}/pledges.json", anonymous=True)).json()
    promises = {one["pledge_id"]: one["promise"] for one in held["items"]}
    assert promises.keys() == {PLEDGE.pledge_id, other.pledge_id}
    assert promises[PLEDGE.pledge_id] == json.loads(PLEDGE.promise.model_dump_json())


async def test_a_pledge_has_a_page_of_its_own_and_one_that_was_never_made_has_none(portal: Desk) -> None:
    await portal.hear(PUBLISHED, PLEDGE)
    page = await read(portal, f"/en/{EDITION}/pledges/{PLEDGE.pledge_id}")
    for said in (
        "United Kingdom",
        "Formed police unit",
        "MINUSMA",
        "10 months in 2023",
        "subject to UN agreement",
    ):
        assert said in page, said
    missing = await portal.ask("GET", f"/en/{EDITION}/pledges/nothing", anonymous=True)
    assert missing.status_code == 404


async def test_each_compact_tells_who_adheres_to_it_and_with_which_reservation(portal: Desk) -> None:
    adhered = cast("CompactAdhered", examples_of(CompactAdhered).full)
    intends = examples_of(CompactIntended).minimal.model_copy(update={"adherent": "RW"})
    await portal.hear(PUBLISHED, adhered, intends)
    page = await read(portal, f"/en/{EDITION}/compacts")
    assert "Kenya" in page
    assert "Rwanda" in page
    assert adhered.reservation
    assert adhered.reservation in page


async def test_every_public_fact_stands_in_the_catalogue_with_the_schema_that_its_messages_name(
    portal: Desk,
) -> None:
    answer = await portal.ask("GET", "/en/stream", anonymous=True)
    linked = re.findall(r'<code dir="ltr">([a-z_.0-9]+)</code></td>.*?href="(/schemas/[^"]+)"', answer.text)
    assert [one for one, _ in linked] == [fact.TYPE for fact in PUBLIC]
    listed = (await portal.ask("GET", "/schemas", anonymous=True)).json()
    assert listed == dict(linked)
    for fact in PUBLIC:
        schema = await portal.ask("GET", listed[fact.TYPE], anonymous=True)
        assert schema.headers["content-type"] == "application/schema+json"
        assert schema.json()["$id"] == golden_messages_of(fact).full.dataschema
