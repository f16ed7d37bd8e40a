"""Pledges on one page: what it can be asked, what it is told, what it keeps.

Commands   publish · change · close a need · draft · discard · make · amend · show · acknowledge · return · accept · classify ·
           withdraw a pledge · report progress · confirm that it was kept · take in a register ·
           intend to adhere · begin · adhere to a compact · withdraw from it
Queries    pledges · the register in CSV · totals · needs with their gap · adherences · taxonomy · counts
Hears      EditionPublished
Publishes  NeedPublished, PledgeMade, PledgeAcknowledged, PledgeReturned, PledgeAmended, PledgeAccepted,
           PledgeProgressReported, PledgeFulfilled, PledgeWithdrawn, CompactIntended, CompactAdhered, CompactWithdrawn
Works      publishes what an embargo has released
"""

import asyncio
import contextlib
from collections.abc import Sequence

from summit_chassis.database import Database
from summit_chassis.http import Door
from summit_chassis.service import Service
from summit_chassis.workers import Worker
from summit_contracts.fact import Service as Name
from summit_pledges.domain.ports import Unit
from summit_pledges.events.subscribers import subscribers
from summit_pledges.handlers.release_embargoed import release_embargoed
from summit_pledges.http import compact_routes, need_routes, register_routes, routes
from summit_pledges.settings import PledgesSettings
from summit_pledges.store.tables import metadata
from summit_pledges.store.work import SqlUnit


def _workers(database: Database, settings: PledgesSettings) -> Sequence[Worker]:
    door: Door[Unit] = Door(database, SqlUnit)

    async def release_what_may_be_public(stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            async with door.begin() as unit:
                released = await release_embargoed(unit=unit, now=door.now())
            if not released:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), timeout=settings.embargo_watch.total_seconds())

    return (release_what_may_be_public,)


service: Service[Unit] = Service(
    name=Name.PLEDGES,
    title="Summit pledges",
    package="summit_pledges",
    metadata=metadata,
    make_unit=SqlUnit,
    routers=(register_routes.router, routes.router, need_routes.router, compact_routes.router),
    subscribers=subscribers,
    workers=_workers,
)
