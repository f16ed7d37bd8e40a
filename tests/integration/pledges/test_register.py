"""The register of real pledges goes in over HTTP and comes out the same; bad ones go in not at all."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from summit_chassis.identity import Role
from summit_contracts.pledges import PledgeMade
from summit_testkit.desk import Desk
from summit_testkit.pledging import EDITION, refusal

REGISTER = (Path(__file__).parents[3] / "deploy/editions/uncops-2022/pledges.csv").read_bytes()
IMPORT = f"{EDITION}/pledges/import"
AS_CSV = {"content-type": "text/csv"}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_all_real_pledges_go_in_and_come_out_the_same(pledges: Desk) -> None:
    imported = await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV)
    assert imported.status_code == 201, imported.text
    assert imported.json() == {"made": 49, "known": 0}
    register = await pledges.ask("GET", f"{EDITION}/pledges.csv", as_invitee="KE")
    assert register.headers["content-type"].startswith("text/csv")
    assert rows(register.text) == rows(REGISTER.decode())
    assert register.content == REGISTER


async def test_every_imported_pledge_is_published_and_counted(pledges: Desk) -> None:
    await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV)
    facts = [fact.data for fact in await pledges.facts()]
    made = [fact for fact in facts if isinstance(fact, PledgeMade)]
    counts = (await pledges.ask("GET", f"{EDITION}/counts", roles=(Role.SERVICE,))).json()
    assert len(made) == len(facts) == counts["pledges"] == 49
    assert counts["by_category"] == Counter(fact.promise.category for fact in made)
    assert counts["by_category"] == Counter(row["category"] for row in rows(REGISTER.decode()))
    assert counts["by_state"] == {"made": 49}
    assert {fact.recorded_by for fact in made} == {"secretariat"}


async def test_the_same_import_twice_is_made_once(pledges: Desk) -> None:
    headers = {**AS_CSV, "idempotency-key": "uncops-2022-pledges"}
    first = await pledges.ask("POST", IMPORT, content=REGISTER, headers=headers)
    again = await pledges.ask("POST", IMPORT, content=REGISTER, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replay"] == "true"
    without_key = await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV)
    assert without_key.json() == {"made": 0, "known": 49}
    assert len(await pledges.facts()) == 49


async def test_all_rows_that_cannot_be_taken_in_are_listed_and_no_other_is(pledges: Desk) -> None:
    text = REGISTER.decode()
    assert ",police,FPU,2,units," in text
    broken = text.replace("P001,MY,", "P001,XX,", 1).replace("P002,MY,", "P002,my,", 1)
    refused = await pledges.ask("POST", IMPORT, content=broken.encode(), headers=AS_CSV)
    assert refusal(refused) == (422, "register-refused")
    assert {(fault["reference"], fault["field"]) for fault in refused.json()["faults"]} == {
        ("P001", "pledger"),
        ("P002", "state_iso2"),
    }
    assert await pledges.facts() == []
    assert (await pledges.ask("GET", f"{EDITION}/pledges")).json()["items"] == []


async def test_a_row_that_contradicts_what_is_recorded_is_refused(pledges: Desk) -> None:
    await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV)
    other = REGISTER.replace(b"P001,MY,", b"P001,KE,", 1)
    refused = await pledges.ask("POST", IMPORT, content=other, headers=AS_CSV)
    assert refused.status_code == 422
    assert [fault["reference"] for fault in refused.json()["faults"]] == ["P001"]
    assert len(await pledges.facts()) == 49


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"id,name\nP1,x\n", id="other columns"),
        pytest.param(REGISTER.replace(b"280 officers", b"280\x00officers", 1), id="a NUL character"),
        pytest.param(REGISTER.replace(b"280 officers", b"280 \xff officers", 1), id="not UTF-8"),
        pytest.param(REGISTER.replace(b"\nP002,", b'\n"P002,', 1), id="a quote that does not end"),
    ],
)
async def test_what_is_no_register_is_refused(pledges: Desk, body: bytes) -> None:
    refused = await pledges.ask("POST", IMPORT, content=body, headers=AS_CSV)
    assert refused.status_code == 422, refused.text
    assert refused.json()["type"] == "urn:summit:problem:sheet-not-readable"
    assert refused.json()["remedy"]


async def test_a_register_of_more_than_a_megabyte_is_refused(pledges: Desk) -> None:
    refused = await pledges.ask("POST", IMPORT, content=REGISTER + b" " * 1_000_000, headers=AS_CSV)
    assert refused.status_code == 413


async def test_only_the_desk_for_pledges_takes_a_register_in(pledges: Desk) -> None:
    for asked in (
        await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV, as_invitee="KE"),
        await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV, roles=(Role.SCHEDULING,)),
    ):
        assert refusal(asked) == (403, "wrong-role")
    assert await pledges.facts() == []


async def test_an_edition_nobody_heard_of_has_no_register(pledges: Desk) -> None:
    asked = await pledges.ask(
        "POST", "/editions/uncops-2026/pledges/import", content=REGISTER, headers=AS_CSV
    )
    assert refusal(asked) == (404, "edition-unknown")


async def test_totals_keep_what_is_certain_apart_from_what_is_possible(pledges: Desk) -> None:
    await pledges.ask("POST", IMPORT, content=REGISTER, headers=AS_CSV)
    totals = (await pledges.ask("GET", f"{EDITION}/totals", as_invitee="KE")).json()
    assert sum(one["pledges"] for one in totals) <= 49
    bounds = [bound for one in totals for bound in one["by_unit"].values() if bound["ceiling"] is not None]
    assert all(bound["floor"] <= bound["ceiling"] for bound in bounds)
    assert any(bound["floor"] < bound["ceiling"] for bound in bounds)
