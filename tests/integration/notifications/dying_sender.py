"""A process that brings the letters that are due to the mail server once, and dies at the step it is told, if any.

Run by `test_killed_while_delivering.py` with the database's URL, the mail server's port, the hours its clock is ahead, and
the step.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

from summit_chassis.database import Database
from summit_chassis.http import Door
from summit_contracts.editions import Edition
from summit_notifications.domain.addressing import Addressed
from summit_notifications.domain.answers import Outcome
from summit_notifications.domain.delivery import Patience
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import HandOver, Unit
from summit_notifications.handlers.deliver_due import Post, UnderWay, deliver_due
from summit_notifications.letters.composition import Composer
from summit_notifications.letters.frame import Frame
from summit_notifications.mail.smtp import MailServer, SmtpPostman
from summit_notifications.store.work import SqlUnit


class DyingPostman:
    """Does what the real one does, up to a step at which the whole process is gone, unable to clean up."""

    def __init__(self, postman: SmtpPostman, step: str) -> None:
        self._postman = postman
        self._step = step

    async def deliver(self, mail: Mail, *, hand_over: HandOver, is_last_attempt: bool) -> Outcome:
        self._die_at("attempt_begun")

        async def recorded() -> bool:
            self._die_at("before_the_record")
            may_leave = await hand_over()
            self._die_at("after_the_record")
            return may_leave

        outcome = await self._postman.deliver(mail, hand_over=recorded, is_last_attempt=is_last_attempt)
        self._die_at("after_the_answer")
        return outcome

    def _die_at(self, step: str) -> None:
        if step == self._step:
            os.kill(os.getpid(), signal.SIGKILL)


def compose(edition: Edition, draft: LetterDraft, to: Addressed, written_at: datetime) -> Mail:
    frame = Frame.of(edition, "http://127.0.0.1:8000")
    return Composer(frame, "Summit", "summit@un.example").composed(draft, to, written_at)


async def main(url: str, port: int, hours_ahead: float, step: str) -> None:
    database = Database(url, service="notifications")
    door: Door[Unit] = Door(database, SqlUnit)
    postman = SmtpPostman(MailServer("127.0.0.1", port, "none", called_from="sender.test"))

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours_ahead)

    under_way: UnderWay = set()
    post = Post(door.begin, now, door.new_id, compose, DyingPostman(postman, step), Patience())
    await deliver_due(post, under_way)
    await asyncio.gather(*under_way)
    await postman.close()
    await database.engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
