"""From an edition file to a registered delegation, over HTTP and in PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from summit_registration.app import service
from summit_registration.settings import RegistrationSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import SIGNING_KEY, Desk, desk

EDITION_FILE = Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml"
OFFSET = datetime(2022, 6, 1, 9, tzinfo=UTC) - datetime.now(UTC)


@pytest.fixture
async def registration(databases: Databases) -> AsyncIterator[Desk]:
    async with desk(
        service, RegistrationSettings, databases, offset=OFFSET, token_signing_key=SIGNING_KEY
    ) as registration:
        applied = await registration.ask("POST", "/editions", content=EDITION_FILE.read_bytes())
        assert applied.status_code == 201, applied.text
        yield registration


def focal(code: str) -> dict[str, Any]:
    return {
        "invitee": code,
        "focal": {"nominator": {"name": f"Focal point of {code}", "email": f"focal@{code.lower()}.example"}},
    }


def form(*wishes: dict[str, Any]) -> dict[str, Any]:
    head = {
        "function": "head",
        "rank": "minister",
        "person": {"name": "Head of delegation", "email": "head@ke.example"},
    }
    return {"language": "en", "members": [head], "wishes": list(wishes)}


WISH = {
    "counterparts": ["NO"],
    "priority": 1,
    "topic": "Formed police units",
    "level": "head_of_police",
    "language": "en",
    "size": 8,
    "days": ["2022-08-31"],
}


async def test_a_form_becomes_a_delegation_and_its_wishes_become_requests(registration: Desk) -> None:
    invited = await registration.ask(
        "POST", "/editions/uncops-2022/invitations", json={"addressees": [focal("KE")]}
    )
    assert invited.json()["issued"] == ["KE"]
    path = "/editions/uncops-2022/delegations/KE"
    answer = await registration.ask("POST", path, as_invitee="KE", json=form(WISH))
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "nominated"
    kinds = [(fact.type.split(".")[2], fact.aggregateversion) for fact in await registration.facts()]
    assert kinds == [
        ("edition_published", 1),
        ("contacts_named", 1),
        ("invitation_issued", 1),
        ("access_code_issued", 1),
        ("delegation_registered", 1),
        ("bilateral_requested", 2),
        ("contacts_named", 2),
    ]


async def test_the_same_request_twice_registers_once(registration: Desk) -> None:
    await registration.ask("POST", "/editions/uncops-2022/invitations", json={"addressees": [focal("KE")]})
    path, headers = "/editions/uncops-2022/delegations/KE", {"idempotency-key": "one"}
    first = await registration.ask("POST", path, as_invitee="KE", json=form(WISH), headers=headers)
    again = await registration.ask("POST", path, as_invitee="KE", json=form(WISH), headers=headers)
    other = await registration.ask("POST", path, as_invitee="KE", json=form(), headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert other.json()["type"] == "urn:summit:problem:idempotency-key-reused"


async def test_a_nominator_of_one_invitee_is_kept_from_another(registration: Desk) -> None:
    answer = await registration.ask("GET", "/editions/uncops-2022/delegations/NO", as_invitee="KE")
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:summit:problem:foreign-invitee"


async def test_after_the_deadline_an_extension_is_needed(databases: Databases) -> None:
    late = OFFSET + timedelta(days=60)
    async with desk(
        service, RegistrationSettings, databases, offset=late, token_signing_key=SIGNING_KEY
    ) as registration:
        await registration.ask("POST", "/editions", content=EDITION_FILE.read_bytes())
        await registration.ask(
            "POST", "/editions/uncops-2022/invitations", json={"addressees": [focal("KE")]}
        )
        path = "/editions/uncops-2022/delegations/KE"
        refused = await registration.ask("POST", path, as_invitee="KE", json=form())
        assert (refused.status_code, refused.json()["type"]) == (
            409,
            "urn:summit:problem:registration-closed",
        )
        more = {"step": "nominate", "until_at": "2022-08-20T00:00:00Z", "reason": "Note verbale of 28 July"}
        extended = await registration.ask("POST", "/editions/uncops-2022/invitations/KE/deadlines", json=more)
        assert extended.status_code == 200, extended.text
        assert (await registration.ask("POST", path, as_invitee="KE", json=form())).status_code == 201
