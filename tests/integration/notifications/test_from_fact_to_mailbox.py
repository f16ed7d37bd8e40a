"""From a fact that was heard to a letter in a mailbox, in the language of whoever it is addressed to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from summit_cli.servers.mailbox import Mailbox
from summit_contracts.registration import (
    Contact,
    ContactsNamed,
    DeadlineExtended,
    DelegationRegistered,
    DelegationState,
    EditionPublished,
    MemberSummary,
)
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_notifications.app import service
from summit_notifications.settings import NotificationsSettings
from summit_registration.domain import edition_file
from summit_testkit.databases import Databases
from summit_testkit.desk import desk
from summit_testkit.eventually import eventually

EDITION_FILE = Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml"
EDITION = edition_file.read(EDITION_FILE.read_text(encoding="utf-8"))
PUBLISHED = EditionPublished(edition_id="uncops-2022", revision=1, edition=EDITION)


def in_spring() -> timedelta:
    """How far the clock has to go to stand before the summit, of whom nobody is forgotten then."""
    return datetime(2022, 6, 1, tzinfo=UTC) - datetime.now(UTC)


def settings(mailbox: Mailbox) -> dict[str, Any]:
    return {
        "smtp_host": mailbox.host,
        "smtp_port": mailbox.port,
        "smtp_encryption": "none",
        "sender_email": "summit@un.example",
        "portal_url": "http://127.0.0.1:8000",
    }


def named(code: str, language: Language) -> ContactsNamed:
    contact = Contact(
        role="nominator", name="Focal point", email=f"focal@{code.lower()}.example", language=language
    )
    return ContactsNamed(edition_id="uncops-2022", invitee=code, contacts=(contact,))


def registered(code: str, language: Language) -> DelegationRegistered:
    return DelegationRegistered(
        edition_id="uncops-2022",
        invitee=code,
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.NOMINATED,
        language=language,
        members=(MemberSummary(member_id="head", function=Function.HEAD, rank=Rank.MINISTER),),
    )


async def test_a_registered_delegation_gets_its_receipt_in_its_language(
    databases: Databases, mailbox: Mailbox
) -> None:
    async with desk(
        service, NotificationsSettings, databases, role="events", offset=in_spring(), **settings(mailbox)
    ) as notifications:
        await notifications.hear(PUBLISHED, named("EG", Language.ARABIC), registered("EG", Language.ARABIC))

        async def has_arrived() -> None:
            assert mailbox.count() == 1

        await eventually(has_arrived)
        mail = mailbox.messages()[0]
        assert mail["Content-Language"] == "ar"
        assert "focal@eg.example" in str(mail["To"])
        text = mail.get_body(("plain",))
        assert text is not None
        assert any("\u0600" <= letter <= "\u06ff" for letter in text.get_content())

        async def is_told() -> None:
            sent = [fact for fact in await notifications.facts() if fact.type.endswith("letter_sent.v1")]
            assert len(sent) == 1
            assert sent[0].causationid is not None

        await eventually(is_told)


async def test_a_letter_waits_for_an_address(databases: Databases, mailbox: Mailbox) -> None:
    async with desk(
        service, NotificationsSettings, databases, role="events", offset=in_spring(), **settings(mailbox)
    ) as notifications:
        await notifications.hear(PUBLISHED, registered("KE", Language.ENGLISH))

        async def waits() -> None:
            async with notifications.database.engine.connect() as connection:
                row = (await connection.execute(text("SELECT state, reason FROM letters"))).one()
            assert tuple(row) == ("retrying", "nobody_to_write_to")

        await eventually(waits)
        assert mailbox.count() == 0
        await notifications.hear(named("KE", Language.ENGLISH))

        async def has_arrived() -> None:
            assert mailbox.count() == 1

        await eventually(has_arrived)


async def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(
    databases: Databases, mailbox: Mailbox
) -> None:
    nowhere = EDITION.model_copy(update={"edition_id": "nowhere-2022", "time_zone": "Asia/Tokyo"})
    never = DeadlineExtended(  # no calendar has that moment in Tokyo
        edition_id="nowhere-2022",
        invitee="KE",
        step="confirm",
        until_at=datetime.max.replace(tzinfo=UTC),
        granted_by="officer-1",
        reason="No door grants this.",
    )
    async with desk(
        service, NotificationsSettings, databases, role="events", offset=in_spring(), **settings(mailbox)
    ) as notifications:
        await notifications.hear(
            EditionPublished(edition_id="nowhere-2022", revision=1, edition=nowhere),
            named("KE", Language.ENGLISH).model_copy(update={"edition_id": "nowhere-2022"}),
            never,
        )
        await notifications.hear(PUBLISHED, named("KE", Language.ENGLISH), registered("KE", Language.ENGLISH))

        async def the_other_has_arrived() -> None:
            assert mailbox.count() == 1

        await eventually(the_other_has_arrived)

        async def it_is_on_record() -> None:
            async with notifications.database.engine.connect() as connection:
                query = text("SELECT state, reason FROM letters WHERE edition_id = 'nowhere-2022'")
                assert tuple((await connection.execute(query)).one()) == ("retrying", "not_writable")

        await eventually(it_is_on_record)
