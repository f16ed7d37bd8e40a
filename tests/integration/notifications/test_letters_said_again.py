"""A delegation reads its letters again, in any language; nobody else's, and never a secret."""

from datetime import UTC, datetime, timedelta
from typing import Any

from summit_chassis import retention
from summit_contracts.registration import (
    AccessCodeIssued,
    Contact,
    ContactsNamed,
    DelegationRegistered,
    DelegationState,
    EditionPublished,
    MemberSummary,
)
from summit_contracts.testing import examples_of
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_notifications.app import service
from summit_notifications.settings import NotificationsSettings
from summit_notifications.store.forgetting import FORGETTING
from summit_testkit.databases import Databases
from summit_testkit.desk import Desk, desk

EDITION = "uncops-2022"
LETTERS = f"/editions/{EDITION}/letters"
SETTINGS: dict[str, Any] = {
    "smtp_host": "127.0.0.1",
    "smtp_port": 1,
    "smtp_encryption": "none",
    "sender_email": "summit@un.example",
    "portal_url": "http://127.0.0.1:8000",
}


async def told(notifications: Desk) -> None:
    """Egypt's delegation is registered, so that a receipt is written to it."""
    published = examples_of(EditionPublished).full
    assert isinstance(published, EditionPublished)
    edition = published.edition.model_copy(update={"edition_id": EDITION})
    focal = Contact(role="nominator", name="Focal", email="focal@eg.example", language=Language.ARABIC)
    await notifications.hear(
        EditionPublished(edition_id=EDITION, revision=1, edition=edition),
        ContactsNamed(edition_id=EDITION, invitee="EG", contacts=(focal,)),
        DelegationRegistered(
            edition_id=EDITION,
            invitee="EG",
            kind=InviteeKind.MEMBER_STATE,
            state=DelegationState.NOMINATED,
            language=Language.ARABIC,
            members=(MemberSummary(member_id="head", function=Function.HEAD, rank=Rank.MINISTER),),
        ),
    )


async def ids(notifications: Desk, letter: str) -> list[str]:
    listed = await notifications.ask("GET", LETTERS, as_invitee="EG")
    return [one["letter_id"] for one in listed.json()["items"] if one["letter"] == letter]


async def test_a_letter_is_said_again_in_the_language_that_is_asked_for(databases: Databases) -> None:
    async with desk(service, NotificationsSettings, databases, **SETTINGS) as notifications:
        await told(notifications)
        (letter_id,) = await ids(notifications, "delegation_registered")
        said = {}
        for language in ("ar", "en", "zh"):
            path = f"{LETTERS}/{letter_id}/words"
            answer = await notifications.ask("GET", path, as_invitee="EG", params={"language": language})
            assert answer.status_code == 200, answer.text
            said[language] = answer.json()["text"]
        assert any("\u0600" <= sign <= "\u06ff" for sign in said["ar"])
        assert any("\u4e00" <= sign <= "\u9fff" for sign in said["zh"])
        assert "Egypt" in said["en"]


async def test_a_nominator_reads_nothing_of_another_invitees_letters(databases: Databases) -> None:
    async with desk(service, NotificationsSettings, databases, **SETTINGS) as notifications:
        await told(notifications)
        (letter_id,) = await ids(notifications, "delegation_registered")
        answer = await notifications.ask("GET", f"{LETTERS}/{letter_id}/words", as_invitee="KE")
        assert answer.status_code == 403
        assert "text" not in answer.json()


async def test_a_code_is_not_shown_to_whoever_is_signed_in(databases: Databases) -> None:
    async with desk(service, NotificationsSettings, databases, **SETTINGS) as notifications:
        await told(notifications)
        code = examples_of(AccessCodeIssued).full
        assert isinstance(code, AccessCodeIssued)
        expires_at = datetime(2099, 1, 1, tzinfo=UTC)
        await notifications.hear(
            code.model_copy(update={"edition_id": EDITION, "invitee": "EG", "expires_at": expires_at})
        )
        (letter_id,) = await ids(notifications, "sign_in_code")
        answer = await notifications.ask("GET", f"{LETTERS}/{letter_id}/words", as_invitee="EG")
        assert answer.status_code == 409
        assert answer.json()["type"].endswith("letter-forgotten")
        assert code.secret not in answer.text


async def test_long_after_the_summit_no_address_and_no_words_are_kept_but_that_a_letter_was_written(
    databases: Databases,
) -> None:
    async with desk(service, NotificationsSettings, databases, **SETTINGS) as notifications:
        await told(notifications)
        letters = await ids(notifications, "delegation_registered")
        async with notifications.database.engine.begin() as connection:
            after = datetime(2024, 9, 1, tzinfo=UTC)
            await retention.forget(connection, FORGETTING, now=after, after=timedelta(days=400))
            found = await connection.exec_driver_sql(
                "SELECT (SELECT count(*) FROM contacts), (SELECT string_agg(one::text, '') FROM letters one)"
            )
            ((contacts, rows),) = [tuple(row) for row in found]
        assert contacts == 0
        assert "eg.example" not in rows
        assert await ids(notifications, "delegation_registered") == letters
