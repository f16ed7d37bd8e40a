"""Streams and durables are as the code says; to say it again changes nothing, and what is wrong is made right."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from nats.js.api import DiscardPolicy, StorageType, StoreCompression
from nats.js.errors import APIError, ServiceUnavailableError

from summit_chassis import broker
from summit_chassis.provisioner import (
    Durable,
    Storage,
    consumer,
    durable_fault,
    filled,
    lacking_of_sources,
    provision,
    stream_fault,
)
from summit_cli.servers.nats import NatsServer
from summit_contracts.fact import Stream
from summit_testkit.eventually import eventually
from summit_testkit.probe.services import DURABLES

OUTSIDER = Durable(Stream.SUMMIT, "statistics")


@pytest.fixture
async def client(fresh_nats: NatsServer) -> AsyncIterator[broker.SummitClient]:
    client = await broker.connect(fresh_nats.url, service="test")
    yield client
    await broker.close(client)


async def test_everything_is_made_once(client: broker.SummitClient) -> None:
    made = await provision(client, [*DURABLES, OUTSIDER])
    assert len(made) == len(Stream) + 3
    assert await provision(client, [*DURABLES, OUTSIDER]) == []
    assert [await durable_fault(client, durable) for durable in (*DURABLES, OUTSIDER)] == [None] * 3


async def test_streams_keep_what_they_have_and_say_no_when_they_are_full(client: broker.SummitClient) -> None:
    await provision(client, [])
    jetstream = client.jetstream()
    for stream in Stream:
        config = (await jetstream.stream_info(stream.value)).config
        assert config.discard == DiscardPolicy.NEW
        assert config.storage == StorageType.FILE
        assert bool(config.deny_delete) is (stream not in (Stream.PERSONAL, Stream.DEAD))
    personal = (await jetstream.stream_info(Stream.PERSONAL.value)).config
    assert personal.max_age == timedelta(days=400).total_seconds()
    with pytest.raises(APIError):
        await jetstream.purge_stream(Stream.REGISTRATION.value)


async def test_what_somebody_changed_is_changed_back(client: broker.SummitClient) -> None:
    await provision(client, DURABLES)
    jetstream = client.jetstream()
    await jetstream.add_consumer("REGISTRATION", consumer(DURABLES[0]).evolve(max_ack_pending=3))
    assert await durable_fault(client, DURABLES[0]) == "differs in max_ack_pending"
    assert len(await provision(client, DURABLES)) == 1
    assert await durable_fault(client, DURABLES[0]) is None


async def test_a_stream_that_was_changed_by_hand_is_made_right_and_what_was_changed_is_named(
    client: broker.SummitClient,
) -> None:
    await provision(client, [])
    jetstream = client.jetstream()
    history = (await jetstream.stream_info(Stream.SUMMIT.value)).config
    await jetstream.update_stream(history.evolve(sources=(history.sources or [])[:1]))
    personal = (await jetstream.stream_info(Stream.PERSONAL.value)).config
    await jetstream.update_stream(personal.evolve(max_age=0, discard=DiscardPolicy.OLD))
    assert (
        await stream_fault(client, Stream.PERSONAL) == "was changed by hand: discard is old and has to be new"
    )
    assert await stream_fault(client, Stream.REGISTRATION) is None
    assert await provision(client, []) == [
        "stream PERSONAL: discard was old, is new",
        "stream SUMMIT: sources was ['REGISTRATION'], is ['NOTIFICATIONS', 'PLEDGES', 'REGISTRATION', 'SCHEDULING']",
    ]
    assert await provision(client, []) == []
    assert [await stream_fault(client, stream) for stream in Stream] == [None] * len(Stream)


async def test_what_an_operator_chose_for_a_stream_is_no_fault_and_a_missing_one_is(
    client: broker.SummitClient,
) -> None:
    await provision(client, [])
    changes = await provision(client, [], Storage(max_bytes=10**6, personal_retention=timedelta(days=30)))
    size = "max_bytes was 1073741824, is 1000000"
    assert changes == [
        f"stream REGISTRATION: {size}",
        f"stream SCHEDULING: {size}",
        f"stream PLEDGES: {size}",
        f"stream NOTIFICATIONS: {size}",
        f"stream PERSONAL: {size}, max_age was 400 days, is 30 days",
        "stream SUMMIT: max_bytes was 5368709120, is 5000000",
        f"stream DEAD: {size}",
    ]
    assert [await stream_fault(client, stream) for stream in Stream] == [None] * len(Stream)
    assert await provision(client, []) == []
    jetstream = client.jetstream()
    personal = (await jetstream.stream_info(Stream.PERSONAL.value)).config
    await jetstream.update_stream(personal.evolve(discard=DiscardPolicy.OLD))
    assert await provision(client, []) == ["stream PERSONAL: discard was old, is new"]
    personal = (await jetstream.stream_info(Stream.PERSONAL.value)).config
    assert (personal.max_bytes, personal.max_age) == (10**6, timedelta(days=30).total_seconds())
    await client.jetstream().delete_stream(Stream.DEAD.value)
    assert await stream_fault(client, Stream.DEAD) == "missing"


SMALL = 64 * 1024
"""Bytes that a stream may hold here; of a message in it a few dozen are not its payload."""


async def fill(client: broker.SummitClient, owner: str) -> int:
    """The owner's stream is full; how many facts it took."""
    taken = 0
    with contextlib.suppress(ServiceUnavailableError):
        while True:
            await client.jetstream().publish(f"summit.probe.{owner}.x.v1.k", b"x" * 400)
            taken += 1
    return taken


