"""The probe within the test's own process, as two services run: for everything but killing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from summit_chassis import broker
from summit_chassis.database import Database
from summit_chassis.deadletters import DeadLetters
from summit_chassis.provisioner import Storage, provision
from summit_chassis.runtime import Runtime
from summit_chassis.subscribers import Subscribers
from summit_testkit.eventually import USUALLY, eventually
from summit_testkit.probe import ledger
from summit_testkit.probe.ledger import Ledger
from summit_testkit.probe.services import (
    DURABLES,
    HEARER,
    PUBLISHER,
    TOKEN_KEYS,
    ProbeSettings,
    ProbeUnit,
    applied_reasons,
    hearing,
    make_tables,
)


@dataclass
class Pipeline:
    """A publisher with its relay, streams, a hearer with its consumers and its relay."""

    publisher: Runtime[ProbeUnit]
    hearer: Runtime[ProbeUnit]
    client: broker.SummitClient

    @property
    def source(self) -> Database:
        """The publisher's database."""
        return self.publisher.database

    @property
    def sink(self) -> Database:
        """The hearer's database."""
        return self.hearer.database

    @property
    def letters(self) -> DeadLetters:
        """The hearer's dead letters."""
        return DeadLetters(self.sink)

    async def has_applied(self, *reasons: str | None, within: float = USUALLY) -> None:
        """The hearer has applied what said this, and nothing else, in whatever order."""

        async def all_applied() -> None:
            assert sorted(await applied_reasons(self.sink), key=str) == sorted(reasons, key=str)

        await eventually(all_applied, within=within)

    async def has_set_aside(self, *states: str, within: float = USUALLY) -> None:
        """The hearer's dead letters have these states, the oldest first."""

        async def all_there() -> None:
            assert [letter.state for letter in await self.letters.open_letters()] == list(states)

        await eventually(all_there, within=within)

    async def settled(self, within: float = 2 * USUALLY) -> Ledger:
        """The books, when everything has come through; they balance."""
        return await ledger.settled(self.source, self.sink, self.client, within=within)


def runtime(url: str, nats_url: str, *, is_hearer: bool, max_attempts: int = 2) -> Runtime[ProbeUnit]:
    """One of the two services, as `summit_chassis.service` would run it in all roles but HTTP."""
    service = HEARER if is_hearer else PUBLISHER
    settings = ProbeSettings(
        database_url=url, nats_url=nats_url, http_port=0, token_keys=TOKEN_KEYS, max_attempts=max_attempts
    )
    return Runtime(
        settings=settings,
        database=Database(url, service=service.value, pool=6),
        subscribers=hearing() if is_hearer else Subscribers[ProbeUnit](service),
        make_unit=ProbeUnit,
        has_relay=True,
        has_consumers=is_hearer,
    )


@asynccontextmanager
async def running(
    source_url: str, sink_url: str, nats_url: str, *, storage: Storage | None = None, max_attempts: int = 2
) -> AsyncIterator[Pipeline]:
    """The whole pipeline runs on these servers; what fails `max_attempts` times is set aside."""
    async with AsyncExitStack() as stack:
        await make_tables(source_url)
        await make_tables(sink_url)
        client = await broker.connect(nats_url, service="probe")
        stack.push_async_callback(broker.close, client)
        await provision(client, DURABLES, storage)
        publisher = runtime(source_url, nats_url, is_hearer=False)
        hearer = runtime(sink_url, nats_url, is_hearer=True, max_attempts=max_attempts)
        for one in (publisher, hearer):
            await one.start()
            stack.push_async_callback(one.stop)
        yield Pipeline(publisher, hearer, client)
