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
from summit_chassis.health import Check
from summit_chassis.http import Door
from summit_chassis.service import Service
from summit_chassis.telemetry import get_logger
from summit_chassis.workers import Worker
from summit_contracts.fact import Service as Name
from summit_webhooks.domain.ports import Unit
from summit_webhooks.events.subscribers import subscribers
from summit_webhooks.handlers.deliver_due import OPEN_AGAIN, Desk, Lanes, open_lanes
from summit_webhooks.handlers.seal_secrets import seal_secrets, sealed_by_another
from summit_webhooks.http import routes
from summit_webhooks.post.http import HttpCarrier
from summit_webhooks.settings import WebhooksSettings
from summit_webhooks.store.deliveries import END_OF_LOG
from summit_webhooks.store.seal import FernetSeal
from summit_webhooks.store.tables import metadata
from summit_webhooks.store.work import SqlUnit

log = get_logger(__name__)

_LOOK_AGAIN_SECONDS: Final = 0.5


def _workers(database: Database, settings: WebhooksSettings) -> Sequence[Worker]:
    door: Door[Unit] = Door(database, SqlUnit)

    async def post(stopping: asyncio.Event) -> None:
        carrier = HttpCarrier(internal=settings.webhook_internal, within=settings.webhook_answer_within)
        seal = FernetSeal(settings.seal_keys)
        async with door.begin() as unit:
            if changed := await seal_secrets(unit=unit, seal=seal):
                log.info("webhook.secrets_sealed", webhooks=changed)
        desk = Desk(door.begin, door.now, carrier, seal, settings.webhook_first_wait)
        lanes: Lanes = {}
        async with carrier:
            try:
                while not stopping.is_set():
                    await open_lanes(desk, lanes, stopping)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stopping.wait(), timeout=_LOOK_AGAIN_SECONDS)
                await asyncio.gather(*lanes.values())
            finally:
                for lane in lanes.values():
                    lane.cancel()
                await asyncio.gather(*lanes.values(), return_exceptions=True)

    return (post,)


def _state(_: Database, settings: WebhooksSettings) -> Mapping[str, Any]:
    return {"internal": settings.webhook_internal, "seal": FernetSeal(settings.seal_keys)}


def _checks(database: Database, settings: WebhooksSettings) -> Mapping[str, Check]:
    door: Door[Unit] = Door(database, SqlUnit)
    seal = FernetSeal(settings.seal_keys)

    async def secrets_open() -> str | None:
        async with door.begin() as unit:
            if closed := await sealed_by_another(unit=unit, seal=seal):
                return f"no key opens the secret of {', '.join(closed)}; {OPEN_AGAIN}"
            return None

    return {"secrets": secrets_open}


service: Service[Unit] = Service(
    name=Name.WEBHOOKS,
    title="Summit webhooks",
    package="summit_webhooks",
    metadata=metadata,
    make_unit=SqlUnit,
    routers=(routes.router,),
    subscribers=subscribers,
    ending=lambda settings: {END_OF_LOG: settings.webhook_log_retention},
    workers=_workers,
    state=_state,
    checks=_checks,
)