async def test_a_history_that_is_full_says_so_and_holds_all_of_its_sources_once_it_is_as_large_as_they_are(
    client: broker.SummitClient,
) -> None:
    small = Storage(max_bytes=SMALL)
    await provision(client, [], small)
    jetstream = client.jetstream()
    history = (await jetstream.stream_info(Stream.SUMMIT.value)).config
    await jetstream.update_stream(history.evolve(max_bytes=SMALL))  # as an older version made it
    owners = ("registration", "scheduling", "pledges", "notifications")
    told = sum([await fill(client, owner) for owner in owners])

    async def what_it_lacks_is_told() -> None:
        info = await jetstream.stream_info(Stream.SUMMIT.value)
        lacking = lacking_of_sources(info)
        assert told / 2 < lacking <= told - info.state.messages
        assert filled(info) > 0.98
        assert await stream_fault(client, Stream.SUMMIT) == (
            f"is full, and systems outside do not hear {lacking} facts or more until it is larger (`--gibibytes`)"
        )

    await eventually(what_it_lacks_is_told)
    assert await provision(client, [], small) == [f"stream SUMMIT: max_bytes was {SMALL}, is {5 * SMALL}"]

    async def it_has_everything() -> None:
        info = await jetstream.stream_info(Stream.SUMMIT.value)
        assert (info.state.messages, lacking_of_sources(info)) == (told, 0)
        assert await stream_fault(client, Stream.SUMMIT) is None

    await eventually(it_has_everything)


async def test_what_an_operator_chose_besides_stays_when_something_else_is_changed(
    client: broker.SummitClient,
) -> None:
    await provision(client, [])
    jetstream = client.jetstream()
    found = (await jetstream.stream_info(Stream.SUMMIT.value)).config
    chosen = found.evolve(compression=StoreCompression.S2, description="kept for the archive")
    await jetstream.update_stream(chosen)
    assert await provision(client, []) == []
    assert await provision(client, [], Storage(max_bytes=10**6))
    kept = (await jetstream.stream_info(Stream.SUMMIT.value)).config
    assert (kept.compression, kept.description) == (StoreCompression.S2, "kept for the archive")
    assert kept.max_bytes == 5 * 10**6


async def test_more_replicas_than_servers_are_refused_and_change_nothing(client: broker.SummitClient) -> None:
    await provision(client, [])
    with pytest.raises(APIError, match="replicas"):
        await provision(client, [], Storage(replicas=3))
    assert await provision(client, []) == []


async def test_the_history_has_the_public_facts_of_all_owners_and_none_that_reach_a_person(
    client: broker.SummitClient,
) -> None:
    await provision(client, [])
    jetstream = client.jetstream()
    subjects = [
        "summit.probe.registration.x.v1.k",
        "summit.probe.scheduling.x.v1.k",
        "summit.probe.pledges.x.v1.k",
        "summit.probe.notifications.x.v1.k",
        "summit-personal.probe.registration.x.v1.k",
        "dead.registration.REGISTRATION",
    ]
    for subject in subjects:
        await jetstream.publish(subject, b"x")

    async def the_history_has_them() -> None:
        state = (await jetstream.stream_info(Stream.SUMMIT.value)).state
        found = [
            (await jetstream.get_msg(Stream.SUMMIT.value, seq)).subject
            for seq in range(1, state.last_seq + 1)
        ]
        assert sorted(map(str, found)) == sorted(subjects[:4])

    await eventually(the_history_has_them)


async def test_an_outsider_reads_the_history_without_taking_turns(client: broker.SummitClient) -> None:
    await provision(client, [OUTSIDER])
    jetstream = client.jetstream()
    await jetstream.publish("summit.probe.pledges.x.v1.k", b"x")
    subscription = await jetstream.pull_subscribe_bind(OUTSIDER.name, OUTSIDER.stream.value)
    assert len(await subscription.fetch(1, timeout=30)) == 1
