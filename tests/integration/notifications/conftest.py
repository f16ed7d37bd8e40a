"""A letter that is due; and a reader of calendar objects in another language than Python, and by other people."""

import json
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from summit_cli.servers.mailbox import Mailbox
from summit_contracts.registration import Contact, ContactsNamed, DeadlineExtended, EditionPublished
from summit_contracts.testing import examples_of
from summit_contracts.values import Language
from summit_notifications.app import service
from summit_notifications.settings import NotificationsSettings
from summit_testkit.absent import node_packages
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk, migrated

CONTACTS = ContactsNamed(
    edition_id="uncops-2022",
    invitee="KE",
    contacts=(
        Contact(role="nominator", name="Mission", email="mission@ke.example", language=Language.ENGLISH),
    ),
)
NODE = Path(__file__).parent / "node"
CalendarReader = Callable[[Sequence[str], str], list[dict[str, Any]]]
"""Given calendar objects and the time zone of the machine that reads them, what was understood."""


@pytest.fixture(scope="session")
def calendar_reader() -> CalendarReader:
    """Reads calendar objects with `node/read.mjs`; its parser is installed once, exactly as the lock file has it."""
    node_packages(NODE)

    def read(texts: Sequence[str], zone: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            ["node", "read.mjs"],
            cwd=NODE,
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "TZ": zone},
        )
        assert done.returncode == 0, done.stderr
        understood: list[dict[str, Any]] = json.loads(done.stdout)
        return understood

    return read


@pytest.fixture
async def notifications_url(databases: Databases) -> str:
    """Where the rows of notifications are."""
    return await migrated(service, databases)


@pytest.fixture
async def notifications_with_a_letter(
    databases: Databases, notifications_url: str, mailbox: Mailbox
) -> AsyncIterator[Desk]:
    """Notifications, which have one letter to send, and send it when they are asked to."""
    async with desk(
        service,
        NotificationsSettings,
        databases,
        url=notifications_url,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        smtp_encryption="none",
        sender_email="summit@un.example",
        portal_url="http://127.0.0.1:8000",
    ) as notifications:
        await notifications.hear(
            examples_of(EditionPublished).full, CONTACTS, examples_of(DeadlineExtended).full
        )
        yield notifications
