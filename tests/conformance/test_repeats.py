"""Whatever comes twice takes effect once, however long ago it was."""

from sqlalchemy import text

from summit_contracts.fact import Stream
from summit_testkit.eventually import eventually
from summit_testkit.probe.pipeline import Pipeline
from summit_testkit.probe.services import HEARER, applied_reasons, publish, withdrawn, write_facts


async def everything_again(pipeline: Pipeline) -> int:
    """Every message of the stream once more, under another id, so that the broker takes it for new; how many."""
    jetstream = pipeline.client.jetstream()
    state = (await jetstream.stream_info(Stream.REGISTRATION.value)).state
    for seq in range(state.first_seq, state.last_seq + 1):
        message = await jetstream.get_msg(Stream.REGISTRATION.value, seq)
        headers = {"content-type": (message.headers or {})["content-type"], "Nats-Msg-Id": f"again-{seq}"}
        await jetstream.publish(message.subject or "", message.data or b"", headers=headers)
    return state.last_seq


async def all_is_heard(pipeline: Pipeline) -> None:
    found = await pipeline.client.jetstream().consumer_info(Stream.REGISTRATION.value, HEARER.value)
    assert (found.num_pending, found.num_ack_pending) == (0, 0)


async def test_what_is_delivered_again_takes_effect_once(pipeline: Pipeline) -> None:
    await write_facts(pipeline.source, range(60))
    ledger = await pipeline.settled()
    assert await everything_again(pipeline) == 60
    await eventually(lambda: all_is_heard(pipeline))
    assert await applied_reasons(pipeline.sink) == [*map(str, range(60))]
    assert len(ledger.applied) == 60


async def test_what_the_inbox_has_forgotten_is_still_known_by_its_version(pipeline: Pipeline) -> None:
    await write_facts(pipeline.source, range(60))
    await pipeline.settled()
    async with pipeline.sink.engine.begin() as connection:
        await connection.execute(text("DELETE FROM inbox"))
    await everything_again(pipeline)
    await eventually(lambda: all_is_heard(pipeline))
    await write_facts(pipeline.source, range(60, 70))

    async def only_what_is_new_was_added() -> None:
        assert await applied_reasons(pipeline.sink) == [*map(str, range(70))]

    await eventually(only_what_is_new_was_added)


async def test_what_is_marked_as_unpublished_by_mistake_is_not_stored_twice(pipeline: Pipeline) -> None:
    await write_facts(pipeline.source, range(60))
    await pipeline.settled()
    async with pipeline.source.engine.begin() as connection:
        await connection.execute(text("UPDATE outbox SET pub_seq = NULL WHERE seq % 3 = 0"))
    await publish(pipeline.source, withdrawn("60"))
    ledger = await pipeline.settled()
    assert len(ledger.stored) == 61


async def test_a_message_stored_by_somebody_else_does_not_stop_the_relay(pipeline: Pipeline) -> None:
    await write_facts(pipeline.source, range(10))
    await pipeline.settled()
    await pipeline.client.jetstream().publish("summit.probe.registration.planted.v1.AA", b"not ours")
    await write_facts(pipeline.source, range(10, 20))
    await pipeline.has_applied(*map(str, range(20)))
    await pipeline.has_set_aside("dead")
