"""The portal's read model, made anew by an operator while the portal serves."""

from collections.abc import AsyncIterator

from nats.aio.client import Client

from summit_chassis.arrivals import Incoming
from summit_chassis.database import Database
from summit_cli.deployment import Deployment
from summit_cli.refusals import CannotDo
from summit_cli.streams import stored
from summit_contracts.fact import Stream
from summit_portal.events.subscribers import subscribers
from summit_portal.readmodel.renewal import SCHEMA, History, NotWhole, Renewal, Renewed

ALL_OF_IT_SECONDS = 600


async def renewed(deployment: Deployment, database_url: str) -> Renewed:
    """The read model is made anew from the first fact on.

    Raises:
        CannotDo: the streams cannot be read, or not be understood from their beginning.
    """
    # The last step writes the whole read model with a statement for each table.
    live = Database(database_url, service="portal-renewal", pool=2, statement_seconds=ALL_OF_IT_SECONDS)
    aside = Database(database_url, service="portal-renewal", pool=2, schema=SCHEMA)
    try:
        async with deployment.broker() as client:
            return await Renewal(live, aside, subscribers, history_of(client)).run()
    except NotWhole as hole:
        raise CannotDo(f"Nothing was changed: {hole}") from hole
    finally:
        await aside.dispose()
        await live.dispose()


def history_of(client: Client) -> History:
    """What the streams hold, read by this client."""

    async def held(stream: Stream, first: int) -> AsyncIterator[Incoming]:
        async for one in stored(client, stream, first=first):
            yield Incoming(stream.value, one.seq, one.subject, one.data, one.headers)

    return held
