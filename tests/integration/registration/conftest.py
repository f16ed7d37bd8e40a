"""Registration at a desk of its own, on 1 June 2022, with UNCOPS 2022 published and four invitees invited."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summit_registration.app import service
from summit_registration.settings import RegistrationSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import SIGNING_KEY, Desk, desk, emptied
from summit_testkit.forms import Nominator, addressee

EDITION_FILE = Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml"
INVITED = ("FR", "INTERPOL", "KE", "NO")


@pytest.fixture(scope="session")
def edition_text() -> str:
    return EDITION_FILE.read_text(encoding="utf-8")


@pytest.fixture
async def empty_desk(databases: Databases) -> AsyncIterator[Desk]:
    """Nothing is published."""
    offset = datetime(2022, 6, 1, 9, tzinfo=UTC) - datetime.now(UTC)
    url = await emptied(service, databases)
    async with desk(
        service, RegistrationSettings, databases, url=url, offset=offset, token_signing_key=SIGNING_KEY
    ) as empty:
        yield empty


@pytest.fixture
async def registration(empty_desk: Desk, edition_text: str) -> Desk:
    applied = await empty_desk.ask("POST", "/editions", content=edition_text)
    assert applied.status_code == 201, applied.text
    invited = await empty_desk.ask(
        "POST",
        "/editions/uncops-2022/invitations",
        json={"addressees": [addressee(code, with_backup=code == "KE") for code in INVITED]},
    )
    assert invited.status_code == 201, invited.text
    return empty_desk


@pytest.fixture
def kenya(registration: Desk) -> Nominator:
    return Nominator(registration)
