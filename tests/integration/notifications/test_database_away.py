"""The database breaks off while a letter is on its way: it leaves once, and nobody has to wait for a lease or for a person."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from summit_chassis.http import Door
from summit_cli.servers.mailbox import Behaviour, Mailbox
from summit_contracts.editions import Edition
from summit_notifications.domain.addressing import Addressed
from summit_notifications.domain.delivery import Patience
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import Unit
from summit_notifications.handlers.deliver_due import Post, UnderWay, deliver_due
from summit_notifications.letters.composition import Composer
from summit_notifications.letters.frame import Frame
from summit_notifications.mail.smtp import MailServer, SmtpPostman
from summit_notifications.store.work import SqlUnit
from summit_testkit.desk import Desk
from summit_testkit.eventually import eventually

BEGUN, HANDED_OVER, ENDED = 1, 2, 3
"""Which commit of a letter's three it is."""


@dataclass
class Office:
    """One letter that is due, and a sender whose commits can break off."""

    notifications: Desk
    mailbox: Mailbox
    post: Post
    under_way: UnderWay = field(default_factory=set)

    async def send(self) -> None:
        """What is due has set out; a database that broke off is no more than a reason to come again."""
        with suppress(ConnectionResetError):
            await deliver_due(self.post, self.under_way)

    async def state(self) -> str:
        async with self.notifications.database.engine.connect() as connection:
            return str((await connection.execute(text("SELECT state FROM letters"))).scalar_one())

    async def lease_ends(self) -> datetime:
        async with self.notifications.database.engine.connect() as connection:
            found: datetime = (await connection.execute(text("SELECT due_at FROM letters"))).scalar_one()
            return found

    def breaking_off(self, at: int, *, is_heard: bool) -> None:
        """The commit of that number breaks off, before or after the database has heard it."""
        begin, numbers = self.post.begin, iter(range(1, 1000))

        @asynccontextmanager
        async def broken() -> AsyncIterator[Unit]:
            is_broken = next(numbers) == at
            async with begin() as unit:
                yield unit
                if is_broken and not is_heard:
                    raise ConnectionResetError("the database is gone")
            if is_broken:
                raise ConnectionResetError("the database is gone, and had it")

        self.post = replace(self.post, begin=broken)


@pytest.fixture
async def office(notifications_with_a_letter: Desk, mailbox: Mailbox) -> AsyncIterator[Office]:
    notifications = notifications_with_a_letter
    door: Door[Unit] = Door(notifications.database, SqlUnit)
    postman = SmtpPostman(MailServer(mailbox.host, mailbox.port, "none", called_from="sender.test"))
    patience = Patience(shortest=timedelta(0), lease=timedelta(hours=1))
    office = Office(
        notifications, mailbox, Post(door.begin, door.now, door.new_id, compose, postman, patience)
    )
    yield office
    for attempt in office.under_way:
        attempt.cancel()
    await asyncio.gather(*office.under_way, return_exceptions=True)
    await postman.close()


def compose(edition: Edition, draft: LetterDraft, to: Addressed, written_at: datetime) -> Mail:
    frame = Frame.of(edition, "http://127.0.0.1:8000")
    return Composer(frame, "Summit", "summit@un.example").composed(draft, to, written_at)


@pytest.mark.parametrize("is_heard", [True, False])
@pytest.mark.parametrize("at", [BEGUN, HANDED_OVER, ENDED])
async def test_a_letter_whose_commit_broke_off_leaves_once_and_waits_for_no_lease(
    office: Office, at: int, is_heard: bool
) -> None:
    office.breaking_off(at, is_heard=is_heard)

    async def is_sent() -> None:
        await office.send()
        assert (await office.state(), office.mailbox.count()) == ("sent", 1)

    await eventually(is_sent)
    assert [fact.type.split(".")[2] for fact in await office.notifications.facts()] == ["letter_sent"]


async def test_an_attempt_that_takes_longer_than_its_lease_renews_it(office: Office) -> None:
    lease = timedelta(seconds=4)  # what remains of it when it is renewed is enough for a slow machine
    office.post = replace(office.post, patience=Patience(lease=lease))
    office.mailbox.behave(Behaviour.HANG, times=1)
    await office.send()
    begun_until = await office.lease_ends()

    async def is_renewed() -> None:
        assert await office.lease_ends() > begun_until + lease
        assert office.mailbox.attempts == 1

    await eventually(is_renewed)
    office.under_way, own = set(), office.under_way
    await office.send()  # another sender
    office.under_way |= own
    assert (await office.state(), office.mailbox.attempts) == ("handing_over", 1)
