"""Notifications on one page: what it can be asked, what it is told, what it keeps.

Commands   send a letter again · settle an uncertain letter
Queries    letters · what one of them says, in any language · a delegation's agenda, and the same as a calendar feed · a preview of any letter in any language · counts
Hears      every fact of registration, scheduling and pledges, and the personal ones
Publishes  LetterSent, LetterFailed
Works      tells ripe timetables, one digest per delegation · brings letters that are due to the mail server
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from summit_chassis.database import Database
from summit_chassis.http import Door
from summit_chassis.service import Service
from summit_chassis.workers import Worker
from summit_contracts.editions import Edition
from summit_contracts.fact import Service as Name
from summit_notifications.domain.addressing import Addressed
from summit_notifications.domain.delivery import Patience
from summit_notifications.domain.digest import Calm
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import Unit
from summit_notifications.events.subscribers import subscribers
from summit_notifications.handlers.deliver_due import Post, UnderWay, deliver_due
from summit_notifications.handlers.tell_timetables import tell_timetables
from summit_notifications.http import agenda_routes, routes
from summit_notifications.letters.composition import Composer
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.icalendar import Organizer
from summit_notifications.mail.smtp import MailServer, SmtpPostman
from summit_notifications.settings import NotificationsSettings
from summit_notifications.store.forgetting import FORGETTING
from summit_notifications.store.letters import POST
from summit_notifications.store.tables import metadata
from summit_notifications.store.work import SqlUnit

_LOOK_AGAIN_SECONDS: Final = 0.2


def _workers(database: Database, settings: NotificationsSettings) -> Sequence[Worker]:
    door: Door[Unit] = Door(database, SqlUnit)
    postman = SmtpPostman(_mail_server(settings))
    calm = Calm(after_the_last=settings.digest_quiet)

    def compose(edition: Edition, draft: LetterDraft, to: Addressed, written_at: datetime) -> Mail:
        frame = Frame.of(edition, settings.portal_url)
        return Composer(frame, settings.sender_name, settings.sender_email).composed(draft, to, written_at)

    post = Post(door.begin, door.now, door.new_id, compose, postman, Patience(shortest=settings.retry_after))

    under_way: UnderWay = set()

    async def deliver(stopping: asyncio.Event) -> None:
        try:
            await _again_and_again(stopping, database.signal(POST), lambda: deliver_due(post, under_way))
            await asyncio.gather(*under_way)
        except asyncio.CancelledError:
            for task in under_way:
                task.cancel()
            raise
        finally:
            await postman.close()

    async def tell(stopping: asyncio.Event) -> None:
        async def told() -> int:
            async with door.begin() as unit:
                return await tell_timetables(unit=unit, now=door.now(), calm=calm)

        await _again_and_again(stopping, asyncio.Event(), told)

    return (deliver, tell)


async def _again_and_again(
    stopping: asyncio.Event, news: asyncio.Event, work: Callable[[], Awaitable[int]]
) -> None:
    """At once while there is something to do, else with the next news, or after a moment."""
    while not stopping.is_set():
        news.clear()
        if not await work():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), timeout=_LOOK_AGAIN_SECONDS)


def _state(_: Database, settings: NotificationsSettings) -> Mapping[str, Any]:
    return {
        "portal_url": settings.portal_url,
        "organizer": Organizer(settings.sender_name, settings.sender_email),
    }


def _mail_server(settings: NotificationsSettings) -> MailServer:
    password = settings.smtp_password
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        encryption=settings.smtp_encryption,
        authorities=str(settings.smtp_authorities) if settings.smtp_authorities else None,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        connections=settings.smtp_connections,
    )


service: Service[Unit] = Service(
    name=Name.NOTIFICATIONS,
    title="Summit notifications",
    package="summit_notifications",
    metadata=metadata,
    make_unit=SqlUnit,
    routers=(routes.router, agenda_routes.router),
    subscribers=subscribers,
    forgetting=FORGETTING,
    workers=_workers,
    state=_state,
)
