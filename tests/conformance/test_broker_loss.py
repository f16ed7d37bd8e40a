"""What the broker forgets, the outbox remembers; what it cannot do now, it does later, in order."""

import asyncio
import itertools
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.js.api import ConsumerInfo, DiscardPolicy

from summit_chassis import health, inbox
from summit_chassis.provisioner import GIBIBYTE, Storage, provision
from summit_chassis.subscribers import BATCH
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Stream
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.pipeline import Pipeline, running
from summit_testkit.probe.services import (
    DURABLES,
    HEARER,
    ProbeUnit,
    applied_reasons,
    coded,
    pending,
    publish,
    withdrawn,
    write_facts,
)

pytestmark = pytest.mark.usefixtures("quick_redelivery")


async def readiness(pipeline: Pipeline) -> dict[str, str]:
    """What both services would answer to whom asks whether they can do their work: their faults."""
    checks = {f"{name} of the publisher": check for name, check in pipeline.publisher.checks().items()}
    checks |= {f"{name} of the hearer": check for name, check in pipeline.hearer.checks().items()}
    answers = await asyncio.gather(*(health._answer(check) for check in checks.values()))
    return {name: answer for name, answer in zip(checks, answers, strict=True) if answer}


async def all_is_well(pipeline: Pipeline) -> None:
    assert await readiness(pipeline) == {}


async def test_a_broker_killed_and_restarted_is_used_again_within_seconds_and_at_full_speed(
    pipeline: Pipeline, fresh_nats: NatsServer
) -> None:
    await write_facts(pipeline.source, range(300))
    await pipeline.settled()
    fresh_nats.kill()
    await write_facts(pipeline.source, range(300, 600))
    fresh_nats.restart()
    await eventually(lambda: all_is_well(pipeline))
    for start in range(600, 3600, 200):
        await write_facts(pipeline.source, range(start, start + 200))
    ledger = await pipeline.settled()
    assert len(ledger.applied) == 3600


