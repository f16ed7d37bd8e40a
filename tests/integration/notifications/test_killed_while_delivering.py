"""The sender is killed at every step: one copy at most arrives, and nothing is lost without being told."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL

import pytest
from sqlalchemy import text

from summit_cli.servers.mailbox import Behaviour, Mailbox
from summit_testkit.desk import Desk

SENDER = Path(__file__).parent / "dying_sender.py"
NEVER, SOON, NEXT_DAY = "never", 0.0, 24.0


@dataclass
class Office:
    """One letter that is due, and senders that are processes of their own."""

    notifications: Desk
    url: str
    mailbox: Mailbox

    async def send(self, hours_ahead: float = SOON, dying_at: str = NEVER) -> int:
        """Whatever was due has been attempted once; the exit code of whoever did it."""
        sender = await asyncio.create_subprocess_exec(
            sys.executable, str(SENDER), self.url, str(self.mailbox.port), str(hours_ahead), dying_at
        )
        return await asyncio.wait_for(sender.wait(), timeout=60)

    async def state(self) -> str:
        async with self.notifications.database.engine.connect() as connection:
            return str((await connection.execute(text("SELECT state FROM letters"))).scalar_one())

    async def told(self) -> list[str]:
        return [fact.type.split(".")[2] for fact in await self.notifications.facts()]


@pytest.fixture
def office(notifications_with_a_letter: Desk, notifications_url: str, mailbox: Mailbox) -> Office:
    return Office(notifications_with_a_letter, notifications_url, mailbox)


@pytest.mark.parametrize("step", ["attempt_begun", "before_the_record"])
async def test_a_letter_that_cannot_have_left_is_tried_again(office: Office, step: str) -> None:
    assert await office.send(dying_at=step) == -SIGKILL
    assert (await office.state(), office.mailbox.count()) == ("sending", 0)
    await office.send(hours_ahead=1)
    assert await office.state() == "retrying"
    await office.send(hours_ahead=NEXT_DAY)
    assert (await office.state(), office.mailbox.count()) == ("sent", 1)
    assert await office.told() == ["letter_sent"]


@pytest.mark.parametrize(("step", "copies"), [("after_the_record", 0), ("after_the_answer", 1)])
async def test_a_letter_that_may_have_left_waits_for_a_person(office: Office, step: str, copies: int) -> None:
    assert await office.send(dying_at=step) == -SIGKILL
    assert (await office.state(), office.mailbox.count()) == ("handing_over", copies)
    for hours_ahead in (1, NEXT_DAY):
        await office.send(hours_ahead=hours_ahead)
        assert (await office.state(), office.mailbox.count()) == ("uncertain", copies)
    assert await office.told() == ["letter_failed"]


async def test_nobody_else_touches_a_letter_while_its_attempt_may_go_on(office: Office) -> None:
    await office.send(dying_at="attempt_begun")
    await office.send()
    assert (await office.state(), office.mailbox.count()) == ("sending", 0)


async def test_a_mail_server_that_dies_after_it_took_the_letter_is_not_given_it_again(office: Office) -> None:
    office.mailbox.behave(Behaviour.STORE_THEN_DROP, times=1)
    await office.send()
    await office.send(hours_ahead=NEXT_DAY)
    assert (await office.state(), office.mailbox.count(), office.mailbox.attempts) == ("uncertain", 1, 1)


async def test_a_mail_server_that_puts_off_is_asked_again(office: Office) -> None:
    office.mailbox.behave(Behaviour.REFUSE_FOR_NOW, times=1)
    await office.send()
    assert (await office.state(), office.mailbox.count()) == ("retrying", 0)
    await office.send(hours_ahead=1)
    assert (await office.state(), office.mailbox.count()) == ("sent", 1)


async def test_a_mail_server_that_was_away_is_found_again(office: Office) -> None:
    office.mailbox.stop()
    await office.send()
    assert await office.state() == "retrying"
    office.mailbox.start()
    await office.send(hours_ahead=1)
    assert (await office.state(), office.mailbox.count()) == ("sent", 1)
