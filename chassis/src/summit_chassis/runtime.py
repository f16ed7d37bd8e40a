"""What runs in a service's process: deliveries from and to the streams, workers, and what readiness asks them."""

import asyncio
import contextlib
import gc
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial, wraps
from typing import Generic, TypeVar

from sqlalchemy import text

from summit_chassis import broker
from summit_chassis.consumer import Consumer
from summit_chassis.database import Database, Transaction
from summit_chassis.fitness import Fitness
from summit_chassis.health import Check
from summit_chassis.housekeeping import Housekeeping
from summit_chassis.inbox import Inbox
from summit_chassis.provisioner import REMEDY, Durable, durable_fault, stream_fault, streams_of
from summit_chassis.relay import Relay
from summit_chassis.settings import ServiceSettings
from summit_chassis.subscribers import Subscribers
from summit_chassis.telemetry import get_logger
from summit_chassis.watching import StreamWatch
from summit_chassis.workers import Courses, Worker, kept_going
from summit_contracts.fact import Stream

log = get_logger(__name__)

U = TypeVar("U")
T = TypeVar("T")

_SILENCE_SECONDS = 6.0
_HOUSEKEEPING_SECONDS = 1.0
_CLOCKS_APART_SECONDS = 60.0
"""Further apart, deadlines and tokens mean different things to different processes."""
_THEIR_TIME = text("SELECT extract(epoch FROM clock_timestamp())::float8")


