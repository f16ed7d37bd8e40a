"""Webhooks on one page: what it can be asked, what it is told, what it keeps.

Commands   add a webhook · remove it · change its secret · say a fact again
Queries    webhooks and how their deliveries stand · the log of one · counts
Hears      every public fact of all services; nothing personal
Publishes  nothing
Works      posts what is due, signed, to receivers outside
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from summit_chassis.database import Database
from summit_chassis.http import Door
from summit_chassis.runtime import Worker
from summit_chassis.service import Service
from summit_contracts.fact import Service as Name
from summit_webhooks.domain.ports import Unit
from summit_webhooks.events.subscribers import subscribers
from summit_webhooks.handlers.deliver_due import Desk, deliver_due
from summit_webhooks.http import routes
from summit_webhooks.post.http import HttpCarrier
from summit_webhooks.settings import WebhooksSettings
from summit_webhooks.store.tables import metadata
from summit_webhooks.store.work import SqlUnit

_LOOK_AGAIN_SECONDS: Final = 0.5


def _workers(database: Database, settings: WebhooksSettings) -> Sequence[Worker]:
    door: Door[Unit] = Door(database, SqlUnit)

    async def post(stopping: asyncio.Event) -> None:
        carrier = HttpCarrier(internal=settings.webhook_internal, within=settings.webhook_answer_within)
        async with carrier:
            desk = Desk(door.begin, door.now, carrier, settings.webhook_first_wait)
            while not stopping.is_set():
                if not await deliver_due(desk):
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stopping.wait(), timeout=_LOOK_AGAIN_SECONDS)

    return (post,)


def _state(_: Database, settings: WebhooksSettings) -> Mapping[str, Any]:
    return {"internal": settings.webhook_internal}


service: Service[Unit] = Service(
    name=Name.WEBHOOKS,
    title="Summit webhooks",
    package="summit_webhooks",
    metadata=metadata,
    make_unit=SqlUnit,
    routers=(routes.router,),
    subscribers=subscribers,
    workers=_workers,
    state=_state,
)
