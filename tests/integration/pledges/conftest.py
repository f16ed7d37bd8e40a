"""The pledges service at a desk of its own, told of the edition as registration would."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summit_contracts.registration import EditionPublished
from summit_pledges.app import service
from summit_pledges.settings import PledgesSettings
from summit_registration.domain import edition_file
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

EDITION_FILE = Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml"
OFFSET = datetime(2022, 6, 1, 9, tzinfo=UTC) - datetime.now(UTC)


@pytest.fixture(scope="session")
def edition_published() -> EditionPublished:
    edition = edition_file.read(EDITION_FILE.read_text(encoding="utf-8"))
    return EditionPublished(edition_id="uncops-2022", revision=1, edition=edition)


@pytest.fixture
async def pledges(databases: Databases, edition_published: EditionPublished) -> AsyncIterator[Desk]:
    async with desk(service, PledgesSettings, databases, offset=OFFSET) as pledges:
        await pledges.hear(edition_published)
        yield pledges