async def test_a_stream_that_somebody_changed_by_hand_is_named_with_the_remedy(
    pipeline: Pipeline, fresh_nats: NatsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await eventually(lambda: all_is_well(pipeline))
    jetstream = pipeline.client.jetstream()
    found = (await jetstream.stream_info(Stream.REGISTRATION.value)).config
    await jetstream.update_stream(found.evolve(discard=DiscardPolicy.OLD))
    faulty = "was changed by hand: discard is old and has to be new"

    async def it_is_named() -> None:
        told = (await readiness(pipeline))["stream REGISTRATION of the publisher"]
        assert told == f"stream REGISTRATION {faulty}; run `summit provision`"

    await eventually(it_is_named)
    fresh_nats.restart()
    logged: list[str] = []

    async def is_logged() -> None:
        logged.extend(capsys.readouterr())
        assert faulty in "".join(logged)

    await eventually(is_logged)
    await eventually(lambda: provision(pipeline.client, DURABLES))  # it may not be connected again yet
    await eventually(lambda: all_is_well(pipeline))


async def test_a_slow_hearer_is_given_no_more_than_it_can_hold_and_holds_up_no_publisher(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "HANDLER_SECONDS", 120)  # it is slow, and blamed for nothing
    may_go_on = asyncio.Event()
    under_way = 0

    async def slow(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        nonlocal under_way
        under_way = (await as_the_server_counts()).num_ack_pending or 0
        await may_go_on.wait()
        unit.note(event, event.data.reason)

    async def as_the_server_counts() -> ConsumerInfo:
        found: ConsumerInfo = await pipeline.client.jetstream().consumer_info(
            Stream.REGISTRATION.value, HEARER.value
        )
        return found

    monkeypatch.setitem(pipeline.hearer.subscribers._handlers, DelegationWithdrawn.TYPE, slow)
    await write_facts(pipeline.source, range(3 * BATCH))
    await eventually(lambda: all_is_published(pipeline))

    async def it_is_slow() -> None:
        assert under_way

    await eventually(it_is_slow)
    held = await as_the_server_counts()
    assert (held.num_ack_pending or 0) <= 2 * BATCH
    assert (held.num_ack_pending or 0) + (held.num_pending or 0) == 3 * BATCH
    may_go_on.set()
    ledger = await pipeline.settled()
    assert len(ledger.applied) == 3 * BATCH


async def all_is_published(pipeline: Pipeline) -> None:
    assert await pending(pipeline.source) == 0


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_broker_that_is_away_for_ten_minutes_is_found_again(
    pipeline: Pipeline, fresh_nats: NatsServer
) -> None:
    fresh_nats.kill()
    back_at = time.monotonic() + 600
    numbers = itertools.count()

    async def ten_minutes_are_over() -> None:
        await write_facts(pipeline.source, [next(numbers)])
        assert time.monotonic() > back_at

    await eventually(ten_minutes_are_over, within=700)
    fresh_nats.restart()
    ledger = await pipeline.settled()
    assert len(ledger.applied) == next(numbers)


async def test_a_broker_paused_for_six_seconds_loses_nothing(
    pipeline: Pipeline, fresh_nats: NatsServer
) -> None:
    await write_facts(pipeline.source, range(100))
    fresh_nats.pause()
    try:
        await write_facts(pipeline.source, range(100, 200))

        async def it_is_noticed() -> None:
            assert "consumer REGISTRATION of the hearer" in await readiness(pipeline)

        await eventually(it_is_noticed)
    finally:
        fresh_nats.resume()
    await write_facts(pipeline.source, range(200, 300))
    await pipeline.settled()
    await eventually(lambda: all_is_well(pipeline))


@pytest.fixture
def store(fresh_nats: NatsServer) -> Path:
    """Where the broker keeps its streams."""
    return fresh_nats.log.parent / "jetstream"


async def test_a_broker_that_lost_its_tail_is_given_it_again(
    pipeline: Pipeline, fresh_nats: NatsServer, store: Path, tmp_path: Path
) -> None:
    await write_facts(pipeline.source, range(300))
    await pipeline.settled()
    fresh_nats.stop()
    shutil.copytree(store, tmp_path / "backup")
    fresh_nats.restart()
    await write_facts(pipeline.source, range(300, 450))
    await publish(pipeline.source, coded("after the backup"))
    await pipeline.settled()

    fresh_nats.kill()
    shutil.rmtree(store)
    shutil.copytree(tmp_path / "backup", store)
    await write_facts(pipeline.source, range(450, 500))
    fresh_nats.restart()
    ledger = await pipeline.settled()
    assert len(ledger.stored) == len(ledger.applied) == 501


async def test_a_stream_deleted_and_provisioned_again_is_filled_from_the_outbox(pipeline: Pipeline) -> None:
    await write_facts(pipeline.source, range(50))
    await pipeline.settled()
    await publish(pipeline.source, coded("personal"))
    await pipeline.settled()
    await pipeline.client.jetstream().delete_stream(Stream.REGISTRATION.value)
    await write_facts(pipeline.source, range(50, 80))
    await publish(pipeline.source, coded("the other stream goes on"))

    async def only_the_other_stream_goes_on() -> None:
        assert (await applied_reasons(pipeline.sink))[50:] == ["personal", "the other stream goes on"]
        faults = await readiness(pipeline)
        assert "REGISTRATION" in faults["relay of the publisher"]
        assert "missing" in faults["consumer REGISTRATION of the hearer"]

    await eventually(only_the_other_stream_goes_on)
    assert await provision(pipeline.client, DURABLES)
    ledger = await pipeline.settled()
    assert len(ledger.stored) == 82
    await eventually(lambda: all_is_well(pipeline))


async def test_a_durable_deleted_and_provisioned_again_hears_everything_and_applies_the_rest(
    pipeline: Pipeline,
) -> None:
    await write_facts(pipeline.source, range(50))
    await pipeline.settled()
    await pipeline.client.jetstream().delete_consumer(Stream.REGISTRATION.value, HEARER.value)
    await write_facts(pipeline.source, range(50, 80))

    async def readiness_says_so() -> None:
        fault = (await readiness(pipeline))["consumer REGISTRATION of the hearer"]
        assert fault == f"durable REGISTRATION/{HEARER.value} missing; run `summit provision`"

    await eventually(readiness_says_so)
    await provision(pipeline.client, DURABLES)
    ledger = await pipeline.settled()
    assert len(ledger.applied) == 80


@pytest.fixture
async def small_pipeline(databases: Databases, fresh_nats: NatsServer) -> AsyncIterator[Pipeline]:
    """Its streams hold about 150 facts."""
    async with running(
        databases.fresh(), databases.fresh(), fresh_nats.url, storage=Storage(max_bytes=128 * 1024)
    ) as pipeline:
        yield pipeline


async def test_a_full_stream_leaves_facts_in_the_outbox_and_takes_them_in_order_when_it_is_larger(
    small_pipeline: Pipeline,
) -> None:
    pipeline = small_pipeline
    for start in range(0, 600, 20):
        await write_facts(pipeline.source, range(start, start + 20))
    await publish(pipeline.source, coded("another stream"))

    async def the_stream_is_full_and_the_relay_says_so() -> None:
        fault = (await readiness(pipeline))["relay of the publisher"]
        assert fault.startswith("REGISTRATION: ")
        assert "maximum bytes exceeded" in fault
        assert "another stream" in await applied_reasons(pipeline.sink)

    await eventually(the_stream_is_full_and_the_relay_says_so)
    waiting = await pending(pipeline.source)
    assert waiting > 100
    await write_facts(pipeline.source, range(600, 620))
    assert await pending(pipeline.source) == waiting + 20

    await provision(pipeline.client, DURABLES)
    assert await pending(pipeline.source) == waiting + 20
    await provision(pipeline.client, DURABLES, Storage(max_bytes=GIBIBYTE))
    ledger = await pipeline.settled()
    assert len(ledger.applied) == 621
    await eventually(lambda: all_is_well(pipeline))


async def test_a_stream_that_acknowledges_nothing_holds_up_no_other(pipeline: Pipeline) -> None:
    """What it stored is known to it when it is asked again, and is not there twice."""
    jetstream = pipeline.client.jetstream()
    personal = (await jetstream.stream_info(Stream.PERSONAL.value)).config
    await jetstream.update_stream(personal.evolve(no_ack=True))
    await publish(pipeline.source, coded("the first"), withdrawn("behind it"))

    async def the_other_goes_on_and_the_relay_names_the_one() -> None:
        assert "behind it" in await applied_reasons(pipeline.sink)
        assert (await readiness(pipeline))["relay of the publisher"].startswith("PERSONAL: ")

    await eventually(the_other_goes_on_and_the_relay_names_the_one)
    await jetstream.update_stream(personal)
    await publish(pipeline.source, coded("the second"))
    await pipeline.settled()
    await pipeline.has_applied("the first", "the second", "behind it")
    await eventually(lambda: all_is_well(pipeline))


_NOTHING_OF_PERSONS = """
authorization { users: [ { user: anybody, password: anybody, permissions: { publish: { deny: DENIED } } } ] }
no_auth_user: anybody
"""


async def reloaded(nats: NatsServer) -> None:
    """The server has read its accounts anew, as its log says."""

    def readings() -> int:
        return nats.log.read_text(encoding="utf-8").count("Reloaded server configuration")

    before = readings()
    nats.reload()

    def it_has() -> None:
        assert readings() > before

    await eventually(it_has)


async def test_a_stream_of_which_nothing_is_heard_holds_up_no_other(
    databases: Databases, server_directory: Path, tmp_path: Path
) -> None:
    accounts = tmp_path / "accounts.conf"
    accounts.write_text(_NOTHING_OF_PERSONS.replace("DENIED", "[]"), encoding="ascii")
    with NatsServer(server_directory / "silent", durable=False, accounts=accounts) as nats:
        async with running(databases.fresh(), databases.fresh(), nats.url) as pipeline:
            await publish(pipeline.source, coded("the first"), withdrawn("1"))
            await pipeline.has_applied("the first", "1")
            denied = '["$JS.API.STREAM.INFO.PERSONAL", "summit.*.personal.>"]'
            accounts.write_text(_NOTHING_OF_PERSONS.replace("DENIED", denied), encoding="ascii")
            await reloaded(nats)
            pipeline.publisher._after_reconnect()
            await publish(pipeline.source, coded("the second"), withdrawn("2"))
            await pipeline.has_applied("the first", "1", "2")
            accounts.write_text(_NOTHING_OF_PERSONS.replace("DENIED", "[]"), encoding="ascii")
            await reloaded(nats)
            await pipeline.has_applied("the first", "1", "2", "the second")
            await pipeline.settled()
