"""Whatever order commits, publishings, deliveries and crashes come in: applied is what was committed, once, in order."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from nats.js.errors import NotFoundError
from sqlalchemy import text

from summit_chassis import broker, relay
from summit_chassis.arrivals import Incoming
from summit_chassis.database import Database, Transaction
from summit_chassis.inbox import Inbox
from summit_chassis.provisioner import provision
from summit_chassis.relay import Relay
from summit_cli.servers.nats import NatsServer
from summit_contracts.fact import Fact, Stream
from summit_testkit.databases import Databases
from summit_testkit.probe.ledger import read_ledger
from summit_testkit.probe.services import CODES, ProbeUnit, applied_rows, hearing, refused, withdrawn

T = TypeVar("T")

_ONE_FACT = st.tuples(st.integers(0, 2), st.booleans())
_FACTS = st.lists(_ONE_FACT, min_size=1, max_size=6)
_CHOICES = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


class Crashed(ConnectionError):
    """The process ended here."""


class CrashingUnit(ProbeUnit):
    """A unit of work whose process may end after everything was written and before it was committed."""

    crashes = False

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        transaction.before_commit(self._crash)

    async def _crash(self) -> None:
        if CrashingUnit.crashes:
            raise Crashed


class World(RuleBasedStateMachine):
    """A publisher, its relay, a stream, and a hearer to whom messages are brought in any order, any number of times."""

    databases: Databases
    template: str
    nats_url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.source = Database(self.databases.fresh(self.template), service="registration", pool=2)
        self.sink = Database(self.databases.fresh(self.template), service="notifications", pool=2)
        self.client = self.run(self._prepare())
        self.relay = Relay(self.source, self.client)
        self.inbox = Inbox(self.sink, hearing(), CrashingUnit)
        self.messages: dict[int, Incoming] = {}
        self.acknowledged: set[int] = set()
        self.said = 0
        CrashingUnit.crashes = False

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    async def _prepare(self) -> broker.SummitClient:
        client = await broker.connect(self.nats_url, service="test")
        for stream in Stream:
            try:
                await client.jetstream().delete_stream(stream.value)
            except NotFoundError:
                continue
        await provision(client, [])
        return client

    def _facts(self, chosen: Sequence[tuple[int, bool]]) -> list[Fact]:
        self.said += len(chosen)
        return [
            withdrawn(f"{self.said}-{place}", CODES[aggregate])
            if is_heard
            else refused(f"{self.said}-{place}", CODES[aggregate])
            for place, (aggregate, is_heard) in enumerate(chosen)
        ]

    @rule(chosen=_FACTS)
    def commit(self, chosen: list[tuple[int, bool]]) -> None:
        async def work() -> None:
            async with self.source.transaction() as transaction:
                transaction.stage(*self._facts(chosen))

        self.run(work())

    @rule(chosen=_FACTS)
    def roll_back(self, chosen: list[tuple[int, bool]]) -> None:
        async def work() -> None:
            async with self.source.transaction() as transaction:
                transaction.stage(*self._facts(chosen))
                await transaction.write()
                raise Crashed

        with pytest.raises(Crashed):
            self.run(work())

    @rule()
    def relay_what_is_there(self) -> None:
        self.run(self.relay.relay_once())
        self.run(self._look())

    @rule(stops_short=st.booleans())
    def crash_between_publishing_and_mark(self, *, stops_short: bool) -> None:
        async def crashing(client: Any, stream: str, messages: Sequence[Any], **options: Any) -> Any:
            some = messages[: len(messages) // 2 or 1] if stops_short else messages
            await broker.publish(client, stream, some, **options)
            raise Crashed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(relay, "publish", crashing)
            with suppress(Crashed):
                self.run(self.relay.relay_once())
        self.relay = Relay(self.source, self.client)
        self.run(self._look())

    async def _look(self) -> None:
        jetstream = self.client.jetstream()
        last = (await jetstream.stream_info(Stream.REGISTRATION.value)).state.last_seq
        for seq in range(len(self.messages) + 1, last + 1):
            raw = await jetstream.get_msg(Stream.REGISTRATION.value, seq)
            self.messages[seq] = Incoming(
                "REGISTRATION", seq, raw.subject or "", raw.data or b"", raw.headers or {}
            )

    @precondition(lambda self: self.messages)
    @rule(choices=_CHOICES, crashes=st.booleans())
    def deliver_in_any_order(self, choices: list[int], *, crashes: bool) -> None:
        self.run(self._deliver([choice % len(self.messages) + 1 for choice in choices], crashes=crashes))

    @precondition(lambda self: self.messages)
    @rule()
    def deliver_what_is_not_acknowledged(self) -> None:
        self.run(self._deliver(sorted(self.messages.keys() - self.acknowledged)))

    @precondition(lambda self: self.messages)
    @rule()
    def forget_the_inbox(self) -> None:
        async def work() -> None:
            async with self.sink.engine.begin() as connection:
                await connection.execute(text("DELETE FROM inbox"))

        self.run(work())

    async def _deliver(self, seqs: Sequence[int], *, crashes: bool = False) -> None:
        if not seqs:
            return
        CrashingUnit.crashes = crashes
        try:
            verdicts = await self.inbox.apply([self.messages[seq] for seq in seqs])
        except Crashed:
            return
        finally:
            CrashingUnit.crashes = False
        self.acknowledged |= {
            seq for seq, verdict in zip(seqs, verdicts, strict=True) if verdict.delay is None
        }

    @invariant()
    def applied_in_order_and_once(self) -> None:
        versions: dict[str, list[int]] = defaultdict(list)
        for _, aggregate, version, _ in self.run(applied_rows(self.sink)):
            versions[aggregate].append(version)
        for aggregate, found in versions.items():
            assert found == sorted(set(found)), f"{aggregate}: {found}"

    def teardown(self) -> None:
        async def finish() -> None:
            while await self.relay.relay_once():
                pass
            await Relay(self.sink, self.client).relay_once()
            await self._look()
            await self._deliver(sorted(self.messages.keys() - self.acknowledged))
            await Relay(self.sink, self.client).relay_once()
            assert self.acknowledged == self.messages.keys()
            (await read_ledger(self.source, self.sink, self.client)).must_balance()

        try:
            self.run(finish())
        finally:
            self.run(self._leave())
            self.runner.close()

    async def _leave(self) -> None:
        await broker.close(self.client)
        await self.source.dispose()
        await self.sink.dispose()


def test_applied_is_what_was_committed_once_and_in_order(
    databases: Databases, probe_template: str, fresh_nats: NatsServer
) -> None:
    world = type(
        "World", (World,), {"databases": databases, "template": probe_template, "nats_url": fresh_nats.url}
    )
    run_state_machine_as_test(
        world,
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