@dataclass
class Runtime(Generic[U]):
    """The moving parts of one process; built by `summit_chassis.service`, started and stopped with it."""

    settings: ServiceSettings
    database: Database
    subscribers: Subscribers[U]
    make_unit: Callable[[Transaction], U]
    has_relay: bool
    has_consumers: bool
    workers: Sequence[Worker] = ()
    forgetting: Sequence[str] = ()
    ending: Mapping[str, timedelta] = field(default_factory=dict)
    preconditions: Mapping[str, Check] = field(default_factory=dict)
    """What has to be so before any work begins, besides that the clock is right."""
    consumers: list[Consumer] = field(default_factory=list)
    _courses: Courses = field(default_factory=Courses)
    _client: broker.SummitClient | None = None
    _broker_fault: str = ""
    _relay: Relay | None = None
    _watch: StreamWatch | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _stopped_at: float = 0.0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fitness = Fitness({**self.preconditions, "database": self._database_fault})

    @property
    def durables(self) -> list[Durable]:
        """The durables this service hears its streams by."""
        return [Durable(stream, self.subscribers.durable.value) for stream in self.subscribers.streams]

    @property
    def _own_streams(self) -> list[Stream]:
        return streams_of(self.database.service)

    @property
    def stopping(self) -> asyncio.Event:
        """Set when the process is to end: whoever keeps an answer open ends it then."""
        return self._stopping

    async def start(self) -> None:
        """Everything begins in the background, once the surroundings are fit; a server that is not there yet is waited for, and
        readiness says so.
        """
        self._spawn(self.fitness.watch)
        for worker in self.workers:
            self._spawn(self._when_fit(worker))
        if self.has_relay or self.has_consumers:
            hearing = self.durables if self.has_consumers else []
            keeping = Housekeeping(
                self.database,
                self.settings,
                hearing,
                self._own_streams if self.has_relay else [],
                lambda: self._client,
                self.forgetting,
                self.ending,
            )
            self._spawn(self._when_fit(keeping.run))
        if self.has_relay or (self.has_consumers and self.subscribers.streams):
            self._spawn(self._deliver)

    def begin_stop(self) -> None:
        """Nothing new is begun; the graceful time-out runs from here."""
        if not self._stopping.is_set():
            self._stopped_at = time.monotonic()
            self._stopping.set()
            self.database.has_staged.set()

    async def stop(self) -> None:
        """What is being done is finished, within the graceful time-out; the rest comes again after the next start."""
        self.begin_stop()
        patience = self.settings.graceful_timeout.total_seconds() - (time.monotonic() - self._stopped_at)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=max(patience, 0.1))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._client:
            await broker.close(self._client)
        await self.database.dispose()

    def checks(self) -> Mapping[str, Check]:
        """What readiness asks of this process."""
        checks: dict[str, Check] = {"database": self._database_fault, "workers": self._courses.fault}
        if self.has_relay:
            checks["relay"] = self._relay_fault
            for stream in self._own_streams:
                checks[f"stream {stream.value}"] = _bound(self._stream_fault, stream)
        if self.has_consumers:
            for durable in self.durables:
                checks[f"consumer {durable.stream.value}"] = _bound(self._consumer_fault, durable)
        return checks

    def _spawn(self, worker: Worker) -> None:
        self._tasks.append(asyncio.create_task(kept_going(worker, self._stopping, self._courses)))

    def _when_fit(self, worker: Worker) -> Worker:
        @wraps(worker)
        async def work(stopping: asyncio.Event) -> None:
            if await self.fitness.comes(stopping):
                await worker(stopping)

        return work

    async def _deliver(self, stopping: asyncio.Event) -> None:
        self._client = self._client or await self._connected()
        if self._client is None or not await self.fitness.comes(stopping):
            return
        async with asyncio.TaskGroup() as loops:
            for worker in self._deliverers(self._client):
                loops.create_task(kept_going(worker, stopping, self._courses))

    def _deliverers(self, client: broker.SummitClient) -> list[Worker]:
        running: list[Worker] = []
        if self.has_relay:
            self._relay = Relay(self.database, client)
            self._watch = StreamWatch(client, self._own_streams)
            running += [self._relay.run, self._watch.run]
        if self.has_consumers:
            inbox = Inbox(
                self.database, self.subscribers, self.make_unit, max_attempts=self.settings.max_attempts
            )
            self.consumers = [
                Consumer(client, inbox, stream=durable.stream.value, durable=durable.name)
                for durable in self.durables
            ]
            running += [consumer.run for consumer in self.consumers]
            running.append(partial(self._replay, inbox))
        return running

    async def _connected(self) -> broker.SummitClient | None:
        """A connection, however long the server is away; none if the process is to stop before."""
        while not self._stopping.is_set():
            connecting = asyncio.create_task(
                broker.connect(
                    self.settings.nats_url,
                    service=self.database.service,
                    seed_file=self.settings.nats_seed_file,
                    ca_file=self.settings.nats_ca_file,
                    on_reconnected=self._after_reconnect,
                    on_fault=self._note_broker_fault,
                )
            )
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not connecting.done():
                connecting.cancel()
                await asyncio.gather(connecting, return_exceptions=True)
                return None
            try:
                return connecting.result()
            except Exception as failure:  # noqa: BLE001  # whatever keeps the broker away, it is waited for
                log.warning("nats.unreachable", error=repr(failure))
                await self._pause(0.5)
        return None

    def _note_broker_fault(self, fault: str) -> None:
        self._broker_fault = fault

    def _after_reconnect(self) -> None:
        if self._relay:
            self._relay.reconcile_soon()
        if self._watch:
            self._watch.look_soon()
        for consumer in self.consumers:
            consumer.ask_again()

    async def _replay(self, inbox: Inbox[U], stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            await inbox.replay()
            await self._pause(_HOUSEKEEPING_SECONDS)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)

    async def _database_fault(self) -> str | None:
        async with self.database.engine.connect() as connection:
            theirs: float = (await connection.execute(_THEIR_TIME)).scalar_one()
        apart = time.time() - theirs
        if abs(apart) <= _CLOCKS_APART_SECONDS:
            return None
        how = "ahead of" if apart > 0 else "behind"
        return f"this machine's clock is {abs(apart):.0f} s {how} the database's; set the one that is wrong right (NTP)"

    def _not_connected(self) -> str | None:
        if self._client is not None and self._client.is_connected:
            return None
        return "not connected to NATS" + (f": {self._broker_fault}" if self._broker_fault else "")

    async def _relay_fault(self) -> str | None:
        if fault := self._not_connected():
            return fault
        if self._relay is None or self._relay.silent_for > _SILENCE_SECONDS:
            return "the relay has not come round"
        return self._relay.fault

    async def _stream_fault(self, stream: Stream) -> str | None:
        client = self._client
        if client is None or not client.is_connected:
            return self._not_connected()
        fault = await stream_fault(client, stream)
        return f"stream {stream.value} {fault}; {REMEDY}" if fault else None

    async def _consumer_fault(self, durable: Durable) -> str | None:
        client = self._client
        if client is None or not client.is_connected:
            return self._not_connected()
        if fault := await durable_fault(client, durable):
            return f"durable {durable.stream.value}/{durable.name} {fault}; {REMEDY}"
        silence = next(
            (
                one.silent_for
                for one in self.consumers
                if one.name == f"{durable.stream.value}/{durable.name}"
            ),
            0.0,
        )
        return f"silent for {silence:.0f} s" if silence > _SILENCE_SECONDS else None


def _bound(check: Callable[[T], Awaitable[str | None]], of: T) -> Check:
    async def bound() -> str | None:
        return await check(of)

    return bound


def settle() -> None:
    """What is loaded now is taken to stay: the garbage collector does not look at it again, and looks at the rest more rarely.

    A batch makes some thousands of objects that die together; left alone, the collector took a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
