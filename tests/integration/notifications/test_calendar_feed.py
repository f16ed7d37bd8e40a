"""A delegation's agenda as a calendar that programs subscribe to without signing in, and that can be closed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from summit_contracts.registration import EditionPublished
from summit_contracts.scheduling import BilateralCancelled, BilateralScheduled
from summit_contracts.testing import examples_of
from summit_notifications.app import service
from summit_notifications.settings import NotificationsSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

EDITION = "uncops-2022"
AGENDA = f"/editions/{EDITION}/agendas/KE"
SETTINGS: dict[str, Any] = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_encryption": "none",
    "sender_email": "summit@un.example",
    "portal_url": "http://127.0.0.1:8000",
}


def scheduled() -> BilateralScheduled:
    example = examples_of(BilateralScheduled).full
    assert isinstance(example, BilateralScheduled)
    return example.model_copy(update={"edition_id": EDITION, "requester": "KE", "counterparts": ("FR",)})


@pytest.fixture
async def notifications(databases: Databases) -> AsyncIterator[Desk]:
    """Notifications, told of an edition and of one meeting of Kenya with France."""
    published = examples_of(EditionPublished).full
    assert isinstance(published, EditionPublished)
    edition = published.edition.model_copy(update={"edition_id": EDITION})
    async with desk(service, NotificationsSettings, databases, **SETTINGS) as opened:
        await opened.hear(EditionPublished(edition_id=EDITION, revision=1, edition=edition), scheduled())
        yield opened


async def opened(notifications: Desk) -> str:
    """The path of a feed that Kenya opened."""
    answer = await notifications.ask("PUT", f"{AGENDA}/feed", as_invitee="KE")
    assert answer.status_code == 200, answer.text
    path: str = answer.json()["path"]
    return path


async def events(notifications: Desk, path: str) -> list[Any]:
    answer = await notifications.ask("GET", path, anonymous=True)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.text).walk("VEVENT"))


async def test_a_calendar_program_reads_the_meeting_in_utc_under_the_uid_that_letters_use(
    notifications: Desk,
) -> None:
    (event,) = await events(notifications, await opened(notifications))
    placement = scheduled().placement
    assert event["uid"] == f"{scheduled().bilateral_id}@{EDITION}.summit"
    assert event.decoded("dtstart") == placement.start_at.astimezone(UTC)
    assert event["dtstart"].to_ical().endswith(b"Z")
    assert str(event["status"]) == "CONFIRMED"


async def test_a_meeting_that_was_given_up_stands_cancelled_in_the_feed(notifications: Desk) -> None:
    path = await opened(notifications)
    example = examples_of(BilateralCancelled).full
    assert isinstance(example, BilateralCancelled)
    told = {
        name: getattr(scheduled(), name)
        for name in ("edition_id", "bilateral_id", "requester", "counterparts")
    }
    await notifications.hear(example.model_copy(update=told))
    (event,) = await events(notifications, path)
    assert str(event["status"]) == "CANCELLED"
    assert int(event["sequence"]) == 1


async def test_opening_a_feed_anew_closes_the_one_before_and_closing_it_closes_it(
    notifications: Desk,
) -> None:
    first, second = await opened(notifications), await opened(notifications)
    assert (await notifications.ask("GET", first, anonymous=True)).status_code == 404
    assert len(await events(notifications, second)) == 1
    closed = await notifications.ask("DELETE", f"{AGENDA}/feed", as_invitee="KE")
    assert closed.status_code == 204
    answer = await notifications.ask("GET", second, anonymous=True)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (404, "feed-closed")


async def test_the_database_holds_no_key_to_a_feed(notifications: Desk) -> None:
    secret = (await opened(notifications)).split("/")[-2]
    async with notifications.database.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("SELECT * FROM feeds")).all()
    assert len(rows) == 1
    assert secret not in str(rows)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", AGENDA), ("PUT", f"{AGENDA}/feed"), ("DELETE", f"{AGENDA}/feed")]
)
async def test_a_nominator_gets_at_no_other_delegations_agenda(
    notifications: Desk, method: str, path: str
) -> None:
    assert (await notifications.ask(method, path, as_invitee="FR")).status_code == 403
    assert (await notifications.ask(method, path, anonymous=True)).status_code == 401


async def test_the_agenda_shows_own_meetings_only(notifications: Desk) -> None:
    own = await notifications.ask("GET", AGENDA, as_invitee="KE")
    assert [one["bilateral_id"] for one in own.json()["meetings"]] == [scheduled().bilateral_id]
    other = await notifications.ask("GET", f"/editions/{EDITION}/agendas/EG", as_invitee="EG")
    assert other.json()["meetings"] == []
    assert own.json()["feed_opened_at"] is None
    await opened(notifications)
    again = (await notifications.ask("GET", AGENDA, as_invitee="KE")).json()["feed_opened_at"]
    assert datetime.fromisoformat(again).tzinfo is not None
