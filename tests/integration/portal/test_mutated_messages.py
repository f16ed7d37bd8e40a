"""Whatever stands on a stream ends: applied, known already, held for its predecessor, or set aside with its reason."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from random import Random

import psutil
import pytest
from sqlalchemy import text

from summit_chassis.arrivals import Incoming
from summit_chassis.ids import new_id
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream
from summit_contracts.testing import golden_messages_of
from summit_testkit.desk import Desk
from summit_testkit.mutated import mutated

MANY = int(os.environ.get("SUMMIT_FUZZ_MESSAGES", "0"))
"""So many, others at each run; without it a few, always the same."""
FEW = 3000
BATCH = 500
EDITION = "uncops-2022"
GOLDEN = [golden_messages_of(fact).minimal for fact in FACTS if fact.STREAM is not Stream.PERSONAL]


def messages(chance: Random, count: int) -> Iterator[Incoming]:
    """One in five as it was meant, one in ten a message that came before; the rest is broken. Each of a summit of its own."""
    before: list[Incoming] = []
    for number in range(1, count + 1):
        event = chance.choice(GOLDEN)
        payload = event.to_json().replace(EDITION.encode(), f"e-{number}".encode())
        payload = payload.replace(event.id.encode(), new_id().encode())
        subject = event.data.subject.replace(EDITION, f"e-{number}")
        fate = chance.random()
        if fate < 0.1 and before:
            yield chance.choice(before)
        elif fate < 0.3:
            before = [*before[-50:], Incoming(Stream.SUMMIT, number, subject, payload, {})]
            yield before[-1]
        else:
            yield Incoming(Stream.SUMMIT, number, subject, mutated(chance, payload), {})


@pytest.mark.timeout(MANY // 50 + 300)
async def test_every_message_ends_somewhere_and_what_is_set_aside_has_its_reason(portal: Desk) -> None:
    seed = Random().randrange(2**32) if MANY else 1
    sys.stdout.write(f"seed {seed}\n")
    ends: Counter[str] = Counter()
    process, early = psutil.Process(), 0
    batch: list[Incoming] = []
    for number, message in enumerate(messages(Random(seed), MANY or FEW), 1):
        batch.append(message)
        if len(batch) == BATCH:
            ends += await ended(portal, batch)
            batch = []
        if number == (MANY or FEW) // 5:
            early = process.memory_info().rss
    ends += await ended(portal, batch)
    assert sum(ends.values()) == (MANY or FEW)
    sys.stdout.write(f"{dict(ends)}\n")
    assert set(ends) <= {"applied", "known", "held", "dead", "parked"}, (
        "parked: waits behind one that is dead"
    )
    assert min(ends["applied"], ends["known"], ends["dead"]) > (MANY or FEW) // 20
    assert await dead_letters(portal) == ends["dead"] + ends["parked"]
    grown = process.memory_info().rss / early
    sys.stdout.write(f"memory is {grown:.2f} times what it was after a fifth\n")
    assert grown < 1.5 or not MANY


async def ended(portal: Desk, batch: list[Incoming]) -> Counter[str]:
    """What became of them; what is to be tried again is."""
    ends: Counter[str] = Counter()
    deliveries = 1
    while batch:
        verdicts = await portal.apply(batch)
        ends += Counter(one.outcome for one in verdicts if one.outcome not in ("retried", "early"))
        again = [
            one
            for one, verdict in zip(batch, verdicts, strict=True)
            if verdict.outcome in ("retried", "early")
        ]
        deliveries += 1
        assert deliveries < 10, again[0]
        batch = [
            Incoming(one.stream, one.seq, one.subject, one.payload, one.headers, deliveries) for one in again
        ]
    return ends


async def dead_letters(portal: Desk) -> int:
    """How many were set aside, each with a reason."""
    async with portal.database.engine.connect() as connection:
        counted = await connection.execute(text("SELECT count(*) FROM dead_letter WHERE length(reason) > 5"))
        return int(counted.scalar_one())
