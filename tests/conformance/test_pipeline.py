"""Committed on one side, in effect on the other: once, in order."""

import pytest

from summit_contracts.fact import Stream
from summit_testkit.probe.pipeline import Pipeline
from summit_testkit.probe.services import publish, withdrawn, write_facts


async def test_everything_committed_takes_effect_once_and_in_order(pipeline: Pipeline) -> None:
    for start in range(0, 1000, 100):
        await write_facts(pipeline.source, range(start, start + 100))
    ledger = await pipeline.settled()
    assert len(ledger.applied) == 1000
    assert len(ledger.answers_stored) == 1000


async def test_a_rolled_back_transaction_publishes_nothing(pipeline: Pipeline) -> None:
    async def stage_and_fail() -> None:
        async with pipeline.source.transaction() as transaction:
            transaction.stage(withdrawn("changed"))
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await stage_and_fail()
    await publish(pipeline.source, withdrawn("stayed"))
    await pipeline.has_applied("stayed")
    assert (await pipeline.client.jetstream().stream_info(Stream.REGISTRATION.value)).state.messages == 1
