"""The portal's read model made anew: every stream from sequence 1 through the portal's own subscribers, into a fresh database."""

from typing import Any

from summit_chassis import migrations
from summit_chassis.arrivals import Incoming
from summit_chassis.database import Database
from summit_chassis.inbox import Inbox
from summit_cli.deployment import Deployment
from summit_cli.streams import stored
from summit_cli.system import System
from summit_testkit.chaos.books import shown

_BATCH = 200
_ROUNDS = 20


async def replayed(system: System, deployment: Deployment) -> Any:
    """What the portal would show if it had heard everything once, in order, without a fault."""
    postgres, name = system.machine.postgres, "replayed"
    portal = system.services["portal"]
    postgres.drop_database(name)
    postgres.create_database(name)
    await migrations.upgrade(postgres.url(name), portal.versions, portal.metadata)
    database = Database(postgres.url(name), service="portal", pool=2)
    try:
        inbox = Inbox(database, portal.subscribers, portal.make_unit)
        waiting = [
            one for stream in portal.subscribers.streams for one in await _incoming(deployment, stream)
        ]
        for _ in range(_ROUNDS):  # what needs a fact of another stream comes again
            waiting = await _apply(inbox, waiting)
            if not waiting:
                break
    finally:
        await database.dispose()
    return shown(system, name)


async def _incoming(deployment: Deployment, stream: Any) -> list[Incoming]:
    async with deployment.broker() as client:
        return [
            Incoming(stream.value, one.seq, one.subject, one.data, one.headers)
            async for one in stored(client, stream)
        ]


async def _apply(inbox: Inbox[Any], messages: list[Incoming]) -> list[Incoming]:
    """What has to come again."""
    left: list[Incoming] = []
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        verdicts = await inbox.apply(batch)
        left += [one for one, verdict in zip(batch, verdicts, strict=True) if verdict.delay is not None]
    return left
