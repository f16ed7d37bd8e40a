"""No loop of a service ends for good: whatever ends one, the others go on, and it begins anew."""

import asyncio
from typing import Any

import pytest

from summit_chassis.consumer import Consumer
from summit_chassis.fitness import Fitness
from summit_chassis.housekeeping import Housekeeping
from summit_chassis.inbox import Inbox
from summit_chassis.pulling import Delivery, Pull
from summit_chassis.relay import Relay
from summit_chassis.watching import StreamWatch
from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.pipeline import running
from summit_testkit.probe.services import write_facts

pytestmark = pytest.mark.usefixtures("quick_redelivery")

LOOPS: list[tuple[type[Any], str]] = [
    (Fitness, "watch"),
    (Housekeeping, "run"),
    (Relay, "run"),
    (StreamWatch, "run"),
    (Consumer, "run"),
    (Inbox, "replay"),
]
ENDS: list[type[BaseException]] = [RuntimeError, asyncio.CancelledError]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize(("kind", "loop"), LOOPS, ids=[kind.__name__ for kind, _ in LOOPS])
async def test_a_loop_that_ends_begins_anew_and_holds_up_nobody(
    kind: type[Any],
    loop: str,
    end: type[BaseException],
    databases: Databases,
    fresh_nats: NatsServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = getattr(kind, loop)
    ended: list[object] = []
    begun_anew: list[object] = []

    async def ends_at_first(one: object, *told: asyncio.Event) -> None:
        if not any(one is before for before in ended):
            ended.append(one)
            raise end("ended for no reason that anybody foresaw")
        begun_anew.append(one)
        await whole(one, *told)

    monkeypatch.setattr(kind, loop, ends_at_first)
    async with running(databases.fresh(), databases.fresh(), fresh_nats.url) as pipeline:
        await write_facts(pipeline.source, range(20))
        await pipeline.settled()

        def all_began_anew() -> None:
            assert ended
            assert all(any(one is again for again in begun_anew) for one in ended)

        await eventually(all_began_anew)


async def test_a_consumer_that_begins_anew_has_one_subscription_and_leaves_none_behind(
    databases: Databases, fresh_nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Pull.next_batch
    ended: list[Pull] = []
    goes_on: list[Pull] = []

    async def ends_once(pull: Pull, patience: float) -> list[Delivery]:
        if pull not in ended:
            ended.append(pull)
            raise asyncio.CancelledError("ended by something that it waited for")
        goes_on.append(pull)
        return await whole(pull, patience)

    async with running(databases.fresh(), databases.fresh(), fresh_nats.url) as pipeline:
        await write_facts(pipeline.source, range(20))
        await pipeline.settled()
        client = pipeline.hearer._client
        assert client is not None
        before = len(client._subs)
        monkeypatch.setattr(Pull, "next_batch", ends_once)

        def both_began_anew() -> None:
            assert len(ended) == len(pipeline.hearer.consumers) == len({id(pull) for pull in goes_on})

        await eventually(both_began_anew)
        assert len(client._subs) == before
        await write_facts(pipeline.source, range(20, 40))
        await pipeline.settled()
