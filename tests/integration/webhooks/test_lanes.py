"""Receivers are independent: one that hangs costs itself alone, whatever else is due."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_contracts.catalogue import parse_without_subject
from summit_contracts.pledges import PledgeAcknowledged, PledgeMade
from summit_contracts.testing import golden_messages_of
from summit_testkit.desk import Desk
from summit_testkit.eventually import eventually
from summit_testkit.receiver import Receiver
from summit_webhooks.handlers.deliver_due import AT_ONCE
from summit_webhooks.post.guarded import GuardedNetwork

PLEDGES = 30
THREADS_OF_A_LOOP = 32
"""More than any event loop keeps for looking names up."""


@pytest.fixture
def hanging() -> Iterator[list[Receiver]]:
    """Five systems that hear and do not answer."""
    with ExitStack() as stack:
        yield [stack.enter_context(Receiver(hangs=True)) for _ in range(5)]


async def added(webhooks: Desk, name: str, receiver: Receiver) -> None:
    body = {"name": name, "url": receiver.url, "facts": "summit.>", "owner": "rooms@un.example"}
    answer = await webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,))
    assert answer.status_code == 201, answer.text


async def heard(webhooks: Desk, number: int) -> None:
    """A pledge is made and acknowledged: two facts of one aggregate, besides those of others."""
    for kind in (PledgeMade, PledgeAcknowledged):
        fact = golden_messages_of(kind).full.data
        await webhooks.hear(fact.model_copy(update={"pledge_id": f"pledge-{number}"}))


async def standing(webhooks: Desk) -> dict[str, Any]:
    answer = await webhooks.ask("GET", "/webhooks", roles=(Role.ADMIN,))
    return {one["name"]: one for one in answer.json()}


async def test_receivers_that_hang_hold_up_no_other(
    webhooks: Desk, receiver: Receiver, hanging: list[Receiver]
) -> None:
    for number, one in enumerate(hanging):
        await added(webhooks, f"hangs-{number}", one)
    await added(webhooks, "answers", receiver)
    for number in range(PLEDGES):
        await heard(webhooks, number)

    async def all_is_told() -> None:
        found = (await standing(webhooks))["answers"]
        assert (found["delivered"], found["waiting"]) == (2 * PLEDGES, 0)

    await eventually(all_is_told, within=60)
    for number, one in enumerate(hanging):  # not one of their first posts has come to its end
        log = await webhooks.ask("GET", f"/webhooks/hangs-{number}/log", roles=(Role.ADMIN,))
        assert log.json() == []
        await eventually(partial(it_was_posted_to, one))
        assert len(one.received) <= AT_ONCE
        one.answer()


def it_was_posted_to(one: Receiver) -> None:
    assert one.received


async def test_a_receiver_that_was_slow_is_told_everything_in_the_order_of_each_aggregate(
    webhooks: Desk, hanging: list[Receiver]
) -> None:
    slow = hanging[0]
    for number in range(PLEDGES):
        await heard(webhooks, number)
    await added(webhooks, "slow", slow)

    async def is_full() -> None:
        assert len(slow.received) == AT_ONCE

    await eventually(is_full)
    slow.answer()

    async def all_is_told() -> None:
        assert (await standing(webhooks))["slow"]["delivered"] == 2 * PLEDGES

    await eventually(all_is_told, within=60)
    versions: dict[str, list[int]] = {}
    for post in slow.received:
        event = parse_without_subject(post.body)
        versions.setdefault(event.aggregateid, []).append(event.aggregateversion)
    assert list(versions.values()) == [[1, 2]] * PLEDGES


async def test_names_that_nobody_answers_for_keep_no_other_from_being_looked_up(receiver: Receiver) -> None:
    over = threading.Event()

    def look_up(host: str, *rest: Any) -> Any:
        if host.startswith("silent"):
            over.wait()
        return socket.getaddrinfo(host, *rest)

    network = GuardedNetwork(internal=True, look_up=look_up)
    silent = [
        asyncio.ensure_future(network.connect_tcp(f"silent-{number}.un.example", 443))
        for number in range(THREADS_OF_A_LOOP + 1)
    ]
    try:
        port = int(receiver.url.rsplit(":", 1)[1].partition("/")[0])
        stream = await asyncio.wait_for(network.connect_tcp("127.0.0.1", port), timeout=60)
        await stream.aclose()
        assert not any(one.done() for one in silent)
    finally:
        over.set()
        for one in silent:
            one.cancel()
        await asyncio.gather(*silent, return_exceptions=True)
